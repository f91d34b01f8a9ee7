# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._host import carried
from ansible_collections.obops.oceanbase.plugins.module_utils._host.start import StartError, Wanted
from ansible_collections.obops.oceanbase.plugins.module_utils._host.upgrade import UpgradeError, upgrade

from .fake_machine import NEW, OLD, OWN, FakeMachine, row

SHA1 = "906072001efddf3e11e6d2b5782f4777fe038739"
DIFF = [
    row("enable_standby", "False"),
    row("proxy_mem_limited", "3G"),
    row("obproxy_sys_password", SHA1, "SYS"),
    row("listen_port", "2883"),
    row("app_name", "demo"),
    row("current_local_config_version", "7", "MEMORY"),
]
SCRIPT = """
OBPROXY_OPT_LOCAL=",enable_qos=true,enable_standby=false,work_thread_num=$N,proxy_mem_limited=2G${OBPROXY_OPT_LOCAL}"
"""


def machine_with_changes():
    machine = FakeMachine()
    machine.script = SCRIPT
    machine.tables = {
        (5, "SHOW PROXYCONFIG DIFF"): DIFF,
        # enable_qos was reset to its default, so it is not in the DIFF.
        (5, "SHOW PROXYCONFIG"): [*DIFF, row("enable_qos", "False")],
        (7, "SHOW PROXYCONFIG"): [row("proxy_mem_limited", "3G"), row("obproxy_sys_password", SHA1)],
    }
    return machine


def wanted(unit=None):
    return Wanted(NEW, "4.2.3.0", {"prometheus_listen_port": "2884"}, unit=unit)


def test_changed_settings_are_written_before_the_new_version_starts():
    machine = machine_with_changes()
    done = upgrade(machine, wanted(), OLD, OWN, drain_timeout=60)
    changed = {"proxy_mem_limited": "3G", "obproxy_sys_password": SHA1, "enable_qos": "False"}
    assert machine.done == [
        ("drain", 60),
        ("stop", OLD),
        ("write saved", NEW, changed),
        ("link", NEW),
        ("next start", NEW, "first", "enable_qos=False,proxy_mem_limited=3G," + OWN),
        ("launch", NEW),
    ]
    assert (done["carried"], done["sessions"]) == (sorted(changed), 3)
    assert done["seconds"] > 0
    assert done["unknown"] == ["enable_qos"]
    assert done["notes"] == ["OBProxy 4.2.3.0 does not have settings that were changed in the old one: enable_qos"]


def test_with_a_unit_systemd_stops_the_old_version_and_starts_the_new_one():
    machine = machine_with_changes()
    upgrade(machine, wanted("obproxy.service"), OLD, OWN)
    calls = [call[1] for call in machine.done if call[0] == "systemctl"]
    assert calls == ["stop", "start"]


def test_no_password_comes_into_the_options():
    options = carried.first_options({"observer_sys_password": SHA1, "a": "b c", "x": "1"}, OWN)
    assert options == "x=1," + OWN


def test_all_saved_settings_of_a_stopped_proxy_are_carried_over_with_a_warning():
    machine = FakeMachine()
    machine.runs = {}
    machine.saved_settings[OLD] = {"proxy_mem_limited": "3G", "listen_port": "2883"}
    done = upgrade(machine, wanted(), OLD, OWN, drain_timeout=60)
    assert ("write saved", NEW, {"proxy_mem_limited": "3G"}) in machine.done
    assert ("drain", 60) not in machine.done
    assert "the old proxy is not running" in done["notes"][0]
    assert "including the defaults of its version" in done["notes"][0]


def test_all_saved_settings_are_carried_over_if_the_proxy_accepts_no_login():
    machine = FakeMachine()
    machine.denied = True
    assert "rejects the login" in upgrade(machine, wanted(), OLD, OWN)["notes"][0]


def test_when_the_new_version_does_not_come_up_the_old_one_is_started_from_what_it_has_saved():
    machine = machine_with_changes()
    machine.ready[NEW] = {"ready": False, "message": "the start failed", "logs": []}
    with pytest.raises(UpgradeError, match="the start failed") as raised:
        upgrade(machine, wanted(), OLD, OWN)
    # The role's options may be the reason why the new version failed.
    assert machine.done[-3:] == [("link", OLD), ("next start", OLD, "saved", ""), ("launch", OLD)]
    assert raised.value.old == f"The symlink points to {OLD} again, and its proxy is running again."
    assert "The new version stays installed" in raised.value.outcome


def test_when_neither_version_comes_up_both_reasons_are_given():
    machine = machine_with_changes()
    for home in (OLD, NEW):
        machine.ready[home] = {"ready": False, "message": f"nothing in {home}", "logs": []}
    with pytest.raises(UpgradeError, match=f"nothing in {NEW}") as raised:
        upgrade(machine, wanted(), OLD, OWN)
    assert f"could not be started again: nothing in {OLD}" in raised.value.old


def test_an_old_proxy_that_did_not_run_is_not_started():
    machine = FakeMachine()
    machine.runs = {}
    machine.ready[NEW] = {"ready": False, "message": "the start failed", "logs": []}
    with pytest.raises(UpgradeError) as raised:
        upgrade(machine, wanted(), OLD, OWN)
    assert raised.value.old.endswith("whose proxy was not running before.")
    assert ("launch", OLD) not in machine.done


def test_a_new_proxy_that_has_lost_the_password_is_not_kept():
    machine = machine_with_changes()
    ask = machine.query

    def query(pid, statement):
        machine.denied = pid == 7
        return ask(pid, statement)

    machine.query = query
    with pytest.raises(StartError, match="new proxy rejects the login of root@proxysys"):
        upgrade(machine, wanted(), OLD, OWN)
    assert ("launch", OLD) in machine.done


def test_the_options_of_a_script_are_found_in_its_text():
    assert carried.passed_by_script(SCRIPT) == {
        "enable_qos": "true",
        "enable_standby": "false",
        "proxy_mem_limited": "2G",
    }
