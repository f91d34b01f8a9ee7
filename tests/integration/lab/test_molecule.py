# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All Molecule scenarios, including new ones, each with check mode, converge, idempotence and verify."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.lab import lab as labs
from tests.lab import scenario
from tests.lab.places import ROOT

SCENARIOS = sorted(file.parent.name for file in ROOT.glob("molecule/*/molecule.yml"))
REAL = pytest.mark.skipif(not os.environ.get("OBPROXY_RPM"), reason="OBPROXY_RPM names no real OBProxy's package")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", [pytest.param(name, marks=[REAL] * (name == "real")) for name in SCENARIOS])
def test_molecule(name):
    """For the purpose of a scenario, see the top of its molecule.yml."""
    environment = {**scenario.environment(name), "NO_COLOR": "1"}
    command = scenario.molecule("test", name)
    try:
        result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert result.returncode == 0, f"molecule test {name} failed:\n{result.stdout}\n{result.stderr}"
    finally:
        labs.down(f"molecule-{name}")


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_has_checks_and_hosts_by_the_names_that_the_lab_gives(name):
    """Without tests, Molecule's verify step passes, and hosts with other names are not part of the lab."""
    folder = ROOT / "molecule" / name
    described = yaml.safe_load((folder / "molecule.yml").read_text())
    checks = Path(folder, described.get("verifier", {}).get("directory", "tests"))
    assert list(checks.glob("test_*.py"))
    assert [platform["name"] for platform in described["platforms"]] == [
        f"molecule-{name}-{number}" for number, _platform in enumerate(described["platforms"], 1)
    ]
