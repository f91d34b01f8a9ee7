# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible as a user watches it: each line with the moment at which it came, and all the processes behind it."""

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
    #: Seconds since the epoch, as the simulator's journal has them.
    moment: float


class Live:
    """A playbook of one task that runs now, in a process group of its own as at a terminal."""

    def __init__(self, python: Path, folder: Path, environment: dict[str, str], task: dict[str, Any]) -> None:
        play = {"hosts": "localhost", "gather_facts": False, "tasks": [task]}
        (folder / "play.yml").write_text(json.dumps([play]))
        self.lines: list[Line] = []
        self._began = time.monotonic()
        # Whatever comes of it carries this, and can be found by it.
        self._mark = f"{folder.name}-{time.monotonic_ns()}"
        self.process = subprocess.Popen(
            [str(python.parent / "ansible-playbook"), "-e", f"ansible_python_interpreter={python}", "play.yml"],
            cwd=folder,
            # Into a pipe Python writes in blocks; on a terminal, and in AWX, each line at once.
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
        """The lines of the collection's own: they begin with the seconds that have passed."""
        return [line for line in self.lines if line.text.startswith("[") and " s] " in line.text[:12]]

    def until(self, words: str, seconds: float = 30) -> Line:
        """Waits for a line with these words."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for line in self.lines:
                if words in line.text:
                    return line
            time.sleep(0.05)
        raise AssertionError(f"no line with {words!r}:\n{self.output}")

    def until_spread_over(self, seconds: int) -> None:
        """Waits for progress in so many different seconds."""
        end = time.monotonic() + 30
        while len({int(line.at) for line in self.progress}) < seconds:
            assert time.monotonic() < end, self.output
            time.sleep(0.05)

    def wait(self, seconds: float = 90) -> int:
        code = self.process.wait(seconds)
        # A worker that outlives ansible-playbook may hold its standard output.
        self._reader.join(1)
        return code

    def left_over(self, seconds: float) -> list[str]:
        """The processes of this run that are still there after so many seconds, or as soon as there are none."""
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
                    # What has ended and was not waited for has no command line any more.
                    found += [f"{folder.name}: {command}"] if command else []
            except OSError:
                continue  # it has just ended
        return found

    def interrupt(self, how: str) -> None:
        if how == "Ctrl-C":
            os.killpg(self.process.pid, signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                # Ansible waits forever for a worker that ended while it held the lock of the queue.
                os.killpg(self.process.pid, signal.SIGINT)
        else:
            os.kill(self.process.pid, getattr(signal, how))

    def end(self) -> None:
        """After a test, whatever became of it."""
        for pid in [self.process.pid, *(int(words.split(":")[0]) for words in self._processes())]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
