# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One ansible-core on one Python, and the tests with these versions."""

from __future__ import annotations

import os
import re
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from .versions import OLDEST_TARGET, PYTHONS, ROOT, CannotBeHad, interpreter, python_of

SANITY, TARGET, UNITS, INTEGRATION = STEPS = ("sanity", "modules on 3.6", "units", "integration")
#: Tests of modules, action plugins and inventory with Ansible's own commands, and of modules as started on hosts.
TRIED = ("completeness", "examples", "inventory", "takeover")
ABOUT_VERSIONS = [f"tests/integration/ocp/test_{name}.py" for name in TRIED]
#: The parts of ansible-test sanity that depend on the Python version.
OF_PYTHON = ["--test", "compile", "--test", "import"]


@dataclass
class Cell:
    core: str
    python: str
    #: Whether this is the newest Python for this ansible-core on this machine.
    newest: bool
    outcomes: dict[str, str] = field(default_factory=dict)
    #: The output of steps that failed.
    output: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def failed(self) -> bool:
        return bool(self.output)

    def run(self) -> Cell:
        started = time.monotonic()
        try:
            binaries = python_of(self.core, self.python).parent
        except CannotBeHad as reason:
            self.outcomes = {SANITY: f"skipped: {reason}"}
            return self
        self._step(SANITY, binaries, ["tools/setup/ansible-test", "sanity", *([] if self.newest else OF_PYTHON)])
        if self.core == OLDEST_TARGET[0]:
            self._target(binaries)
        self._step(UNITS, binaries, [*pytest(binaries), "tests/unit"])
        self._step(INTEGRATION, binaries, [*pytest(binaries), *ABOUT_VERSIONS])
        self.seconds = time.monotonic() - started
        return self

    def _target(self, binaries: Path) -> None:
        oldest = interpreter(OLDEST_TARGET[1])
        if oldest is None:
            self.outcomes[TARGET] = f"skipped: there is no Python {OLDEST_TARGET[1]}"
            return
        command = ["tools/setup/ansible-test", "sanity", *OF_PYTHON, "--python", OLDEST_TARGET[1]]
        self._step(TARGET, binaries, command, str(Path(oldest).parent))

    def _step(self, step: str, binaries: Path, command: list[str], more_path: str = "") -> None:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={
                **os.environ,
                "VENV": str(binaries.parent),
                "PATH": f"{binaries}:{os.environ['PATH']}:{more_path}".rstrip(":"),
                "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache" / "installed"),
                # All versions read OCP's odd answers alike. Unit tests with the tests' own version try 50 of them.
                "OCP_FUZZ_EXAMPLES": "10",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        counted = re.findall(r"\d+ (?:passed|failed|skipped|error)s?", done.stdout.strip().rpartition("\n")[2])
        parts = "all" if step == SANITY and self.newest else "compile, import"
        self.outcomes[step] = ("" if done.returncode == 0 else "FAILED: ") + (", ".join(counted) or parts)
        if done.returncode:
            # Errors of ansible-test may be followed by pages about what it installs.
            errors = [line for line in done.stdout[:-6000].splitlines() if line.startswith(("ERROR:", "FAILED "))]
            self.output.append("\n".join([f"== {step}", *errors[:50], done.stdout[-6000:]]))

    def told(self) -> str:
        head = f"ansible-core {self.core}, Python {self.python}: "
        if not self.seconds:
            return head + next(iter(self.outcomes.values()))
        shown = "; ".join(f"{step} {outcome}" for step, outcome in self.outcomes.items())
        return "\n".join([f"{head}{shown} ({self.seconds:.0f} s)", *self.output])


def pytest(binaries: Path) -> list[str]:
    return [str(binaries / "python"), "-m", "pytest", "-q", "-p", "no:cacheprovider"]


def cells(wanted: list[str]) -> list[Cell]:
    """Return all cells of the matrix, or those selected by ansible-core, or by ansible-core and Python."""
    found = []
    for core, pythons in PYTHONS.items():
        newest = next(filter(interpreter, pythons), None)
        for python in pythons:
            if not wanted or core in wanted or f"{core}-{python}" in wanted:
                found.append(Cell(core, python, python == newest))
    return found
