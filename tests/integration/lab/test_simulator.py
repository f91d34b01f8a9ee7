# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated OCP of a lab, its access from the tests and the hosts, and its process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
import requests

from tests.lab import lab as labs
from tests.lab import process

pytestmark = pytest.mark.timeout(300)


def addresses(lab):
    session = requests.Session()
    session.trust_env = False
    simulator = lab["simulator"]
    session.auth = (simulator["username"], simulator["password"])
    answer = session.get(simulator["url"] + "/api/v2/compute/hosts", timeout=10).json()
    return sorted(host["innerIpAddress"] for host in answer["data"]["contents"])


def test_it_knows_the_hosts_of_its_lab(lab):
    assert addresses(lab) == sorted(host["address"] for host in lab["hosts"])


def test_hosts_reach_it_by_the_address_of_the_config_url(lab, on_host):
    code = f"import urllib.request as r; print(r.urlopen('{lab['simulator']['url']}/api/v2/time', timeout=5).status)"
    assert on_host(lab, 1, f'python3 -c "{code}"').stdout.strip() == "200"


def test_a_dead_simulator_is_started_again_at_the_same_address(lab):
    os.kill(lab["simulator"]["pid"], signal.SIGKILL)
    again = labs.up(lab["name"])
    assert again["simulator"]["url"] == lab["simulator"]["url"]
    assert again["simulator"]["pid"] != lab["simulator"]["pid"]
    assert addresses(again) == addresses(lab)


def test_a_new_lab_host_is_added_to_the_running_ocp():
    name = "t-joining"
    try:
        one = labs.up(name, 1, simulator=True)
        two = labs.up(name, 2)
        assert two["simulator"] == one["simulator"]
        assert addresses(two) == sorted(host["address"] for host in two["hosts"])
    finally:
        labs.down(name)


def test_another_process_under_its_number_is_left_alone():
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as other:
        stale = {"pid": other.pid, "identity": "another boot/1"}
        assert not process.alive(stale)
        process.stop(stale)
        assert other.poll() is None
        other.kill()


def test_a_process_that_ended_is_not_taken_for_alive(tmp_path):
    started = process.start(["true"], tmp_path, tmp_path / "out", tmp_path / "err")
    deadline = time.monotonic() + 10
    while process.alive(started) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not process.alive(started)
    process.stop(started)
