# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Processes that outlive the command that started them, identified by more than their process ID."""

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
    """Return the boot ID and the start time, which no other process with the same ID shares; empty if it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    if fields[0] == "Z":  # a zombie: ended, but not yet waited for
        return ""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return f"{boot}/{fields[19]}"


def start(command: Sequence[str], folder: Path, output: Path, errors: Path) -> dict[str, Any]:
    """Start a command detached from the terminal and its signals; return the data that `alive` and `stop` need."""
    with output.open("w") as out, errors.open("w") as err:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True
        )
    return {"pid": process.pid, "identity": identity(process.pid)}


def alive(process: dict[str, Any] | None) -> bool:
    """Return whether this process is running, and not a later one with the same ID."""
    if not process:
        return False
    # A child of this process stays a zombie until it is waited for.
    with contextlib.suppress(ChildProcessError):
        os.waitpid(process["pid"], os.WNOHANG)
    return bool(process["identity"]) and identity(process["pid"]) == process["identity"]


def stop(process: dict[str, Any] | None, patience: float = 5) -> None:
    """Stop a process with SIGTERM, then with SIGKILL, and wait up to `patience` seconds after each signal."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if not process or not alive(process):
            return
        os.kill(process["pid"], number)
        deadline = time.monotonic() + patience
        while alive(process) and time.monotonic() < deadline:
            time.sleep(0.05)
