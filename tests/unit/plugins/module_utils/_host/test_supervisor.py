# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Detection of how a proxy was started."""

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._host import host, supervisor
from ansible_collections.obops.oceanbase.tests.unit.plugins.module_utils._host.fake_host import (
    FakeProc,
    add_daemon,
    add_proxy,
)


@pytest.fixture
def proc(tmp_path):
    return FakeProc(tmp_path / "proc")


def processes(proc):
    found = host.Host(["obproxy", "obproxyd.sh"], 2883, 2884, str(proc)).summary()["processes"]
    return {process["kind"]: process for process in found}


def set_unit(proc, pid, unit):
    (proc.folder / str(pid) / "cgroup").write_text(f"0::/system.slice/{unit}\n")


def test_a_proxy_with_a_daemon_of_its_own_directory_was_started_by_obproxyd(proc):
    add_daemon(proc, 4700)
    add_proxy(proc, 4711)
    set_unit(proc, 4711, "ssh.service")
    found = processes(proc)
    assert (found["proxy"]["started_by"], found["proxy"]["daemon"]) == ("obproxyd", 4700)
    assert found["proxy"]["unit"] == "ssh.service"
    assert (found["daemon"]["started_by"], found["daemon"]["daemon"]) == ("obproxyd", None)


def test_the_daemon_of_another_directory_does_not_count(proc):
    add_daemon(proc, 4700, home="/opt/taobao/install/obproxy-3.2.3.5")
    add_proxy(proc, 4711)
    assert processes(proc)["proxy"]["started_by"] == "hand"


def test_obdeploys_daemon_is_known_by_the_directory_it_is_given(proc):
    proc.add(
        9, "bash", ["bash", "/data/obproxy/obproxyd.sh", "/data/obproxy", "10.0.0.1", "2883", "daemon"], cwd="/root"
    )
    add_proxy(proc, 4711, home="/data/obproxy")
    assert (processes(proc)["proxy"]["started_by"], processes(proc)["proxy"]["daemon"]) == ("obdeploy", 9)


@pytest.mark.parametrize("with_daemon", [True, False])
def test_a_unit_of_obproxys_own_is_systemd(proc, with_daemon):
    if with_daemon:
        add_daemon(proc, 4700)
    add_proxy(proc, 4711)
    set_unit(proc, 4711, "obproxy.service")
    assert processes(proc)["proxy"]["started_by"] == "systemd"


@pytest.mark.parametrize(
    "text, unit",
    [
        ("0::/system.slice/obproxy.service\n", "obproxy.service"),
        ("0::/user.slice/user-0.slice/session-3.scope\n", "session-3.scope"),
        ("4:memory:/x\n1:name=systemd:/system.slice/ocp-agent.service\n", "ocp-agent.service"),
        ("0::/system.slice/obproxy.service/inner\n", "obproxy.service"),
        ("0::/\n", None),
        ("5:cpu:/system.slice/obproxy.service\n", None),
        ("", None),
    ],
)
def test_the_unit_is_read_from_either_version_of_control_groups(text, unit):
    assert supervisor.parse_control_groups(text) == unit
