# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The awx.awx collection from the PyPI package ansible, unpacked into the collections path .cache/awx."""

from __future__ import annotations

import fcntl
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tests.simulator.launcher import ROOT

COLLECTIONS = ROOT / ".cache" / "awx"
#: The package contains awx.awx before version 14.
PACKAGE = "ansible>=10.7,<14"
INSIDE = "ansible_collections/awx/awx/"


def collections() -> Path | None:
    """Return the collections path, or None if the package is not available here."""
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
            # Extract the manifest last, so that an incomplete copy is not mistaken for a complete one.
            names = [name for name in wheel.namelist() if name.startswith(INSIDE)]
            names.sort(key=lambda name: name.endswith("MANIFEST.json"))
            wheel.extractall(COLLECTIONS, names)
    return True
