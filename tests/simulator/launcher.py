# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the simulator as a separate process, for tests and scripts.

with Simulator({"hosts": ["127.0.0.1"], "settings": {"task_seconds": 0.5}}) as ocp:
    call(ocp.url, ocp.username, ocp.password)
    assert len(ocp.takeovers()) == 1
"""

from __future__ import annotations

import json
import re
import select
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Any

import requests

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
_FIRST_LINE = re.compile(r"OCP simulator at (?P<url>\S+) \(user (?P<username>\S+), password (?P<password>.*)\)$")


class Simulator:
    """A running simulator. It stops at the end of the `with` block, and also if the process that started it dies."""

    def __init__(
        self,
        state: dict[str, Any] | Path | str | None = None,
        *,
        listen: str | list[str] = "127.0.0.1:0",
        public_url: str | None = None,
        tls: tuple[str | Path, str | Path] | None = None,
        arguments: tuple[str, ...] = (),
    ) -> None:
        self._state = state
        self._listen = [listen] if isinstance(listen, str) else listen
        self._public_url = public_url
        self._tls = tls
        self._arguments = arguments
        self._process: subprocess.Popen[str] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._session = requests.Session()
        # The environment's web proxies and .netrc do not apply to a server on this machine.
        self._session.trust_env = False
        self.url = self.username = self.password = ""

    def __enter__(self) -> Simulator:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> Simulator:
        self._folder = tempfile.TemporaryDirectory(prefix="ocp-simulator-")
        with self._stderr().open("w") as errors:
            self._process = subprocess.Popen(
                self._command(),
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        assert self._process.stdout is not None
        match = _FIRST_LINE.match(self._first_line(self._process.stdout))
        if match is None:
            log = self.log()
            self.stop()
            raise RuntimeError(f"the OCP simulator did not start: {log}")
        self.url, self.username, self.password = match["url"], match["username"], match["password"]
        return self

    def stop(self) -> int | None:
        """Stop the simulator, and return its exit code."""
        self._session.close()
        code = None
        if self._process is not None:
            self._process.terminate()
            try:
                code = self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                code = self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    stream.close()
            self._process = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
        return code

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def log(self) -> str:
        """Return the simulator's output on standard error."""
        return self._stderr().read_text(errors="replace")

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request to the control path; `path` begins below /_simulator."""
        verify = str(self._tls[0]) if self._tls else True
        answer = self._session.request(method, f"{self.url}/_simulator{path}", json=body, verify=verify, timeout=30)
        if answer.status_code >= 400:
            raise ValueError(f"{method} {path}: {answer.text}")
        return answer.json() if answer.content else None

    def _object(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        answer: dict[str, Any] = self.control(method, path, body)
        return answer

    def _list(self, path: str) -> list[dict[str, Any]]:
        answer: list[dict[str, Any]] = self.control("GET", path)
        return answer

    def reset(self, state: dict[str, Any] | None = None) -> None:
        """Start over with this state. No journal, fault, block or frozen clock is kept."""
        self.control("PUT", "/state", state or {})

    def state(self) -> dict[str, Any]:
        return self._object("GET", "/state")

    def settings(self, **changes: Any) -> dict[str, Any]:
        return self._object("PATCH", "/settings", changes)

    def fault(self, kind: str, **what: Any) -> dict[str, Any]:
        """Order a fault of the transport or of a response. See README.md."""
        return self._object("POST", "/faults", {"kind": kind, **what})

    def faults(self) -> list[dict[str, Any]]:
        return self._list("/faults")

    def task_fault(self, kind: str, **what: Any) -> dict[str, Any]:
        """Order a fault of the next task (of a host). See README.md."""
        return self._object("POST", "/task-faults", {"kind": kind, **what})

    def clear_faults(self) -> None:
        self.control("DELETE", "/faults")
        self.control("DELETE", "/task-faults")

    def requests(self, since: int = 0) -> list[dict[str, Any]]:
        """Return all requests to OCP so far, oldest first."""
        return self._list(f"/requests?since={since}")

    def forget_requests(self) -> None:
        self.control("DELETE", "/requests")

    def takeovers(self) -> list[dict[str, Any]]:
        """Return all takeovers that were started, oldest first, with one entry per proxy."""
        return self._list("/takeovers")

    def tasks(self) -> list[dict[str, Any]]:
        """Return all tasks but those of other users. Their subtasks are in the order of execution, unlike in OCP."""
        return self._list("/tasks")

    def change_task(self, task_id: int, **changes: Any) -> dict[str, Any]:
        """Change `seconds`, `fault` (None removes it) or `gone` of a running task."""
        return self._object("PATCH", f"/tasks/{task_id}", changes)

    def freeze(self) -> None:
        """Stop the simulator's clock, so that tasks only continue with `advance`."""
        self.control("PUT", "/clock", {"frozen": True})

    def thaw(self) -> None:
        self.control("PUT", "/clock", {"frozen": False})

    def advance(self, seconds: float) -> None:
        self.control("PUT", "/clock", {"advance": seconds})

    def _command(self) -> list[str]:
        command = [sys.executable, "-m", str(__package__), "--stop-on-eof"]
        for where in self._listen:
            command += ["--listen", where]
        if self._public_url:
            command += ["--public-url", self._public_url]
        if self._tls:
            cert, key = (Path(file).resolve() for file in self._tls)
            command += ["--tls-cert", str(cert), "--tls-key", str(key)]
        if isinstance(self._state, dict):
            # Every JSON document is also a YAML document.
            assert self._folder is not None
            file = Path(self._folder.name, "state.json")
            file.write_text(json.dumps(self._state))
            command += ["--state", str(file)]
        elif self._state is not None:
            command += ["--state", str(Path(self._state).resolve())]
        return [*command, *self._arguments]

    def _stderr(self) -> Path:
        assert self._folder is not None
        return Path(self._folder.name, "stderr.txt")

    @staticmethod
    def _first_line(stdout: IO[str]) -> str:
        readable, _, _ = select.select([stdout], [], [], START_SECONDS)
        return stdout.readline().rstrip("\n") if readable else ""
