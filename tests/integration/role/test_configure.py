# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings and passwords of a running proxy, set over its own protocol. Passwords are shown nowhere."""

import hashlib
import re

import pymysql
import pytest
import yaml

from .hosts import HOME, ROOT

RETURN = re.search('RETURN = r"""(.*?)"""', (ROOT / "plugins/modules/obproxy_config.py").read_text(), re.DOTALL).group(
    1
)
SECRET, OBSERVER = "geheim-4711", "beobachter-0815"


@pytest.fixture
def running(stopped_host):
    """A host with a running proxy that has no password and no changed settings."""
    stopped_host.role().ok()
    return stopped_host


def shown(host, password=""):
    """Return the proxy's settings as read by a client other than the collection's."""
    with pymysql.connect(host=host.address, port=2883, user="root@proxysys", password=password) as connection:
        cursor = connection.cursor()
        cursor.execute("SHOW PROXYCONFIG")
        return {row[0]: row[1] for row in cursor.fetchall()}


def test_settings_and_passwords_are_set_once_and_the_passwords_are_nowhere(running):
    wanted = {
        "obproxy_extra_options": {"proxy_mem_limited": "3G", "enable_client_ssl": True, "work_thread_num": 16},
        "obproxy_proxysys_password": SECRET,
        "obproxy_observer_password": OBSERVER,
    }
    before = running.processes()
    check = running.role("--check", "--diff", **wanted).ok()
    assert check.count("changed") == 1
    assert shown(running)["obproxy_sys_password"] == ""

    run = running.role("-vvvv", "--diff", **wanted).ok()
    assert run.count("changed") == 1
    assert "+proxy_mem_limited: 3G" in run.output
    assert "work_thread_num (obproxy_extra_options) changed. This takes effect after a restart" in run.output
    now = shown(running, SECRET)
    assert (now["proxy_mem_limited"], now["enable_client_ssl"]) == ("3G", "True")
    assert now["observer_sys_password"] == hashlib.sha1(OBSERVER.encode()).hexdigest()

    assert running.role("-vvvv", "--diff", **wanted).ok().count("changed") == 0
    assert running.processes() == before
    for place in (check.output, run.output, running.run("ps -ef; cat /home/admin/logs/obproxy/log/*.log")):
        assert SECRET not in place
        assert OBSERVER not in place


def test_a_password_that_is_as_wanted_costs_nothing_and_another_is_changed_over_the_old_one(running):
    running.role(obproxy_proxysys_password=SECRET).ok()
    run = running.role("-vvv", obproxy_proxysys_password=SECRET).ok()
    # One check, and another one only if the proxy has been up for less than 10 s (SETTLED_SECONDS).
    assert run.modules() in (["obproxy_info"], ["obproxy_info"] * 2)
    running.role(obproxy_proxysys_password="another", obproxy_proxysys_password_old=SECRET).ok()
    assert shown(running, "another")
    # The phase obproxy_verify only checks the password. A run with all phases tries to set it.
    refused = running.role("--tags", "obproxy_verify", obproxy_proxysys_password="third").message()
    assert "root@proxysys cannot log in with obproxy_proxysys_password on port 2883: error 1045" in refused
    refused = running.role(obproxy_proxysys_password="third", obproxy_proxysys_password_old="wrong").message()
    assert f"{running.name}: OBProxy on port 2883: root@proxysys cannot log in with any of the passwords" in refused
    assert "obproxy_proxysys_password_old (the current password of the proxy" in refused
    # With obproxy_configure: false, the password is left to OCP.
    assert running.role(obproxy_proxysys_password="third", obproxy_configure=False).ok().count("changed") == 0


def test_the_module_returns_what_it_documents(proxy_host):
    given = {"settings": {"proxy_mem_limited": "5G"}, "proxysys_password": SECRET}
    result = proxy_host.module("obproxy_config", "--check", **given)
    documented = yaml.safe_load(RETURN)
    assert set(documented) <= set(result)
    assert result["settings"] == [{"name": "proxy_mem_limited", "before": "2G", "after": "5G"}]
    assert set(result["settings"][0]) == set(documented["settings"]["contains"])
    assert (result["passwords"], result["needs_restart"]) == (["obproxy_sys_password"], [])


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"proxy_mem_limit": "3G"}, "no setting 'proxy_mem_limit' (did you mean proxy_mem_limited?)"),
        ({"frobnicate": "1"}, "no setting 'frobnicate'"),
        ({"proxy_mem_limited": "1M"}, "proxy_mem_limited cannot be set to '1M': error 4147: Invalid config"),
    ],
)
def test_a_setting_that_cannot_be_is_named(proxy_host, options, told):
    message = proxy_host.role(obproxy_extra_options=options).message()
    assert told in message
    assert f"{proxy_host.name}: OBProxy on port 2883" in message


def test_an_option_that_the_proxy_passes_over_at_its_start_is_noticed(stopped_host):
    assert "no setting 'frobnicate'" in stopped_host.role(obproxy_extra_options={"frobnicate": "1"}).message()
    assert stopped_host.info()["readiness"]["ready"]


def test_without_anything_to_set_the_phase_looks_at_nothing(proxy_host):
    run = proxy_host.role("--tags", "obproxy_configure", "-vvv").ok()
    assert run.count("changed") == 0
    assert "obproxy_config" not in run.modules()
    assert proxy_host.run(f"ls {HOME}/etc/obproxy_config.bin")


def test_settings_that_do_not_survive_a_restart_are_reported(running):
    given = {"listen_port": 3883, "proxy_mem_limited": "3G"}
    # An ad hoc command prints warnings but does not return them.
    assert "every start of OBProxy passes its own value" in running.printed("obproxy_config", "--check", settings=given)
    result = running.module("obproxy_config", settings=given)
    assert result["overridden_at_start"] == ["listen_port"]
    assert result["overridden_by_obproxyd"] == ["proxy_mem_limited"]
    assert result["needs_restart"] == ["listen_port"]
