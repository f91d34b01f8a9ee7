# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The package repository of the hosts, with the stand-in packages or the user's real OBProxy package."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from .places import CACHE, ROOT, LabError

STAND_IN = "stand-in"
REAL = "real"


def ensure(kind: str) -> Path:
    """Build the repository unless it is up to date; return its folder."""
    if kind == STAND_IN:
        folder, more = CACHE / "packages", list[str]()
    else:
        file = os.environ.get("OBPROXY_RPM", "")
        if not file:
            raise LabError("A lab with a real OBProxy needs its package: set OBPROXY_RPM to the RPM's path.")
        folder, more = CACHE / "packages-real", ["--real", file]
    command = [str(ROOT / "tests/packages/build"), str(folder), *more]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise LabError(f"The package repository could not be built:\n{result.stderr.strip()}")
    return folder


def real_package() -> dict[str, str]:
    """Return name and version of the package in OBPROXY_RPM, in the format of the role's variables."""
    command = ["rpm", "--query", "--package", "--nosignature", "--queryformat", "%{NAME} %{VERSION}-%{RELEASE}"]
    file = os.environ["OBPROXY_RPM"]
    result = subprocess.run([*command, file], capture_output=True, text=True, check=False)
    if result.returncode:
        raise LabError(f"{file} is no package that rpm can read: {result.stderr.strip()}")
    name, version = result.stdout.split()
    return {"name": name, "version": version}
