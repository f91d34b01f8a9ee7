# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ansible-builder finds the needs of the installed collection, and creates a build context from the example."""

import subprocess
import sys
from pathlib import Path

import yaml

from tests.simulator.launcher import ROOT

BUILDER = str(Path(sys.executable).parent / "ansible-builder")
EXAMPLE = ROOT / "extensions" / "awx" / "execution-environment.yml"


def run(*arguments, cwd):
    done = subprocess.run([BUILDER, *arguments], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_collection_needs_requests_and_nothing_of_the_system(tmp_path):
    found = run("introspect", "--write-pip", "pip.txt", str(ROOT / ".cache" / "installed"), cwd=tmp_path)
    assert yaml.safe_load(found) == {"python": ["requests>=2.31  # from collection obops.oceanbase"], "system": []}
    assert (tmp_path / "pip.txt").read_text().startswith("requests>=2.31")


def test_the_example_makes_a_build_context(tmp_path):
    run("create", "--file", str(EXAMPLE), "--context", str(tmp_path / "context"), cwd=tmp_path)
    containerfile = (tmp_path / "context" / "Containerfile").read_text()
    base = yaml.safe_load(EXAMPLE.read_text())["images"]["base_image"]["name"]
    assert f'ARG EE_BASE_IMAGE="{base}"' in containerfile
    wanted = yaml.safe_load((tmp_path / "context" / "_build" / "requirements.yml").read_text())
    assert [entry["name"] for entry in wanted["collections"]] == ["obops.oceanbase"]
    assert "openssh-clients" in (tmp_path / "context" / "_build" / "bindep.txt").read_text()
