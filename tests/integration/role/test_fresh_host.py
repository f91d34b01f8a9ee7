# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role on a host without OBProxy, or with only parts of it: the host gets a proxy that answers."""

from .hosts import HOME, INSTALL


def test_check_mode_on_a_fresh_host_passes_and_changes_nothing(host):
    run = host.role("--check", "--diff").ok()
    assert run.count("changed") >= 5
    assert "would be started" in run.output
    assert host.untouched()


def test_a_fresh_host_gets_a_proxy_that_answers(host):
    host.role("--diff").ok()
    obproxy = host.info()
    assert obproxy["readiness"]["ready"]
    daemon, proxy = obproxy["processes"]
    assert (daemon["kind"], proxy["kind"]) == ("daemon", "proxy")
    assert {daemon["user"], proxy["user"]} == {"admin"}
    assert proxy["home"] == HOME
    assert proxy["ports"] == [2883, 2884]
    assert proxy["start_mode"] == "rs_list"
    assert [package["nevra"] for package in obproxy["packages"]] == ["obproxy-1.9.1.1-1919579.el7.x86_64"]
    assert obproxy["commands"]["nc"] == "/usr/bin/nc"


def test_files_that_rpm_left_to_root_are_given_to_admin(host):
    host.run("dnf -q -y install obproxy-1.9.1.1")
    assert host.run(f"stat -c %U {HOME}/bin/obproxy") == "root"
    host.role(*INSTALL).ok()
    assert host.run(f"stat -c %U {HOME} {HOME}/bin/obproxy").split() == ["admin", "admin"]


def test_an_installed_package_is_not_installed_again(host):
    host.run("useradd -m admin; dnf -q -y install obproxy-1.9.1.1")
    host.run(
        f"echo saved > {HOME}/etc/proxyconfig.db 2>/dev/null || {{ mkdir {HOME}/etc; echo saved > {HOME}/etc/x; }}"
    )
    before = host.run(f"ls -A {HOME}/etc; rpm -q --qf '%{{INSTALLTIME}}' obproxy")
    host.role(*INSTALL).ok()
    assert host.run(f"ls -A {HOME}/etc; rpm -q --qf '%{{INSTALLTIME}}' obproxy") == before


def test_a_user_without_its_group_or_a_group_without_its_user_is_no_obstacle(host):
    host.run("groupadd admin")
    host.role(*INSTALL).ok()
    assert host.run("id -gn admin") == "admin"
    host.run("userdel -r admin; groupdel admin 2>/dev/null || true")


def test_waiting_where_nothing_runs_ends_soon_and_says_so(host):
    readiness = host.info(wait=True, wait_timeout=60)["readiness"]
    assert (readiness["ready"], readiness["verdict"]) == (False, "not_running")
    assert readiness["message"] == "no OBProxy process is running"
    assert readiness["elapsed"] < 10
