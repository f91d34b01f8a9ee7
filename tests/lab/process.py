# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A process that outlives the command which started it, known by more than its number."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def identity(pid: int) -> str:
    """What no other process of this machine shares, even under the same number: boot and time of start."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    if fields[0] == "Z":  # it has ended, nobody has looked yet
        return ""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return f"{boot}/{fields[19]}"


def start(command: Sequence[str], folder: Path, output: Path, errors: Path) -> dict[str, Any]:
    """Start it on its own, apart from our terminal and signals; return what `alive` and `stop` know it by."""
    with output.open("w") as out, errors.open("w") as err:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True
        )
    return {"pid": process.pid, "identity": identity(process.pid)}


def alive(process: dict[str, Any] | None) -> bool:
    """Whether it runs: that very process, not a later one with its number."""
    if not process:
        return False
    # One that we started ourselves stays a zombie until it is waited for.
    with contextlib.suppress(ChildProcessError):
        os.waitpid(process["pid"], os.WNOHANG)
    return bool(process["identity"]) and identity(process["pid"]) == process["identity"]


def stop(process: dict[str, Any] | None, patience: float = 5) -> None:
    """End it kindly, then firmly; return when it has ended."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if not process or not alive(process):
            return
        os.kill(process["pid"], number)
        deadline = time.monotonic() + patience
        while alive(process) and time.monotonic() < deadline:
            time.sleep(0.05)
