# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The systemd unit: the proxy restarts after a crash, and using obproxyd.sh directly never starts a second one."""

import time

import pytest

from .hosts import HOME, UNIT, wait_for

SERVICE = {"obproxy_service": True}
BY_HAND = (
    "cd /home/admin; runuser -u admin -- env ENABLE_ROOT_SERVER=true ROOT_SERVER_LIST=10.1.1.1:2881"
    f" ROOT_SERVER_CLUSTER_NAME=ob {HOME}/bin/obproxyd.sh -e private -p 2883 -c "
)


def one_of_each(host):
    return (len(host.pids("obproxyd.sh")), len(host.pids())) == (1, 1) and host.info()["readiness"]["ready"]


def state(host):
    return host.run("systemctl is-active obproxy || true; systemctl is-enabled obproxy || true").split()


@pytest.fixture(scope="module")
def service_host(_host):
    """A host on which systemd has started the proxy."""
    _host.fresh().role("--check", **SERVICE).ok()
    _host.role(**SERVICE).ok()
    return _host


def test_systemd_runs_the_daemon_and_a_second_run_changes_nothing(service_host):
    assert state(service_host) == ["active", "enabled"]
    assert one_of_each(service_host)
    main = service_host.run("systemctl show -p MainPID --value obproxy")
    assert service_host.pids("obproxyd.sh") == [main]
    assert {user for _pid, user, _name in service_host.processes()} == {"admin"}
    assert service_host.role(**SERVICE).ok().count("changed") == 0
    assert service_host.pids("obproxyd.sh") == [main]


def test_a_crashed_proxy_comes_back(service_host):
    (pid,) = service_host.pids()
    service_host.run(f"kill -9 {pid}")
    wait_for(lambda: service_host.pids() not in ([], [pid]) and one_of_each(service_host))


def test_it_does_not_fight_with_who_uses_obproxyd_directly(service_host):
    before = service_host.processes()
    service_host.run(BY_HAND + "start")
    assert service_host.processes() == before

    service_host.run(BY_HAND + "stop")
    until = time.monotonic() + 8  # longer than systemd's RestartSec
    while time.monotonic() < until:
        assert service_host.processes() == []
        time.sleep(1)

    service_host.run(BY_HAND + "start")
    wait_for(lambda: one_of_each(service_host))
    theirs = service_host.pids("obproxyd.sh")
    service_host.run("systemctl start obproxy; sleep 1")
    assert service_host.pids("obproxyd.sh") == theirs
    assert state(service_host) == ["inactive", "enabled"]
    # After a reboot of the host, the proxy runs under systemd again.
    service_host.run(BY_HAND + "stop; systemctl start obproxy")
    wait_for(lambda: one_of_each(service_host))
    assert state(service_host) == ["active", "enabled"]


def test_settings_changed_at_run_time_survive_a_restart_of_the_unit(service_host):
    settings = {"proxy_mem_limited": "3G"}
    service_host.module("obproxy_config", settings=settings)
    before = service_host.pids()
    service_host.run("systemctl restart obproxy")
    wait_for(lambda: service_host.pids() not in ([], before) and one_of_each(service_host))
    assert service_host.module("obproxy_config", settings=settings)["changed"] is False
    (pid,) = service_host.pids()
    assert service_host.run(f"grep Umask /proc/{pid}/status").split() == ["Umask:", "0022"]


def test_the_unit_of_a_managed_proxy_is_disabled_and_the_proxy_keeps_running(service_host):
    before = service_host.processes()
    run = service_host.role(**SERVICE, obproxy_managed_by_ocp=True).ok()
    assert "OCP manages this proxy and starts it at boot" in " ".join(run.output.split())
    assert state(service_host) == ["active", "disabled"]
    assert service_host.processes() == before
    assert service_host.role(**SERVICE, obproxy_managed_by_ocp=True).ok().count("changed") == 0


def test_after_a_removal_systemd_lists_no_failed_unit(host):
    host.role(**SERVICE).ok()
    # Stopping the proxy with the package's obproxyd.sh leaves a failed unit.
    host.run(BY_HAND + "stop; for turn in 1 2 3 4 5; do systemctl is-failed -q obproxy && break; sleep 1; done")
    assert "obproxy" in host.run("systemctl --failed --plain --no-legend")
    host.role(**SERVICE, obproxy_state="absent", obproxy_force=True).ok()
    assert "obproxy" not in host.run("systemctl --failed --plain --no-legend")


def test_a_proxy_that_runs_is_not_touched_when_the_unit_comes(host):
    host.role().ok()
    before = host.processes()
    run = host.role(**SERVICE).ok()
    assert "the running proxy is left alone" in run.output
    assert host.processes() == before
    assert state(host) == ["inactive", "enabled"]

    host.run(f"echo '[Service]' > {UNIT}")
    assert f"{UNIT} exists and was not written by the role" in host.role(**SERVICE).message()
