# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Problems of a host: one clear message that names the problem, and no changes."""

import subprocess

import pytest

from tests.lab.podman import as_root, podman

from .hosts import ROOT, wait_for

TAKER = "import socket, sys, time; s = socket.create_server(('0.0.0.0', int(sys.argv[1]))); time.sleep(300)"


def test_a_command_that_cannot_be_installed_stops_before_changes(host):
    host.run("echo excludepkgs=nmap-ncat >> /etc/yum.repos.d/lab.repo")
    message = host.role().message()
    assert (
        "command_unavailable: the host does not have nc, and its repositories do not have nmap-ncat (excluded by "
        "excludepkgs=nmap-ncat in /etc/yum.repos.d/lab.repo)"
    ) in message
    assert host.untouched()


def test_an_unknown_command_is_named(host):
    message = host.role(obproxy_commands_to_check=["nc", "frobnicate"]).message()
    assert (
        "command_unavailable: the host does not have frobnicate, and its repositories do not have /usr/bin/frobnicate"
    ) in message
    assert "uid=" not in host.run("id admin 2>&1 || true")


def start_other_version(host):
    host.run(
        "useradd -m admin; dnf -q -y install nmap-ncat\n"
        "mkdir -p /home/admin/logs/obproxy/log; chown -R admin /home/admin\n"
        "dnf -q -y install obproxy-3.2.3.5\n"
        "cd /home/admin; runuser -u admin -- env ENABLE_ROOT_SERVER=true ROOT_SERVER_LIST=10.1.1.1:2881"
        " ROOT_SERVER_CLUSTER_NAME=ob /opt/taobao/install/obproxy-3.2.3.5/bin/obproxyd.sh -c start -e private -p 2883"
    )
    wait_for(lambda: host.info()["readiness"]["ready"])


def test_a_proxy_of_another_version_is_named_and_left_alone(host):
    start_other_version(host)
    before = host.processes()
    message = host.role().message()
    (pid,) = host.pids()
    assert f"other_version: obproxy-3.2.3.5-2.el7.x86_64 (running as process {pid}) is installed" in message
    assert "needed: obproxy 1.9.1.1-1919579 (obproxy_package_version)" in message
    assert "Nothing was changed" in message
    assert host.processes() == before
    # If that version is wanted, there is no problem.
    assert host.role("--tags", "obproxy_verify", obproxy_package_version="3.2.3.5-2").ok().count("changed") == 0
    # The same applies without a version: the running proxy is kept.
    host.role(obproxy_package_version="", obproxy_rs_list=[], obproxy_ob_cluster="").ok()
    assert host.pids() == [pid]
    assert "wrong_port" in host.role(obproxy_package_version="3.2.3.5-2", obproxy_sql_port=3883).message()


def test_another_package_that_does_not_run_is_not_replaced(host):
    host.run("useradd -m admin; dnf -q -y install obproxy-3.2.3.5")
    assert "obproxy-3.2.3.5-2.el7.x86_64 is installed" in host.role().message()
    assert host.run("rpm -q obproxy") == "obproxy-3.2.3.5-2.el7.x86_64"


@pytest.mark.parametrize(("port", "option"), [(2883, "obproxy_sql_port"), (2884, "obproxy_exporter_port")])
def test_a_port_in_use_is_reported_with_its_process(host, port, option):
    host.run(f'setsid python3 -c "{TAKER}" {port} port-taker > /dev/null 2>&1 < /dev/null &')
    wait_for(lambda: host.info()["listeners"])
    message = host.role().message()
    assert f"port {port} ({option}) is used by process " in message
    assert "(python3, user root)" in message
    assert host.untouched()


def test_a_daemon_called_bash_is_seen(host):
    host.run(
        "mkdir -p /data; printf 'while true; do sleep 1; done' > /data/obproxyd.sh\n"
        "setsid bash /data/obproxyd.sh /data 10.0.0.1 2883 daemon > /dev/null 2>&1 < /dev/null &\nsleep 0.3"
    )
    try:
        (process,) = host.info()["processes"]
        assert (process["name"], process["kind"]) == ("bash", "daemon")
        assert "other_proxy: another OBProxy is running: " in host.role().message()
    finally:
        host.run("pkill -f /data/[o]bproxyd.sh")


def mount(host, *arguments):
    """Run mount or umount in the host's namespace from this machine, since a container may not mount by itself."""
    process = podman("inspect", "--format", "{{.State.Pid}}", host.container).strip()
    subprocess.run(as_root("nsenter", "--target", process, "--mount", "--pid", *arguments), check=True)


def test_problems_with_disks_and_admin_are_reported_together_before_changes(host):
    host.run("useradd --create-home --home-dir /data/admin admin; mkdir -p /opt/taobao /home/admin")
    try:
        mount(host, "mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", "/opt/taobao")
        mount(host, "mount", "-t", "tmpfs", "-o", "ro", "tmpfs", "/home/admin")
        message = host.role().message()
        assert "no_space: /opt/taobao has 5.0 MiB free; needed: 100.0 MiB for the package" in message
        assert "/home/admin is on a read-only file system" in message
        assert "the user admin has the home directory /data/admin" in message
        assert "Nothing was changed" in message
        assert host.run("ls -A /opt/taobao /home/admin; rpm -qa 'obproxy*' nmap-ncat") == "/home/admin:\n\n/opt/taobao:"
    finally:
        mount(host, "umount", "/opt/taobao", "/home/admin")


@pytest.fixture(scope="module")
def two_releases(tmp_path_factory):
    """A repository with two releases of one version."""
    folder = tmp_path_factory.mktemp("packages")
    build = [str(ROOT / "tests/packages/build"), "--obproxy", "1.9.1.1-2000000.el7", str(folder)]
    subprocess.run(build, check=True, capture_output=True)
    return folder


def test_a_version_that_fits_two_packages_is_refused_with_both_names(host, two_releases):
    podman("cp", str(two_releases), f"{host.container}:/srv/two")
    host.run("sed 's/lab/two/; s#/srv/packages#/srv/two#' /etc/yum.repos.d/lab.repo > /etc/yum.repos.d/two.repo")
    try:
        message = host.role(obproxy_package_version="1.9.1.1").message()
        assert (
            "package_ambiguous: obproxy 1.9.1.1 matches several packages in the host's repositories:"
            " obproxy-1.9.1.1-1919579.el7.x86_64 and obproxy-1.9.1.1-2000000.el7.x86_64" in message
        )
        assert host.untouched()
    finally:
        host.run("rm -r /etc/yum.repos.d/two.repo /srv/two")


def test_without_a_start_mode_nothing_is_changed(host):
    message = host.role(obproxy_rs_list=[], obproxy_ob_cluster="").message()
    assert "no_start_mode: the proxy must be started, but no start mode is given" in message
    assert "Set obproxy_config_url, or obproxy_rs_list with obproxy_ob_cluster." in message
    assert host.untouched()


def test_a_directory_in_the_place_of_the_symlink_is_named(host):
    host.run("mkdir -p /opt/taobao/install/obproxy")
    assert "/opt/taobao/install/obproxy is a directory" in host.role().message()


def test_the_version_is_required_if_nothing_is_installed(host):
    message = host.role(obproxy_package_version="").message()
    assert "no_version: no proxy is running, and no OBProxy package is installed" in message
    assert "Set obproxy_package_version." in message
    assert host.untouched()
