# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection awx.awx, out of PyPI's package ansible: below .cache/awx, as a path for collections."""

from __future__ import annotations

import fcntl
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tests.simulator.launcher import ROOT

COLLECTIONS = ROOT / ".cache" / "awx"
#: The package has awx.awx up to here.
PACKAGE = "ansible>=10.7,<14"
INSIDE = "ansible_collections/awx/awx/"


def collections() -> Path | None:
    """The path, or None when the package cannot be had here."""
    COLLECTIONS.parent.mkdir(exist_ok=True)
    with COLLECTIONS.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (COLLECTIONS / INSIDE / "MANIFEST.json").exists() or _fetch():
            return COLLECTIONS
    return None


def _fetch() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        options = ["--quiet", "--no-deps", "--only-binary=:all:", "--dest", folder]
        done = subprocess.run([sys.executable, "-m", "pip", "download", *options, PACKAGE], capture_output=True)
        wheels = list(Path(folder).glob("ansible-*.whl"))
        if done.returncode or not wheels:
            return False
        with zipfile.ZipFile(wheels[0]) as wheel:
            # The manifest comes last, so that what is half there is not taken for the whole.
            names = [name for name in wheel.namelist() if name.startswith(INSIDE)]
            names.sort(key=lambda name: name.endswith("MANIFEST.json"))
            wheel.extractall(COLLECTIONS, names)
    return True
