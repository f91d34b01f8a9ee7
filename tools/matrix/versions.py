# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Environments with other versions of ansible-core and Python than those of the tests, created once from PyPI."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: The Python versions for a controller with this ansible-core, newest first.
PYTHONS = {
    "2.16": ("3.12", "3.11", "3.10"),
    "2.18": ("3.13", "3.12", "3.11"),
    "2.19": ("3.13", "3.12", "3.11"),
    "2.20": ("3.14", "3.13", "3.12"),
    "2.21": ("3.14", "3.13", "3.12"),
}
#: The last ansible-core that supports the oldest Python on which modules must run, and this Python.
OLDEST_TARGET = ("2.16", "3.6")
#: The ansible-core of the tests themselves.
OWN = "own"


class CannotBeHad(Exception):
    """This version cannot be installed on this machine."""


def python_of(core: str, version: str | None = None) -> Path:
    """Return the interpreter of an environment with this ansible-core, on this Python or the newest one available."""
    if core == OWN:
        return Path(sys.executable)
    wanted = (version,) if version else PYTHONS[core]
    found = next(((name, base) for name in wanted if (base := interpreter(name))), None)
    if found is None:
        raise CannotBeHad(f"ansible-core {core} needs Python {' or '.join(wanted)}, and there is none")
    folder = ROOT / ".cache" / "matrix" / f"{core}-{found[0]}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ready = folder / "ready"
        if not ready.exists() or ready.stat().st_mtime < (ROOT / "pyproject.toml").stat().st_mtime:
            _make(core, found[1], folder / "venv")
            ready.touch()
    return folder / "venv" / "bin" / "python"


def _make(core: str, base: str, folder: Path) -> None:
    made = subprocess.run(
        [ROOT / "tools/setup/python", "environment", folder, "--group", "tests", f"ansible-core=={core}.*"],
        env={**os.environ, "PYTHON": base},
        capture_output=True,
        text=True,
        timeout=300,
    )
    if made.returncode:
        raise CannotBeHad(f"ansible-core {core} cannot be installed: {made.stderr.strip()[-300:]}")


def interpreter(version: str) -> str | None:
    """Return a working Python of this version that can create environments, from PATH or pyenv."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for found in (shutil.which(f"python{version}"), *map(str, pyenv.glob(f"{version}.*/bin/python3"))):
        if not found:
            continue
        asked = [found, "-c", "import ensurepip, ssl, sys, venv; print('%d.%d' % sys.version_info[:2])"]
        if subprocess.run(asked, capture_output=True, text=True).stdout.strip() == version:
            return found
    return None
