# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a command and leave nothing of it behind: labs and processes end with it, also when it fails or is stopped."""

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

#: What a stopped command gets to end by itself: asked as by Ctrl-C, asked again, not asked.
STOPS = ((signal.SIGINT, 20), (signal.SIGTERM, 5), (signal.SIGKILL, 5))


class Stopped(Exception):
    """Somebody wants us to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def run(command: list[str]) -> int:
    """Run it under a new session's name; return its exit code, once all that it started has ended."""
    name = f"run-{secrets.token_hex(6)}"

    def stop(number: int, _frame: object) -> None:
        raise Stopped(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    # A group of its own, so that a Ctrl-C reaches it once and through us.
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
    """As a shell tells it: a signal counts from 128."""
    return 128 - code if code < 0 else code


def ignore_signals() -> None:
    """Let nothing interrupt the tidying up."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def end_group(child: subprocess.Popen[bytes]) -> None:
    """End a command with all of its group, as a person would: by Ctrl-C, and by more if it does not end.

    ansible-core may not end: a worker that Ctrl-C ends while it holds the lock of the queue leaves it waiting for that.
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
    """End the labs and the processes that carry the session's name."""
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
    """The processes of this machine whose environment names the session."""
    mark = f"LAB_SESSION={name}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                pid = int(folder.name)
                found.append({"pid": pid, "identity": process.identity(pid)})
    return found
