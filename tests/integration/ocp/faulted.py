# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a schedule of faults against a simulated OCP and report what broke.

The schedules run in several processes (see `start`), each with its own simulator.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any

from tests.integration.ocp.schedules import Kill, Run, Schedule
from tests.simulator.launcher import Simulator

INSTALLED = Path(__file__).parents[3] / ".cache" / "installed"
#: Seconds by which a run may exceed its limit: the last request gets a second, and the machine may be busy.
SLACK = 6
#: Time limit of a run without faults, in seconds.
CALM = 60

_ocp = Simulator()
_folder = tempfile.TemporaryDirectory(prefix="faulted-")


def start() -> None:
    """Prepare this process for running schedules."""
    sys.path.insert(0, str(INSTALLED))
    _collection()
    _ocp.start()
    Finalize(None, _ocp.stop, exitpriority=10)
    Finalize(None, _folder.cleanup, exitpriority=10)


def _collection() -> dict[str, Any]:
    """Return the parts of the installed collection. Only processes that run schedules have it on their path."""
    from ansible_collections.obops.oceanbase.plugins.module_utils._ocp import (
        client,
        deadline,
        errors,
        progress,
        takeover,
    )

    parts = (client.Client, errors.OcpError, deadline.Deadline, progress.Progress, takeover.Takeover)
    return {part.__name__: part for part in parts}


class Client:
    """A takeover in a separate process, so that it can be killed at any moment."""

    def __init__(self, run: Run, limit: float, request_timeout: float, name: str) -> None:
        self.answer: dict[str, Any] | None = None
        self.began = time.monotonic()
        self.seconds = 0.0
        self.said = ""
        self._text = b""
        read, write = os.pipe()
        self._read = read
        arguments = _arguments(run.hosts, limit, request_timeout)
        self.pid = _module(arguments, write) if run.kill and run.kill.module else _fork(arguments, name, write)
        os.close(write)

    @property
    def ended(self) -> bool:
        """Return whether the process has ended. Must be polled, since this also reads the output of the process."""
        while select.select([self._read], [], [], 0)[0]:
            piece = os.read(self._read, 65536)
            if not piece:
                return True
            self._text += piece
        return False

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def wait(self, seconds: float) -> None:
        """Wait until the process ends, and kill it if it is still running `seconds` after its start."""
        until = self.began + seconds
        while not self.ended and time.monotonic() < until:
            time.sleep(0.01)
        self.seconds = time.monotonic() - self.began
        if not self.ended:
            self.kill()
        os.waitpid(self.pid, 0)
        os.close(self._read)
        self.said = self._text.decode(errors="replace")
        lines = [line for line in self.said.splitlines() if line.startswith("{")]
        self.answer = json.loads(lines[-1]) if lines else None


def _arguments(hosts: list[int], limit: float, request_timeout: float) -> dict[str, Any]:
    return {
        "ocp_url": _ocp.url,
        "ocp_username": _ocp.username,
        "ocp_password": _ocp.password,
        "cluster": "demo",
        "retries": 1,
        "hosts": [{"host": f"10.0.0.{n}", "sql_port": 2883} for n in hosts],
        "wait_interval": 1,
        "wait_timeout": limit,
        "request_timeout": request_timeout,
    }


def _fork(arguments: dict[str, Any], name: str, write: int) -> int:
    """Run the takeover in a forked process, without Ansible."""
    pid = os.fork()
    if pid:
        return pid
    try:
        result = _take_over(arguments, name)
        os.write(write, (json.dumps(result) + "\n").encode())
    finally:
        os._exit(0)


def _take_over(arguments: dict[str, Any], name: str) -> dict[str, Any]:
    parts = _collection()
    client = parts["Client"](
        arguments["ocp_url"],
        auth=(arguments["ocp_username"], arguments["ocp_password"]),
        request_timeout=arguments["request_timeout"],
        limit=parts["Deadline"](arguments["wait_timeout"]),
    )
    client._session.headers["User-Agent"] = name  # identifies the run in the simulator's journal
    progress = parts["Progress"](lambda line: None, lambda: client.limit.elapsed)
    takeover = parts["Takeover"](client, None, "demo", arguments["hosts"], progress, interval=1, retries=1)
    try:
        return takeover.run()
    except parts["OcpError"] as error:
        return dict(error.result, failure=error.failure)
    except Exception:
        return {"broken": traceback.format_exc()}


def _module(arguments: dict[str, Any], write: int) -> int:
    """Run the module itself, as Ansible starts it."""
    arguments = {**arguments, "request_timeout": max(1, int(arguments["request_timeout"]))}
    # One file is enough: modules run one at a time, and a killed module no longer reads it.
    file = Path(_folder.name, "arguments.json")
    file.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": arguments}))
    process = subprocess.Popen(
        [sys.executable, "-m", "ansible_collections.obops.oceanbase.plugins.modules.ocp_obproxy_takeover", str(file)],
        env={**os.environ, "PYTHONPATH": str(INSTALLED)},
        stdout=write,
        stderr=subprocess.STDOUT,
    )
    process.returncode = 0  # Client.wait() waits for the process by its id
    return process.pid


