# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Environments with other versions of ansible-core than the one that the tests run with: made once, from PyPI."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
#: The Pythons that a controller with this ansible-core can have, the best first.
PYTHONS = {"2.16": ("3.12", "3.11", "3.10")}
OWN = "own"


class CannotBeHad(Exception):
    """This version cannot be installed on this machine."""


def python_of(core: str) -> Path:
    """The interpreter of an environment with this ansible-core; `own` is the one of the tests themselves."""
    if core == OWN:
        return Path(sys.executable)
    folder = ROOT / ".cache" / "cores" / core
    folder.mkdir(parents=True, exist_ok=True)
    python = folder / "bin" / "python"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            _make(core, folder, python)
            (folder / "ready").touch()
    return python


def _make(core: str, folder: Path, python: Path) -> None:
    base = next(filter(None, map(_interpreter, PYTHONS[core])), None)
    if base is None:
        raise CannotBeHad(f"ansible-core {core} needs one of Python {', '.join(PYTHONS[core])}, and there is none")
    packages = [f"ansible-core=={core}.*", "requests"]
    for command in (
        [base, "-m", "venv", "--clear", str(folder)],
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages],
    ):
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        if done.returncode:
            raise CannotBeHad(f"ansible-core {core} cannot be installed: {(done.stderr or done.stdout).strip()[-300:]}")


def _interpreter(version: str) -> str | None:
    """A Python of this version that works and can make environments, from PATH or pyenv."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for found in (shutil.which(f"python{version}"), *map(str, pyenv.glob(f"{version}.*/bin/python3"))):
        if not found:
            continue
        asked = [found, "-c", "import ensurepip, ssl, sys, venv; print('%d.%d' % sys.version_info[:2])"]
        if subprocess.run(asked, capture_output=True, text=True).stdout.strip() == version:
            return found
    return None
