# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a command, and then stops all labs and processes that it started, even if it fails or is interrupted."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from . import lab, process

#: The signals that stop a command, from Ctrl-C to SIGKILL, and the seconds to wait after each.
STOPS = ((signal.SIGINT, 20), (signal.SIGTERM, 5), (signal.SIGKILL, 5))


class Stopped(Exception):
    """This process received a signal to stop."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def run(command: list[str]) -> int:
    """Run a command in a new session. Stop everything that it started, and return its exit code."""
    name = f"run-{secrets.token_hex(6)}"

    def stop(number: int, _frame: object) -> None:
        raise Stopped(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    # A separate process group, so that Ctrl-C reaches the command only once, through this process.
    child = subprocess.Popen(command, env={**os.environ, "LAB_SESSION": name}, start_new_session=True)
    try:
        return exit_code(child.wait())
    except Stopped as stopped:
        ignore_signals()
        end_group(child)
        return 128 + stopped.number
    finally:
        ignore_signals()
        end(name)


def exit_code(code: int) -> int:
    """Return the exit code as a shell does: 128 plus the number of the signal."""
    return 128 - code if code < 0 else code


def ignore_signals() -> None:
    """Ignore signals during cleanup."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def end_group(child: subprocess.Popen[bytes]) -> None:
    """Stop a command and its process group as a user would: with Ctrl-C, then with stronger signals.

    ansible-core may not exit: if Ctrl-C stops a worker that holds the lock of the queue, it keeps waiting for the lock.
    """
    for number, patience in STOPS:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, number)
        try:
            child.wait(timeout=patience)
            return
        except subprocess.TimeoutExpired:
            continue


def end(name: str) -> None:
    """Stop the labs and the processes of the session."""
    lab.down_all(of_session=name)
    for number, patience in STOPS[1:]:
        left = processes(name)
        for found in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(found["pid"], number)
        deadline = time.monotonic() + patience
        while any(process.alive(found) for found in left) and time.monotonic() < deadline:
            time.sleep(0.05)


def processes(name: str) -> list[dict[str, Any]]:
    """Return the processes on this machine that have the session in their environment."""
    mark = f"LAB_SESSION={name}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                pid = int(folder.name)
                found.append({"pid": pid, "identity": process.identity(pid)})
    return found
