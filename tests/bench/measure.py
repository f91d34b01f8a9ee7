# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a playbook as a whole process with a simulated OCP, and measures its cost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import requests

from tests.bench import cases
from tests.simulator.launcher import Simulator

ROOT = Path(__file__).parents[2]
#: Python knows the cost of a process only after waiting for it. This script waits only for the playbook.
_METER = """
import json, os, resource, subprocess, sys, time
began = time.monotonic()
code = subprocess.call(sys.argv[2:], stdout=open(sys.argv[1] + ".log", "w"), stderr=subprocess.STDOUT)
ended, wall = time.time(), time.monotonic() - began
cost = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    json.dump({"code": code, "ended": ended, "wall": wall, "cpu": cost.ru_utime + cost.ru_stime,
               "peak_mb": cost.ru_maxrss / 1024}, file)
"""


def measure(ocp: Simulator, way: str, proxies: int, seconds: float) -> dict[str, Any]:
    """Run a playbook, and return its cost and its requests to OCP."""
    settings = {"check_proxies": False, "task_seconds": seconds, "rate_limit": None}
    hosts = [f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in range(1, proxies + 1)]
    ocp.reset({"hosts": hosts, "obproxy_clusters": ["demo"], "settings": settings})
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        cost = _run(ocp, Path(name), way, proxies)
    asked, tasks = ocp.requests(), _tasks(ocp)
    if {task["status"] for task in tasks} != {"SUCCESSFUL"} or len(ocp.takeovers()) != proxies:
        raise RuntimeError(f"{way}: OCP did not take over all proxies")
    finished = max(datetime.fromisoformat(task["finishTime"]).timestamp() for task in tasks)
    return {
        "cpu": cost["cpu"],
        "late": cost["ended"] - finished,
        "requests": len(asked),
        "peak_mb": cost["peak_mb"],
        "wall": cost["wall"],
        "asked": dict(Counter(_kind(request) for request in asked)),
    }


def floor(ocp: Simulator, seconds: float) -> float:
    """Return the CPU time of a playbook that only sleeps, in seconds. No way to wait in Ansible can take less."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        cpu: float = _run(ocp, Path(name), "sleep", 0, seconds)["cpu"]
    return round(cpu, 2)


def _run(ocp: Simulator, folder: Path, way: str, proxies: int, seconds: float = 0) -> dict[str, Any]:
    (folder / "play.yml").write_text(json.dumps(cases.playbook(way)))
    (folder / "variables.json").write_text(json.dumps(cases.variables(proxies, seconds)))
    ansible = Path(sys.executable).parent / "ansible-playbook"
    command = [str(ansible), "-e", "@variables.json", "-e", f"ansible_python_interpreter={sys.executable}", "play.yml"]
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("OCP_", "ANSIBLE_"))},
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache" / "installed"),
        "ANSIBLE_LOCALHOST_WARNING": "0",
        "OCP_URL": ocp.url,
        "OCP_USERNAME": ocp.username,
        "OCP_PASSWORD": ocp.password,
    }
    cost = metered(command, folder, environment)
    if cost["code"]:
        raise RuntimeError(f"{way} failed:\n{cost['output'][-3000:]}")
    return cost


def metered(command: list[str], folder: Path, environment: dict[str, str]) -> dict[str, Any]:
    """Run a command, and return its exit code, its output, and its cost including child processes."""
    meter = [sys.executable, "-c", _METER, str(folder / "cost"), *command]
    subprocess.run(meter, cwd=folder, env=environment, check=True)
    return {**json.loads((folder / "cost").read_text()), "output": (folder / "cost.log").read_text()}


def _tasks(ocp: Simulator) -> list[dict[str, Any]]:
    """Return the takeovers' tasks from OCP's API, with the times at which they finished."""
    asked = ocp.url + "/api/v2/tasks/instances?size=2000"
    answer = requests.get(asked, auth=(ocp.username, ocp.password), timeout=30)
    ours = {task["id"] for task in ocp.tasks()}
    return [task for task in answer.json()["data"]["contents"] if task["id"] in ours]


def _kind(request: dict[str, Any]) -> str:
    """Return the kind of a request: its method and its path without IDs."""
    parts = request["path"].removeprefix("/api/v2/").split("/")
    return f"{request['method']} " + "/".join("{id}" if part.isdigit() else part for part in parts)


def mean(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the mean of several runs, and for memory the maximum."""
    values = {key: sum(run[key] for run in runs) / len(runs) for key in cases.MEASURED}
    values["peak_mb"] = max(run["peak_mb"] for run in runs)
    return {**{key: round(value, 2) for key, value in values.items()}, "runs": len(runs), "asked": runs[-1]["asked"]}


def load() -> float:
    """Return the number of processes that want to run, including others. Above the number of cores, all are slower."""
    return round(os.getloadavg()[0], 1)


def machine() -> dict[str, Any]:
    """Return information about this machine, without its name."""
    import ansible.release

    models = [
        line.split(":", 1)[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return {
        "cores": os.cpu_count(),
        "cpu": models[0] if models else "unknown",
        "load": [load()],
        "python": ".".join(map(str, sys.version_info[:3])),
        "ansible_core": ansible.release.__version__,
        "date": time.strftime("%Y-%m-%d"),
    }
