# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a molecule scenario: against the installed artefact, with everything that is made below .cache."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from .places import CACHE, ROOT

DEFAULT = "default"


def environment(scenario: str) -> dict[str, str]:
    """What molecule and Ansible below it are told."""
    mine = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "ANSIBLE_COLLECTIONS_PATH": str(CACHE / "installed"),
        "ANSIBLE_INJECT_FACT_VARS": "false",
        "MOLECULE_GLOB": "molecule/*/molecule.yml",
        # Molecule's own choice is named after the checkout's folder, which another checkout may share.
        "MOLECULE_EPHEMERAL_DIRECTORY": str(CACHE / "molecule" / scenario),
        # Frames break the lines of logs.
        "MOLECULE_COMMAND_BORDERS": "false",
    }
    return {**os.environ, **mine}


def molecule(command: str, scenario: str) -> list[str]:
    """Molecule's command line."""
    return [sys.executable, "-m", "molecule", command, "--scenario-name", scenario]


def run(command: str, scenario: str) -> int:
    """Run molecule before the user's eyes."""
    return subprocess.run(molecule(command, scenario), cwd=ROOT, env=environment(scenario), check=False).returncode
