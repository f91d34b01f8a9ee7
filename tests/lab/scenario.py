# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a Molecule scenario with the installed artefact, and creates all files below .cache."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from .places import CACHE, ROOT

DEFAULT = "default"


def environment(scenario: str) -> dict[str, str]:
    """Return the environment for Molecule and Ansible."""
    mine = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "ANSIBLE_COLLECTIONS_PATH": str(CACHE / "installed"),
        "ANSIBLE_INJECT_FACT_VARS": "false",
        "MOLECULE_GLOB": "molecule/*/molecule.yml",
        # Molecule's default is named after the checkout's folder, and another checkout may have the same name.
        "MOLECULE_EPHEMERAL_DIRECTORY": str(CACHE / "molecule" / scenario),
        # Borders break lines in logs.
        "MOLECULE_COMMAND_BORDERS": "false",
    }
    return {**os.environ, **mine}


def molecule(command: str, scenario: str) -> list[str]:
    """Return the command line of Molecule."""
    return [sys.executable, "-m", "molecule", command, "--scenario-name", scenario]


def run(command: str, scenario: str) -> int:
    """Run Molecule in the terminal, and return its exit code."""
    return subprocess.run(molecule(command, scenario), cwd=ROOT, env=environment(scenario), check=False).returncode
