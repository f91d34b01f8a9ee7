# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Labs for the tests of the lab itself. Each lab is removed after the tests of its file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lab import lab as labs
from tests.lab.places import CACHE, ROOT

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session", autouse=True)
def needs_podman() -> None:
    if not shutil.which("podman"):
        pytest.skip("the lab needs podman: `make setup` sees to it")


@pytest.fixture(scope="module")
def lab_command() -> Command:
    """A function that runs a lab command as a user does."""

    def call(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tests.lab", *arguments]
        merged = {**os.environ, **environment}
        return subprocess.run(command, cwd=cwd, env=merged, capture_output=True, text=True, timeout=300, check=False)

    return call


@pytest.fixture(scope="module")
def lab(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """A lab with two hosts and a simulator, shared by the tests of a file."""
    name = "t-" + request.path.stem.removeprefix("test_").replace("_", "-")
    yield labs.up(name, 2, simulator=True)
    labs.down(name)


@pytest.fixture(scope="session")
def on_host() -> Callable[..., subprocess.CompletedProcess[str]]:
    """A function that runs a shell command on a lab's host by ssh."""

    def run(lab: dict[str, Any], number: int, command: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", "tests.lab", "ssh", lab["name"], str(number), command]
        return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)

    return run


@pytest.fixture(scope="session")
def ansible_environment() -> dict[str, str]:
    """An environment in which Ansible uses the installed artefact, as in `make demo` and Molecule."""
    return {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(CACHE / "installed"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "ANSIBLE_NOCOLOR": "true",
    }
