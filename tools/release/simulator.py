# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the OCP simulator as a wheel for users' molecule scenarios. The same sources always give the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path


def build(root: Path, target: Path, date: datetime) -> Path:
    """Build the wheel of the checkout's simulator into a directory."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(int(date.timestamp()))}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder]
        subprocess.run([*command, str(root / "tests" / "simulator")], env=environment, check=True)
        (built,) = Path(folder).iterdir()
        target.mkdir(exist_ok=True)
        result = target / built.name
        result.write_bytes(built.read_bytes())
    return result
