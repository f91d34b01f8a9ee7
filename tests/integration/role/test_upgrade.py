# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Upgrade to another version and back. If the new proxy does not come up, the old one runs again."""

import pytest

from tests.lab import lab as labs

from .hosts import HOME, LAB, VARIABLES, Host, run_role

NEW_HOME = "/opt/taobao/install/obproxy-3.2.3.5"
NEW = {
    "obproxy_package_version": "3.2.3.5-2",
    "obproxy_upgrade": True,
    "obproxy_proxysys_password": "geheim",
    "obproxy_start_timeout": 60,
}
OLD = {**NEW, "obproxy_package_version": "1.9.1.1-1919579", "obproxy_keep_old_version": False}


@pytest.fixture
def old(host):
    """A host with a running proxy of the older version that has a password."""
    host.role(obproxy_proxysys_password="geheim").ok()
    return host


@pytest.fixture
def two_old():
    """Two hosts with a running proxy of the older version that has a password."""
    found = labs.up(f"{LAB}-two", count=2, simulator=False, packages="stand-in")
    hosts = [Host(host, found["inventory"]) for host in found["hosts"]]
    run_role_on(hosts, obproxy_proxysys_password="geheim").ok()
    yield hosts
    labs.down(f"{LAB}-two")


def run_role_on(hosts, *options, **variables):
    names = [host.name for host in hosts]
    return run_role(names, hosts[0].inventory, *options, **{**VARIABLES, **variables})


def packages(host):
    return sorted(host.run("rpm -qa obproxy").split())


def test_the_versions_change_places_and_the_settings_go_along(old):
    before = old.processes()
    check = old.role("--check", "--diff", **NEW).ok()
    output = " ".join(check.output.split())
    assert "obproxy-1.9.1.1 would be stopped and OBProxy 3.2.3.5-2 would be started in its place" in output
    assert old.processes() == before
    assert "upgrade with obproxy_upgrade" in old.role(**{**NEW, "obproxy_upgrade": False}).message()

    settings = {"proxy_mem_limited": "3G", "syslog_level": "INFO", "enable_proxy_scramble": False}
    old.module("obproxy_config", settings=settings, login_password="geheim")
    run = old.role(**NEW).ok()
    assert "is kept next to 3.2.3.5-2, so that you can go back" in run.output
    assert len(packages(old)) == 2
    assert old.run("readlink -f /opt/taobao/install/obproxy") == NEW_HOME
    obproxy = old.info(proxysys_password="geheim")
    assert obproxy["login"]["outcome"] == "ok"
    assert {process["home"] for process in obproxy["processes"]} == {NEW_HOME}
    # Changed settings are carried over, and what the old obproxyd.sh passed is not.
    assert old.module("obproxy_config", settings=settings, login_password="geheim")["changed"] is False
    (pid,) = old.pids()
    assert "geheim" not in old.run(f"tr '\\0' ' ' < /proc/{pid}/cmdline")
    assert "sys_password" not in old.run(f"tr '\\0' ' ' < /proc/{pid}/cmdline")
    after = old.processes()
    assert old.role(**NEW).ok().count("changed") == 0
    assert old.processes() == after

    old.role(**OLD).ok()
    obproxy = old.info(proxysys_password="geheim")
    assert (obproxy["readiness"]["ready"], obproxy["login"]["outcome"]) == (True, "ok")
    assert {process["home"] for process in obproxy["processes"]} == {HOME}
    assert packages(old) == ["obproxy-1.9.1.1-1919579.el7.x86_64"]
    assert old.run("ls /opt/taobao/install").split() == ["obproxy", "obproxy-1.9.1.1"]


def test_when_the_new_version_does_not_come_up_the_old_one_runs_again_and_the_next_host_is_left_alone(two_old):
    first, second = two_old
    run_role_on(two_old, "--tags", "obproxy_install", **NEW).ok()
    for host in two_old:
        assert len(packages(host)) == 2
        assert {process["home"] for process in host.info()["processes"]} == {HOME}
    first.run(f"printf '#!/bin/bash\\nexit 0\\n' > {NEW_HOME}/bin/obproxy")
    before = second.processes()

    message = run_role_on(two_old, **NEW).message()
    assert f"{first.name}: FAILED" in message or f"[{first.name}]" in message
    assert "OBProxy was not started: " in message
    assert f"The symlink points to {HOME} again, and its proxy is running again" in message
    assert f"{second.name}: the upgrade of {first.name} has failed, so this host stays at obproxy-1.9.1.1" in message
    assert second.processes() == before
    for host in two_old:
        obproxy = host.info(proxysys_password="geheim")
        assert (obproxy["readiness"]["ready"], obproxy["login"]["outcome"]) == (True, "ok")
        assert {process["home"] for process in obproxy["processes"]} == {HOME}
        assert host.run("readlink -f /opt/taobao/install/obproxy") == HOME


def test_clients_may_end_their_sessions_first_and_a_refused_option_brings_the_old_version_back(old):
    old.run(
        "python3 -c 'import socket, time; s = socket.create_connection((\"127.0.0.1\", 2883)); time.sleep(12)'"
        " > /dev/null 2>&1 & sleep 0.5"
    )
    old.switch(KERNEL="3.10.0-1160.el7.x86_64")
    # The drain timeout is longer than the client's session: the upgrade continues when the session ends.
    refused = {**NEW, "obproxy_drain_timeout": 300, "obproxy_extra_options": {"proxy_mem_limited": "1M"}}
    message = old.role(**refused).message()
    assert "answers but is not the wanted one" in message
    assert "proxy_mem_limited is '2G', wanted '1M'" in message
    assert f"The symlink points to {HOME} again, and its proxy is running again" in message
    obproxy = old.info(proxysys_password="geheim")
    assert (obproxy["readiness"]["ready"], obproxy["login"]["outcome"]) == (True, "ok")
    assert {process["home"] for process in obproxy["processes"]} == {HOME}