def carry_out(made: Schedule) -> list[str]:
    """Run a schedule and return what broke, or an empty list."""
    hosts = [{"address": f"10.0.0.{n}"} for n in range(1, made.hosts + 1)]
    _ocp.reset(
        {
            "hosts": hosts,
            "obproxy_clusters": ["demo", "other"],
            "settings": made.settings,
            "task_faults": made.task_faults,
        }
    )
    # If two faults match a request, the earlier one applies. The faults that mark the moment of a kill come first.
    kills = [run.kill.during and _ocp.fault(**run.kill.during)["id"] for run in made.runs if run.kill]
    for fault in made.faults:
        _ocp.fault(**fault)
    broken: list[str] = []
    if made.way == "killed":
        for number, run in enumerate(made.runs):
            _killed(run, made, f"run-{number}", kills[number])
    else:
        clients = []
        for number, run in enumerate(made.runs):
            time.sleep(run.start)
            clients.append(Client(run, made.limit, made.request_timeout, f"run-{number}"))
        for client in clients:
            client.wait(made.limit + SLACK)
            broken += _check(client, made.limit)
        broken += _contradictions(clients)
    _ocp.clear_faults()
    everybody = Run(list(range(1, made.hosts + 1)))
    for name, changed in (("again", None), ("last", False)):
        client = Client(everybody, CALM, 20, name)
        client.wait(CALM + SLACK)
        broken += [f"{name}: {words}" for words in _check(client, CALM) or _done(client.answer, changed)]
    return broken + _journal()


def _killed(run: Run, made: Schedule, name: str, fault_id: int | None) -> None:
    kill = run.kill
    assert isinstance(kill, Kill)
    client = Client(run, made.limit, made.request_timeout, name)
    while not client.ended and time.monotonic() < client.began + made.limit + SLACK:
        if kill.after is not None and time.monotonic() >= client.began + kill.after:
            break
        if fault_id and next(fault["hits"] for fault in _ocp.faults() if fault["id"] == fault_id):
            time.sleep(kill.grace)
            break
        time.sleep(0.01)
    client.kill()
    client.wait(0)


def _check(client: Client, limit: float) -> list[str]:
    """Return what is wrong with the end of a run."""
    answer = client.answer
    if answer is None:
        return [f"no answer; it ended after {client.seconds:.1f} s, with a limit of {limit} s: {client.said}"]
    if "broken" in answer:
        return [answer["broken"]]
    outcomes = Counter(host["outcome"] for host in answer.get("hosts", []))
    if "failure" not in answer and set(outcomes) - {"taken_over", "already_managed"}:
        return [f"it succeeded with {dict(outcomes)}"]
    return []


def _done(answer: dict[str, Any], changed: bool | None) -> list[str]:
    """Return what a run without faults has left undone."""
    if "failure" in answer:
        return [f"it failed: {answer['failure']['message']}"]
    if changed is not None and answer["changed"] != changed:
        return [f"changed is {answer['changed']}"]
    return []


def _contradictions(clients: list[Client]) -> list[str]:
    """Return the differences between what the runs report and the state of OCP."""
    world = _ocp.state()
    status = {proxy["host"]: proxy["status"] for proxy in world["obproxy_clusters"][0]["obproxies"]}
    begun = {entry["host_id"] for entry in _ocp.takeovers()}
    broken = []
    for client in clients:
        answer = client.answer or {}
        for host in answer.get("hosts", []):
            if host["outcome"] in ("taken_over", "already_managed") and status.get(host["host_id"]) != "RUNNING":
                broken.append(f"host {host['host_id']} is told to be {host['outcome']}")
        if begun and len(clients) == 1 and not answer.get("changed"):
            broken.append(f"changed is {answer.get('changed')}, yet takeovers have begun: {answer.get('failure')}")
    return broken


def _journal() -> list[str]:
    """Return what OCP recorded that must not happen."""
    broken = []
    twice = {host: n for host, n in Counter(entry["host_id"] for entry in _ocp.takeovers()).items() if n > 1}
    if twice:
        broken.append(f"taken over more than once: {twice}")
    open_hosts: dict[tuple[str, int], Any] = {}
    refused: Counter[str] = Counter()
    for asked in _ocp.requests():
        agent = asked["headers"].get("user-agent", "")
        refused[agent] += asked["status"] in (401, 403)
        if not asked["path"].endswith("takeOver"):
            continue
        # The body is None if the client was killed before sending it.
        for entry in (asked["body"] or {}).get("hosts", []):
            key = (agent, entry["hostId"])
            if key in open_hosts:
                broken.append(f"{agent} posted host {key[1]} again after {open_hosts[key]}")
            # A host may be posted again only after an answer which says that nothing was done.
            if asked["status"] not in (400, 409, 429) or asked["fault"] == "unsuccessful":
                open_hosts[key] = f"status {asked['status']}, fault {asked['fault']}"
    broken += [f"{agent} was refused {n} times" for agent, n in refused.items() if n > 1 and agent.startswith("run")]
    return broken
