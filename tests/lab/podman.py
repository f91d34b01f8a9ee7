# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Call podman: as root, with a configuration of our own."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from .places import LabError

#: Seconds that one call of podman may take.
TIMEOUT = 300
CONFIGURATION = Path(__file__).with_name("containers.conf")


def as_root(*command: str) -> list[str]:
    """The command as root: hosts with addresses that the machine itself reaches need podman's root mode."""
    environment = f"CONTAINERS_CONF={CONFIGURATION}"
    if os.geteuid() == 0:
        return ["env", environment, *command]
    return ["sudo", "-n", "env", environment, *command]


def podman(*arguments: str, check: bool = True, text: str | None = None) -> str:
    """Run podman and return what it prints; an error carries podman's own words."""
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
    """Run podman and read the JSON that it prints."""
    return json.loads(podman(*arguments, "--format", "json") or "null") or []
