# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role with a real OBProxy, if OBPROXY_RPM names its package. Only documented variables differ."""

import pytest

from tests.lab import lab as labs
from tests.lab.repository import real_package

from .hosts import LAB, OF_REAL, REAL, Host, wait_for

pytestmark = REAL


@pytest.fixture(scope="module")
def real():
    """A host without OBProxy whose repository has the real package."""
    found = labs.up(f"{LAB}-real", count=1, simulator=False, packages="real")
    yield Host(found["hosts"][0], found["inventory"])
    labs.down(f"{LAB}-real")


@pytest.fixture(scope="module")
def variables():
    return {"obproxy_package_version": real_package()["version"], **OF_REAL}


def test_check_mode_passes(real, variables):
    real.role("--check", "--diff", **variables).ok()
    assert real.untouched()


def test_it_comes_up_answers_and_is_left_alone_by_a_second_run(real, variables):
    real.role(**variables).ok()
    obproxy = real.info(proxysys_password="not-the-one")
    assert obproxy["readiness"]["ready"]
    (proxy,) = (process for process in obproxy["processes"] if process["kind"] == "proxy")
    assert proxy["user"] == "admin"
    assert proxy["executable"] == proxy["home"] + "/bin/obproxy"
    assert proxy["ports"][:2] == [2883, 2884]
    assert proxy["start_mode"] == "rs_list"
    assert obproxy["login"]["outcome"] == "denied"
    before = real.processes()
    assert real.role(**variables).ok().count("changed") == 0
    assert real.processes() == before


def test_settings_and_passwords_are_set_in_it(real, variables):
    wanted = {
        **variables,
        "obproxy_extra_options": {"proxy_mem_limited": "3G", "enable_qos": False},
        "obproxy_proxysys_password": "geheim",
        "obproxy_observer_password": "beobachter",
    }
    before = real.processes()
    assert real.role(**wanted).ok().count("changed") == 1
    assert real.info(proxysys_password="geheim")["login"]["outcome"] == "ok"
    assert real.role(**wanted).ok().count("changed") == 0
    assert real.processes() == before
    message = real.role(**{**wanted, "obproxy_extra_options": {"proxy_mem_limit": "3G"}}).message()
    assert "no setting 'proxy_mem_limit' (did you mean proxy_mem_limited" in message
    message = real.role(**{**wanted, "obproxy_extra_options": {"proxy_mem_limited": "1M"}}).message()
    assert "proxy_mem_limited cannot be set to '1M': error 4147" in message


def test_it_is_removed_and_systemd_starts_the_next_one_with_the_host(real, variables):
    real.role(**variables, obproxy_state="absent", obproxy_force=True).ok()
    assert real.processes() == []
    assert real.run("rpm -qa 'obproxy*'; ls /opt/taobao/install") == ""

    service = {**variables, "obproxy_service": True}
    real.role(**service).ok()
    assert real.run("systemctl is-active obproxy; systemctl is-enabled obproxy").split() == ["active", "enabled"]
    (pid,) = real.pids()
    real.run(f"kill -9 {pid}")
    wait_for(lambda: real.pids() not in ([], [pid]) and real.info()["readiness"]["ready"], seconds=60)
    assert real.role(**service).ok().count("changed") == 0


def test_the_config_url_mode_comes_up_on_other_ports(real, variables):
    real.fresh()
    url = "http://10.1.1.1:8080/services?Action=GetObProxyConfig&User_ID=alibaba&UID=x&ObproxyClusterName=demo"
    real.role(
        **variables,
        obproxy_config_url=url,
        obproxy_rs_list=[],
        obproxy_ob_cluster="",
        obproxy_sql_port=3883,
        obproxy_exporter_port=3884,
    ).ok()
    (proxy,) = (process for process in real.info(sql_port=3883)["processes"] if process["kind"] == "proxy")
    assert (proxy["start_mode"], proxy["ports"][:2]) == ("config_url", [3883, 3884])


def test_a_proxy_started_by_hand_without_arguments_is_known_by_what_it_has_saved(real):
    """Use the host as the previous test has left it."""
    real.run("pkill -x obproxyd.sh; pkill -x obproxy; while pgrep -x obproxy; do sleep 0.2; done", check=False)
    real.run("cd /opt/taobao/install/obproxy; runuser -u admin ./bin/obproxy")
    wait_for(lambda: real.info(sql_port=3883)["readiness"]["ready"])
    obproxy = real.info(sql_port=3883)
    (proxy,) = obproxy["processes"]
    assert (proxy["start_mode"], proxy["sql_port"], proxy["prometheus_port"]) == ("config_url", 3883, 3884)
    assert proxy["config_url"].endswith("ObproxyClusterName=demo")
    assert (proxy["started_by"], proxy["daemon"], proxy["options"]) == ("hand", None, {})
    assert obproxy["takeover_blockers"] == []


def test_a_start_that_fails_ends_the_wait_with_its_own_verdict(real, variables):
    real.fresh()
    message = real.role(**variables, obproxy_extra_options={"proxy_mem_limited": "1M"}).message()
    assert "the start failed" in message or "keeps restarting the proxy" in message
    assert "It has been stopped again" in message
    assert real.pids("obproxyd.sh") == []
