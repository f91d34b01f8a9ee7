# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._host import start as starting
from ansible_collections.obops.oceanbase.plugins.module_utils._host.start import StartError, Wanted, start

from .fake_machine import NEW, OLD, FakeMachine, row

WANTED = {"prometheus_listen_port": "2884"}


def wanted(**more):
    return Wanted(NEW, "4.2.3.0-20240101", WANTED, **more)


def test_a_start_is_done_when_the_wanted_proxy_answers():
    machine = FakeMachine()
    machine.tables[7, "SHOW PROXYINFO BINARY"] = [row("binary info", None)]
    machine.tables[7, "SHOW PROXYINFO BINARY"][0]["info"] = "ObProxy-OceanBase 4.2.3.0-1.lab\nversion:RELEASE_UNKNOWN"
    done = start(machine, wanted())
    assert (done["readiness"]["pid"], done["version"]) == (7, "4.2.3.0")
    assert machine.done == [("launch", NEW)]


def test_with_a_unit_systemd_starts_and_stops_it():
    machine = FakeMachine()
    start(machine, wanted(unit="obproxy.service"))
    assert machine.done == [("systemctl", "start", "obproxy.service")]
    machine.answers_from = OLD
    with pytest.raises(StartError):
        start(machine, wanted(unit="obproxy.service"))
    assert ("systemctl", "stop", "obproxy.service") in machine.done


def test_a_second_launch_without_the_options_is_not_the_wanted_proxy_and_is_stopped():
    machine = FakeMachine()
    machine.arguments = ["-p", "2883", "-o", "obproxy_config_server_url="]
    with pytest.raises(StartError, match="process 7 answers but is not the wanted one") as raised:
        start(machine, wanted())
    assert "prometheus_listen_port is not given, wanted '2884'" in str(raised.value)
    assert "first launch only" in str(raised.value)
    assert raised.value.readiness["logs"][0]["lines"] == ["first launch: invalid config"]
    # The next launch must not start from the settings that the launch without the options has saved.
    assert machine.done[1:] == [("stop", NEW), ("forget next start", NEW), ("forget saved", NEW)]


def test_a_second_launch_that_has_the_options_from_what_the_first_one_saved_is_the_wanted_proxy():
    machine = FakeMachine()
    machine.arguments = ["-p", "2883", "-o", "obproxy_config_server_url="]
    machine.saved_settings[NEW] = {"prometheus_listen_port": "2884"}
    assert start(machine, wanted())["readiness"]["pid"] == 7


def test_a_proxy_of_another_installation_is_not_the_wanted_one():
    machine = FakeMachine()
    machine.answers_from = OLD
    with pytest.raises(StartError, match=f"it runs from {OLD}, but {NEW} should have been started"):
        start(machine, wanted())


def test_a_proxy_that_names_another_version_is_not_the_wanted_one():
    machine = FakeMachine()
    machine.tables[7, "SHOW PROXYINFO BINARY"] = [{"name": "binary info", "info": "ObProxy-OceanBase 3.2.3.5-2"}]
    with pytest.raises(
        StartError, match=r"it is OBProxy 3\.2\.3\.5 .* but 4\.2\.3\.0-20240101 should have been started"
    ):
        start(machine, wanted())


def test_the_version_is_unknown_if_no_login_is_accepted():
    machine = FakeMachine()
    machine.denied = True
    assert start(machine, wanted())["version"] is None


def test_settings_that_were_saved_before_a_failed_start_stay():
    machine = FakeMachine()
    machine.saved_homes.add(NEW)
    machine.ready[NEW] = {"ready": False, "message": "nothing listens on port 2883 after 6 s", "logs": []}
    with pytest.raises(StartError, match="nothing listens"):
        start(machine, wanted())
    assert ("forget saved", NEW) not in machine.done


def test_a_failure_shows_the_lines_since_the_start_or_says_that_there_are_none():
    error = StartError("nothing listens on port 2883 after 6 s.", {"logs": []})
    assert starting.failure(error, NEW)["msg"].splitlines() == [
        "OBProxy was not started: nothing listens on port 2883 after 6 s.",
        f"The logs in {NEW}/log have no lines since the start: the proxy may be unable to write there.",
        "It has been stopped again. Fix the cause, then run again.",
    ]
    logs = [{"path": "/log/obproxy.log", "lines": ["why"]}]
    failure = starting.failure(StartError("it ended", {"logs": logs}), NEW)
    assert "From /log/obproxy.log:\nwhy\n" in failure["msg"]
    assert failure["logs"] == logs
    # If the start could not even be attempted, there is nothing to find in a log.
    assert "log" not in starting.failure(StartError("it could not be executed"), NEW)["msg"]


@pytest.mark.parametrize(
    ("shown", "version"),
    [("ObProxy-OceanBase 4.2.3.0-1.lab\nversion:X", "4.2.3.0"), ("OceanBase 1.9.1", "1.9.1"), ("", None)],
)
def test_the_version_is_read_from_the_binary_info(shown, version):
    assert starting.parse_version(shown) == version


@pytest.mark.parametrize(
    ("found", "wanted", "same"),
    [
        ("4.2.3.0", "4.2.3.0-20240101", True),
        ("4.2.3", "4.2.3.0", True),
        ("4.2.3.0", "4.2.1.0", False),
        ("4.2.3.0", "", True),
    ],
)
def test_versions_are_compared_as_far_as_both_go(found, wanted, same):
    assert starting.is_version(found, wanted) is same


def test_options_differ_by_meaning_and_secrets_in_a_url_are_not_shown():
    given = ["-o", "enable_qos=true,proxy_mem_limited=2G,x=1"]
    assert starting.different_options({"enable_qos": "True", "x": "1"}, given, {}) == []
    different = starting.different_options({"proxy_mem_limited": "3G", "url": "http://u:pw@h/"}, given, {})
    assert different == [
        "proxy_mem_limited is '2G', wanted '3G'",
        "url is not given, wanted 'http://********@h/'",
    ]
