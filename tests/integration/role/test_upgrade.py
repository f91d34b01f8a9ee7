# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From one version to another and back: the old proxy runs until the new one answers, or runs again."""

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
    """A host whose proxy of the older version runs, with a password."""
    host.role(obproxy_proxysys_password="geheim").ok()
    return host


@pytest.fixture
def two_old():
    """Two hosts like that."""
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
    check = old.role("--check", **NEW).ok()
    assert "obproxy-1.9.1.1-1919579.el7.x86_64 would be stopped and obproxy 3.2.3.5-2 started" in check.output
    assert old.processes() == before
    assert "set obproxy_upgrade to go over from it" in old.role(**{**NEW, "obproxy_upgrade": False}).message()

    run = old.role(**NEW).ok()
    assert "is kept beside 3.2.3.5-2, for going back" in run.output
    assert len(packages(old)) == 2
    assert old.run("readlink -f /opt/taobao/install/obproxy") == NEW_HOME
    obproxy = old.info(proxysys_password="geheim")
    assert obproxy["login"]["outcome"] == "ok"
    assert {process["home"] for process in obproxy["processes"]} == {NEW_HOME}
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
    assert f"{first.name}: the upgrade to obproxy 3.2.3.5-2 has failed" in message
    assert "does not answer on port 2883" in message
    assert "leads to obproxy-1.9.1.1-1919579.el7.x86_64 again; that proxy runs again" in message
    assert f"{second.name}: the upgrade of {first.name} has failed, so this host is left at obproxy-1.9.1.1" in message
    assert second.processes() == before
    for host in two_old:
        obproxy = host.info(proxysys_password="geheim")
        assert (obproxy["readiness"]["ready"], obproxy["login"]["outcome"]) == (True, "ok")
        assert {process["home"] for process in obproxy["processes"]} == {HOME}
        assert host.run("readlink -f /opt/taobao/install/obproxy") == HOME
