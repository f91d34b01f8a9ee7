# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run of Ansible as a user watches it: each line with the time of its arrival, and all processes of the run."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Line:
    text: str
    #: Seconds since the start of the command.
    at: float
    #: Seconds since the epoch, for comparison with the simulator's journal.
    moment: float


class Live:
    """A running playbook with one task, in its own process group as in a terminal."""

    def __init__(self, python: Path, folder: Path, environment: dict[str, str], task: dict[str, Any]) -> None:
        play = {"hosts": "localhost", "gather_facts": False, "tasks": [task]}
        (folder / "play.yml").write_text(json.dumps([play]))
        self.lines: list[Line] = []
        self._began = time.monotonic()
        # All processes of the run inherit this mark and are found by it.
        self._mark = f"{folder.name}-{time.monotonic_ns()}"
        self.process = subprocess.Popen(
            [str(python.parent / "ansible-playbook"), "-e", f"ansible_python_interpreter={python}", "play.yml"],
            cwd=folder,
            # Python writes to a pipe in blocks, but to a terminal, and in AWX, line by line.
            env={**environment, "OBOPS_TEST_RUN": self._mark, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            process_group=0,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for text in self.process.stdout:
            self.lines.append(Line(text.rstrip("\n"), time.monotonic() - self._began, time.time()))

    @property
    def output(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def progress(self) -> list[Line]:
        """The lines that the collection prints. They begin with the elapsed seconds."""
        return [line for line in self.lines if line.text.startswith("[") and " s] " in line.text[:12]]

    def until(self, words: str, seconds: float = 30) -> Line:
        """Wait for a line that contains these words, and return it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for line in self.lines:
                if words in line.text:
                    return line
            time.sleep(0.05)
        raise AssertionError(f"no line with {words!r}:\n{self.output}")

    def until_spread_over(self, seconds: int) -> None:
        """Wait until progress lines have arrived in this many different seconds."""
        end = time.monotonic() + 30
        while len({int(line.at) for line in self.progress}) < seconds:
            assert time.monotonic() < end, self.output
            time.sleep(0.05)

    def wait(self, seconds: float = 90) -> int:
        code = self.process.wait(seconds)
        # A worker that outlives ansible-playbook may keep its standard output open.
        self._reader.join(1)
        return code

    def left_over(self, seconds: float) -> list[str]:
        """Return the processes of this run that still exist after `seconds`, or an empty list once there are none."""
        end = time.monotonic() + seconds
        while found := self._processes():
            if time.monotonic() > end:
                return found
            time.sleep(0.1)
        return []

    def _processes(self) -> list[str]:
        found = []
        for folder in Path("/proc").iterdir():
            try:
                if folder.name.isdigit() and f"OBOPS_TEST_RUN={self._mark}".encode() in (
                    (folder / "environ").read_bytes().split(b"\0")
                ):
                    command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                    # A zombie process has no command line.
                    found += [f"{folder.name}: {command}"] if command else []
            except OSError:
                continue  # the process has just ended
        return found

    def interrupt(self, how: str) -> None:
        if how == "Ctrl-C":
            os.killpg(self.process.pid, signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                # Ansible waits forever for a worker that ended while holding the lock of the queue.
                os.killpg(self.process.pid, signal.SIGINT)
        else:
            os.kill(self.process.pid, getattr(signal, how))

    def end(self) -> None:
        """Kill all processes of the run after a test, whether or not it passed."""
        for pid in [self.process.pid, *(int(words.split(":")[0]) for words in self._processes())]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
