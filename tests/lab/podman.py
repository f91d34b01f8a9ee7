# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Functions that run podman as root with the lab's own configuration."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from .places import LabError

#: The time limit for one podman command, in seconds.
TIMEOUT = 300
CONFIGURATION = Path(__file__).with_name("containers.conf")


def as_root(*command: str) -> list[str]:
    """Return the command to run as root. Only podman's root mode gives hosts addresses that this machine can reach."""
    environment = f"CONTAINERS_CONF={CONFIGURATION}"
    if os.geteuid() == 0:
        return ["env", environment, *command]
    return ["sudo", "-n", "env", environment, *command]


def podman(*arguments: str, check: bool = True, text: str | None = None) -> str:
    """Run podman and return its output. Errors contain podman's own message."""
    try:
        result = subprocess.run(
            as_root("podman", *arguments), input=text, capture_output=True, text=True, timeout=TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise LabError(f"podman {' '.join(arguments[:2])} has not ended within {TIMEOUT} s. Try again.") from error
    if check and result.returncode:
        words = (result.stderr or result.stdout).strip()
        raise LabError(f"podman {' '.join(arguments[:2])} failed ({result.returncode}): {words}")
    return result.stdout


def podman_json(*arguments: str) -> Any:
    """Run podman and return the data in its JSON output."""
    return json.loads(podman(*arguments, "--format", "json") or "null") or []
