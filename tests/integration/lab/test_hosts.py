# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lab's hosts resemble users' hosts. They have ssh, rpm, dnf and systemd, but no OBProxy yet."""

from __future__ import annotations

import subprocess
import time

import pytest

from tests.lab import lab as labs
from tests.lab.podman import podman, podman_json

pytestmark = pytest.mark.timeout(300)


def test_ansible_reaches_every_host_through_the_inventory(lab, ansible_environment):
    command = ["ansible", "-i", lab["inventory"], "obproxy", "-m", "ansible.builtin.ping"]
    result = subprocess.run(command, env=ansible_environment, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.count("SUCCESS") == 2


def test_a_stranger_in_a_hosts_place_is_not_trusted(lab, tmp_path):
    host, other = lab["hosts"]
    known = tmp_path / "known_hosts"
    known.write_text(f"[127.0.0.1]:{host['port']} {other['host_key']}\n")
    options = ["-o", f"UserKnownHostsFile={known}", "-o", "StrictHostKeyChecking=yes", "-o", "BatchMode=yes"]
    command = ["ssh", *options, "-p", str(host["port"]), "root@127.0.0.1", "true"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 255
    assert "HOST IDENTIFICATION HAS CHANGED" in result.stderr


def test_hosts_have_booted_and_have_nothing_of_obproxy(lab, on_host):
    assert on_host(lab, 1, "systemctl is-system-running").stdout.strip() == "running"
    for absent in ("command -v nc", "id admin", "rpm -q obproxy", "ls -d /opt/taobao"):
        assert on_host(lab, 1, absent).returncode != 0, absent


def test_a_host_knows_itself_by_an_address_that_is_not_loopback(lab, on_host):
    """A real OBProxy does not start on a host that has only 127.x addresses."""
    assert on_host(lab, 2, "hostname -i").stdout.strip() == lab["hosts"][1]["address"]


def test_dnf_finds_both_versions_of_the_stand_in_and_installs_nc(lab, on_host):
    found = on_host(lab, 1, "dnf --quiet list --showduplicates obproxy").stdout
    assert "1.9.1.1-1919579.el7" in found
    assert "3.2.3.5-2.el7" in found
    installed = on_host(lab, 1, "dnf --quiet -y install nc && command -v nc")
    assert installed.returncode == 0, installed.stderr


def test_sshd_is_published_on_loopback_only(lab):
    for container in podman_json("inspect", *[host["container"] for host in lab["hosts"]]):
        bindings = [entry for entries in container["HostConfig"]["PortBindings"].values() for entry in entries]
        assert [binding["HostIp"] for binding in bindings] == ["127.0.0.1"]


def test_up_again_leaves_the_hosts_alone_and_is_quick(lab):
    before = time.monotonic()
    again = labs.up(lab["name"])
    assert time.monotonic() - before < 10
    assert again == lab


def test_one_host_more_leaves_the_others_as_they_are(lab_command, on_host):
    name = "t-growing"
    try:
        one = labs.up(name, 1)
        two = labs.up(name, 2)
        assert two["hosts"][0] == one["hosts"][0]
        assert on_host(two, 2, "true").returncode == 0
    finally:
        labs.down(name)


def test_a_host_that_was_stopped_is_replaced(lab_command, on_host):
    name = "t-stopped"
    try:
        found = labs.up(name, 1)
        podman("stop", "--time", "0", found["hosts"][0]["container"])
        again = labs.up(name)
        assert on_host(again, 1, "true").returncode == 0
    finally:
        labs.down(name)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["up", "Bad_Name"], "is no name for a lab"),
        (["up", "t-none", "--hosts", "0"], "from 1 to 50 hosts"),
        (["inventory", "t-none"], "There is no lab t-none"),
    ],
)
def test_bad_input_is_one_clear_line(lab_command, arguments, words):
    result = lab_command(*arguments)
    assert result.returncode == 1
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_lab_with_a_real_proxy_says_what_it_needs(lab_command):
    result = lab_command("up", "t-real", "--packages", "real", OBPROXY_RPM="")
    assert result.returncode == 1
    assert "set OBPROXY_RPM" in result.stderr
