# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The setup reports missing programs and how to install them, or installs them, before anything starts."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab.places import ROOT

SYSTEM = ROOT / "tools/setup/system"
PYTHON = ROOT / "tools/setup/python"
#: The programs that every machine has. The machines of these tests lack all others.
EVERYWHERE = "bash cat cut dirname env git head id ln mktemp paste printf rm sed sort tail touch tr"


class Machine:
    """A machine simulated by its PATH, with real programs and with fakes that record their calls."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for program in EVERYWHERE.split():
            found = subprocess.run(["which", program], capture_output=True, text=True, check=False).stdout.strip()
            if found:
                (folder / program).symlink_to(found)
        self.is_user(0)

    def put(self, program: str, script: str = "exit 0") -> None:
        file = self.folder / program
        file.unlink(missing_ok=True)
        file.write_text(f'#!/bin/bash\necho "{program} $*" >> "{self.folder}/calls"\n{script}\n')
        file.chmod(0o755)

    def is_user(self, number: int) -> None:
        self.put("id", f"echo {number}")

    def calls(self, program: str) -> list[str]:
        file = self.folder / "calls"
        lines = file.read_text().splitlines() if file.exists() else []
        return [line for line in lines if line.split()[0] == program]

    def run(self, script: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        # Hide the programs of the machine that runs the tests. The scripts add sbin folders themselves.
        clean = {"PATH": str(self.folder), "HOME": str(self.folder), **environment}
        command = ["/bin/bash", script, *arguments]
        return subprocess.run(command, env=clean, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_without_a_known_package_manager_everything_missing_is_named_at_once(machine):
    result = machine.run(SYSTEM)
    assert result.returncode == 1
    for program in ("podman", "mmdebstrap", "ssh-keygen", "rpmbuild", "createrepo_c"):
        assert f"- {program} (" in result.stderr
    assert "your system's package manager" in result.stderr


def test_on_debian_without_root_the_command_to_get_it_is_shown(machine):
    machine.is_user(1000)
    machine.put("apt-get")
    machine.put("sudo", "exit 1")
    result = machine.run(SYSTEM)
    assert result.returncode == 1
    command = next(line for line in result.stderr.splitlines() if "apt-get install" in line)
    assert command.strip().startswith("Get it:  sudo apt-get update && sudo apt-get install")
    for package in ("podman", "mmdebstrap", "openssh-client", "rpm", "createrepo-c"):
        assert package in command.split()
    assert not machine.calls("apt-get")


def test_on_fedora_the_packages_have_their_names_there(machine):
    machine.put("dnf")
    result = machine.run(SYSTEM)
    assert result.returncode == 1
    command = next(line for line in result.stderr.splitlines() if "dnf install" in line)
    for package in ("podman", "openssh-clients", "rpm-build", "createrepo_c"):
        assert package in command.split()
    assert not machine.calls("dnf")


@pytest.mark.parametrize("user", [0, 1000])
def test_on_debian_as_root_or_with_sudo_it_is_installed(machine, user):
    machine.is_user(user)
    machine.put("sudo", 'shift; "$@"')
    brought = " ".join(str(machine.folder / program) for program in ("podman", "rpmbuild"))
    machine.put("apt-get", f'[[ "$*" != *install* ]] || for file in {brought}; do ln -s /bin/true "$file"; done')
    result = machine.run(SYSTEM)
    update, install = machine.calls("apt-get")
    assert "update" in update.split()
    assert {"podman", "mmdebstrap", "rpm", "createrepo-c"} <= set(install.split())
    assert bool(machine.calls("sudo")) == (user != 0)
    # This apt-get installed only two programs, so the others are reported as still missing.
    assert result.returncode == 1
    assert "still missing" in result.stderr
    assert "- podman (" not in result.stderr
    assert "- mmdebstrap (" in result.stderr


def test_a_failing_apt_get_shows_its_own_words(machine):
    machine.put("apt-get", "echo E: Unable to locate package; exit 100")
    result = machine.run(SYSTEM)
    assert result.returncode == 1
    assert "E: Unable to locate package" in result.stderr


def test_an_image_of_ones_own_needs_no_mmdebstrap(machine):
    assert "mmdebstrap" not in machine.run(SYSTEM, LAB_IMAGE="example.org/el9").stderr


def test_with_everything_but_root_it_says_why_root_is_needed(machine):
    for program in re.findall(r"^(\S+) +\S+ +\S+ +\w+s ", SYSTEM.read_text(), re.MULTILINE):
        machine.put(program)
    for program in ("mmdebstrap", "uv"):
        machine.put(program)
    (machine.folder / "dnf").unlink()
    assert machine.run(SYSTEM).returncode == 0
    assert "- dnf (" in machine.run(SYSTEM, "--tests").stderr
    machine.is_user(1000)
    result = machine.run(SYSTEM)
    assert result.returncode == 1
    assert "run this as root, or let sudo work without a password" in result.stderr


def test_the_newest_python_is_taken_and_one_without_a_body_is_passed_over(machine):
    (machine.folder / "python3").symlink_to(sys.executable)
    machine.put("python3.14", "echo pyenv: python3.14: command not found >&2; exit 127")
    for version in ("3.10", "3.14"):
        folder = machine.folder / ".pyenv/versions" / version / "bin"
        folder.mkdir(parents=True)
        fake = folder / "python3"
        fake.write_text(f'#!/bin/bash\n[[ "$*" == *version_info* ]] && echo {version}.1 {fake}\n')
        fake.chmod(0o755)
    result = machine.run(PYTHON, "find")
    assert result.stdout.strip() == str(machine.folder / ".pyenv/versions/3.14/bin/python3")


def test_without_a_fitting_python_the_versions_are_named(machine):
    old = machine.folder / "python3"
    old.write_text("#!/bin/bash\nexit 0\n")
    old.chmod(0o755)
    result = machine.run(PYTHON, "find")
    assert result.returncode == 1
    assert re.search(r"No Python from 3\.10 to 3\.\d+ was found", result.stderr)


def test_the_set_up_of_this_machine_is_complete():
    result = subprocess.run([SYSTEM, "--check", "--tests"], env=os.environ, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
