# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of the playbook preflight on a mixed fleet, which changes nothing."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

EXPECTED = yaml.safe_load(Path(__file__).parents[1].joinpath("variables.yml").read_text())["expected"]
INVENTORY = ".cache/lab/molecule-preflight/inventory.yml"


@pytest.fixture(scope="session")
def fleet() -> subprocess.CompletedProcess[str]:
    """The playbook's run for all hosts in check mode. Without check mode, it would not change anything either."""
    command = ["ansible-playbook", "-i", INVENTORY, "obops.oceanbase.preflight", "--check"]
    environment = {**os.environ, "ANSIBLE_NOCOLOR": "1", "ANSIBLE_CALLBACK_RESULT_FORMAT": "json"}
    root = os.environ["MOLECULE_PROJECT_DIRECTORY"]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def table(fleet: subprocess.CompletedProcess[str]) -> list[str]:
    """The rows of the report."""
    found = re.search(r"^HOST .*?\n\n", fleet.stdout, re.DOTALL | re.MULTILINE)
    assert found, fleet.stdout + fleet.stderr
    return found.group(0).splitlines()


@pytest.mark.parametrize("name", EXPECTED)
def test_each_host_has_a_row_with_its_blockers(table, name):
    (row,) = (line for line in table if line.startswith(f"{name} "))
    blockers = EXPECTED[name]["fleet"]
    assert ("blocked" if blockers else "would_take_over") in row.split()
    assert row.endswith(", ".join(blockers))


@pytest.mark.parametrize("name", sorted({name for host in EXPECTED.values() for name in host["fleet"]}))
def test_each_blocker_is_explained_once(fleet, name):
    number = sum(name in host["fleet"] for host in EXPECTED.values())
    hosts = f"{number} host" + ("s" if number > 1 else "")
    assert len(re.findall(rf"^{name}: {hosts}$", fleet.stdout, re.MULTILINE)) == 1


def test_asking_has_changed_nothing(fleet, ocp):
    recaps = re.findall(r"^\S+ +: ok=.*?changed=(\d+) +unreachable=(\d+)", fleet.stdout, re.MULTILINE)
    assert recaps == [("0", "0")] * len(EXPECTED)
    asked = ocp("/_simulator/requests")
    assert {request["method"] for request in asked if "/_simulator/" not in request["path"]} == {"GET"}


def test_false_friends_run_all_the_same(host):
    """Host 1 is in the scenario for these processes. That it has no blockers is a proof only while they are running."""
    names = host.check_output("ps -eo comm=").split()
    if host.backend.get_hostname() == "molecule-preflight-1":
        assert {"obstat2", "vim", "tail"} <= set(names)
        assert names.count("obproxy") == 1
