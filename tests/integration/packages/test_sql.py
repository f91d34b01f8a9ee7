# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SQL port of the stand-in, as clients see it."""

import pytest

from .proxy import OPTIONS, ROOT_SERVERS

MARIADB = ["mariadb", "--host=127.0.0.1", "--port=2883", "--user=root@proxysys", "--batch", "--skip-column-names"]


@pytest.fixture
def serving(proxy):
    proxy.start()
    assert proxy.settle()
    return proxy


def test_pymysql_logs_in_and_reads_the_settings(serving):
    answer = serving.query("SHOW PROXYCONFIG LIKE 'listen_port'")
    assert [row[:2] for row in answer["rows"]] == [["listen_port", "2883"]]


def test_pymysql_reads_the_real_version(serving):
    ((name, info),) = serving.query("SHOW PROXYINFO BINARY")["rows"]
    assert name == "binary info"
    assert info.startswith("ObProxy-OceanBase 1.9.1.1-1919579\n")


def test_pymysql_gets_1045_for_a_wrong_password(serving):
    answer = serving.query("SHOW PROXYCONFIG", password="wrong")
    assert answer["error"] == "OperationalError"
    assert "1045" in answer["text"]


def test_a_select_fails_on_a_healthy_proxy(serving):
    assert "error" in serving.query("SELECT 1")
    assert "error" in serving.query("SELECT VERSION()")


def test_what_it_does_not_know_is_error_5010(serving):
    assert "5010" in serving.query("USE test")["text"]


def test_the_mariadb_client_logs_in_and_reads_the_settings(serving):
    output = serving.host.check(*MARIADB, "-e", "SHOW PROXYCONFIG LIKE 'app_name'")
    assert output.split("\t")[:2] == ["app_name", "demo"]


def test_the_mariadb_client_calls_the_answer_to_a_select_malformed(serving):
    result = serving.host.run(*MARIADB, "-e", "SELECT 1")
    assert result.returncode == 1
    assert "malformed packet" in result.stderr.lower()


def test_a_password_is_set_in_plain_text_kept_as_sha1_and_lasts(serving):
    assert serving.query("ALTER PROXYCONFIG SET obproxy_sys_password='secret'") == {"rows": []}
    ((_, kept, *_),) = serving.query("SHOW PROXYCONFIG LIKE 'obproxy_sys_password'", password="secret")["rows"]
    assert kept == "e5e9fa1ba31ecd1ae84f75caaa474f3a663f05f4"
    serving.host.run("pkill", "-9", "-x", "obproxy")
    serving.host.check("truncate", "--size=0", f"{serving.home}/log/obproxy.log")
    serving.start()
    assert serving.settle()
    assert "1045" in serving.query("SHOW PROXYCONFIG")["text"]
    assert "rows" in serving.query("SHOW PROXYCONFIG", password="secret")


def test_a_plain_password_on_the_command_line_locks_everybody_out(proxy):
    proxy.start(*ROOT_SERVERS, "-o", OPTIONS + ",obproxy_sys_password=secret")
    assert proxy.settle()
    assert "1045" in proxy.query("SHOW PROXYCONFIG", password="secret")["text"]
    assert "1045" in proxy.query("SHOW PROXYCONFIG")["text"]


def test_a_tenant_s_login_is_cut_off_without_an_observer(serving):
    assert "2013" in serving.query("SELECT 1", user="root@sys")["text"]
    assert "4669" in serving.query("SELECT 1", user="root@sys#no_such")["text"]


def test_the_difference_is_what_has_another_value_than_its_default(serving):
    names = {row[0] for row in serving.query("SHOW PROXYCONFIG DIFF")["rows"]}
    assert "syslog_level" not in names
    serving.query("ALTER PROXYCONFIG SET syslog_level='INFO'")
    rows = {row[0]: row[1] for row in serving.query("SHOW PROXYCONFIG DIFF")["rows"]}
    assert rows["syslog_level"] == "INFO"
    assert set(rows) == names | {"syslog_level"}
