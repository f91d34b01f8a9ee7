# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tools do not change the user's home directory, but write below .cache/ instead."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab.places import ROOT


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A user's home directory with a configuration that the tools need."""
    folder = tmp_path / "a user's home"
    (folder / ".config/pip").mkdir(parents=True)
    (folder / ".config/pip/pip.conf").write_text("[global]\n")
    return folder


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """A virtual environment whose ansible-test writes to the home directory, on a machine that cannot download pip."""
    binaries = tmp_path / "checkout/.cache/venv/bin"
    binaries.mkdir(parents=True)
    scripts = {
        "python": f'[[ "$*" != *urllib* ]] || exit 1; exec {sys.executable} "$@"',
        "ansible-test": 'mkdir -p ~/.ansible/test/venv; echo "$@"; ls ~/.ansible/test/cache ~/.config/pip',
    }
    for name, script in scripts.items():
        (binaries / name).write_text(f"#!/bin/bash\n{script}\n")
        (binaries / name).chmod(0o755)
    return binaries.parent


def test_ansible_test_and_its_pip_bootstrap_stay_below_the_cache(home, venv):
    environment = {**os.environ, "HOME": str(home), "VENV": str(venv)}
    command = [ROOT / "tools/setup/ansible-test", "units"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.startswith("units --local")
    assert "get_pip_" in done.stdout
    assert [path.name for path in home.iterdir()] == [".config"]
    assert (venv.parent / "home/.ansible/test/venv").is_dir()
    # The user's own pip settings, such as a mirror, still apply.
    assert "pip.conf" in done.stdout


def test_the_packages_are_built_without_a_database_in_the_home_directory(home, tmp_path):
    environment = {**os.environ, "HOME": str(home)}
    command = [ROOT / "tests/packages/build", tmp_path / "packages"]
    subprocess.run(command, env=environment, capture_output=True, timeout=120, check=True)
    assert [path.name for path in home.iterdir()] == [".config"]
