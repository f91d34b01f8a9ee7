# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of real hosts: what they find, and that nothing on a host blocks them or distorts their results."""

import time

import pytest

from .hosts import HOME, RPM
from .test_unfit_host import mount

PREFLIGHT = ("--tags", "obproxy_preflight")
LOCKED = """
cp /bin/sleep /usr/local/bin/yum-cron
setsid /usr/local/bin/yum-cron 300 > /dev/null 2>&1 < /dev/null &
echo $! > /var/cache/dnf/metadata_lock.pid
"""
EXPECTED = {"package_version": "1.9.1.1-1919579", "rs_list": ["127.0.0.1:2881"]}


def names(found):
    return [problem["name"] for problem in found["problems"]]


def test_a_lock_of_another_process_is_named_after_half_a_minute(host):
    host.run(LOCKED)
    try:
        begin = time.monotonic()
        message = host.role(*PREFLIGHT).message()
        assert time.monotonic() - begin < 120
        (pid,) = host.run("cat /var/cache/dnf/metadata_lock.pid").split()
        assert f"package_manager_locked: dnf is locked by process {pid} (yum-cron, user root)" in message
        assert host.untouched()
    finally:
        host.run("pkill -x yum-cron; rm -f /var/cache/dnf/*.pid /usr/local/bin/yum-cron", check=False)


@pytest.mark.parametrize("command", ["rpm", "dnf"])
def test_a_package_manager_that_never_ends_is_ended_and_reported(host, command):
    host.run(f"printf '#!/bin/sh\\nexec sleep 600\\n' > /usr/local/sbin/{command}; chmod +x /usr/local/sbin/{command}")
    try:
        begin = time.monotonic()
        found = host.info(rpm_timeout=3, expected={**EXPECTED, "package_timeout": 3})
        assert time.monotonic() - begin < 90
        problem = "packages_unreadable" if command == "rpm" else "repositories_unreadable"
        assert names(found) == [problem]
        assert f"{command} has not ended after 3 s" in found["problems"][0]["text"]
    finally:
        host.run(f"rm /usr/local/sbin/{command}")


def test_a_version_that_is_excluded_is_named_with_what_excludes_it(host):
    host.run("echo excludepkgs=obproxy-1* >> /etc/yum.repos.d/lab.repo")
    message = host.role(*PREFLIGHT).message()
    assert f"repositories have {RPM[:-4]}, but the package is excluded by excludepkgs=obproxy-1* in" in message
    assert "/etc/yum.repos.d/lab.repo" in message


def test_repositories_can_be_chosen(host):
    assert "they have: no package of that name" in host.role(*PREFLIGHT, obproxy_package_disablerepo=["*"]).message()
    host.run("sed -i '$aenabled=0' /etc/yum.repos.d/lab.repo")
    try:
        host.role("--tags", "obproxy_install", obproxy_package_enablerepo=["lab"]).ok()
        assert host.run("rpm -q obproxy") + ".rpm" == RPM
    finally:
        host.run("sed -i /^enabled=0/d /etc/yum.repos.d/lab.repo")


def test_a_prefix_that_leads_elsewhere_is_reported_until_it_is_a_mount(host):
    host.run("mkdir -p /data; mv /opt /data/opt; ln -s /data/opt /opt")
    try:
        message = host.role(*PREFLIGHT).message()
        assert "leads_elsewhere: /opt/taobao/install resolves to /data/opt/taobao/install" in message
        assert "Replace the symlink /opt with a directory, mount the target there" in message
        host.run("rm /opt; mkdir /opt")
        mount(host, "mount", "--bind", "/data/opt", "/opt")
        host.role(*PREFLIGHT).ok()
        mount(host, "mount", "-o", "remount,bind,noexec", "/opt")
        assert "noexec: /opt is on a file system that does not allow programs to run" in host.role(*PREFLIGHT).message()
        mount(host, "umount", "--lazy", "/opt")
    finally:
        host.run("rm -d /opt && mv /data/opt /opt")


def test_without_root_the_only_finding_is_that(proxy_host):
    done = proxy_host.module("obproxy_info", "--become", "--become-user", "nobody", expected=EXPECTED)["obproxy"]
    assert names(done) == ["not_root"]
    assert [blocker["name"] for blocker in done["takeover_blockers"]] == ["not_root"]
    assert done["todo"]["action"] == "nothing"


@pytest.mark.parametrize("password", ["admin", "opt", "2883", "obproxy", "e"])
def test_a_password_that_is_part_of_what_is_found_masks_nothing_of_it(proxy_host, password):
    found = proxy_host.info(proxysys_password=password, expected=EXPECTED)
    assert found["login"]["outcome"] == "denied"
    (proxy,) = [process for process in found["processes"] if process["kind"] == "proxy"]
    assert (proxy["user"], proxy["executable"], proxy["ports"]) == ("admin", f"{HOME}/bin/obproxy", [2883, 2884])
    assert found["todo"]["home"] == HOME
    assert "****" not in str(found)


def test_a_config_url_that_the_host_does_not_reach_is_a_warning(host):
    url = "http://127.0.0.1:1/services?Action=GetObProxyConfig"
    run = host.role(*PREFLIGHT, obproxy_config_url=url, obproxy_rs_list=[], obproxy_ob_cluster="").ok()
    output = " ".join(run.output.split())
    assert "the config URL cannot be read from this host (<urlopen error [Errno 111] Connection refused>)" in output


def test_a_proxy_that_comes_up_elsewhere_is_not_ready_for_ocp(stopped_host):
    stopped_host.run(
        f"mkdir -p /data/obproxy; mv {HOME}/bin /data/obproxy; cp -r {HOME}/tools /data/obproxy; mkdir {HOME}/bin\n"
        f"ln -s /data/obproxy/bin/* {HOME}/bin; chown -R admin /data/obproxy"
    )
    try:
        message = stopped_host.role().message()
        assert "answers but is not the wanted one: it runs from /data/obproxy" in message
    finally:
        stopped_host.stopped().run(f"rm -r {HOME}/bin; mv /data/obproxy/bin {HOME}; rm -r /data/obproxy")
