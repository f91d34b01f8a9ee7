# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make bench-fleet`: measure what a fleet costs the controller and OCP, and how the cost grows with its size.

The fleet is a single container with a running proxy and many names. Each name has its own address in OCP, and each
task really runs there over SSH. Therefore tasks, executions, requests and the controller's CPU time are those of a
fleet, but the wall time is not: all hosts share the cores of this machine, and all names share one SSH connection.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
from pathlib import Path
from statistics import median_low
from typing import Any

import requests
import yaml

from tests.bench.measure import ROOT, load, machine, metered
from tests.bench.report import goal_table, machine_words
from tests.integration.role.hosts import VARIABLES
from tests.lab import lab as labs

LAB = "bench-fleet"
FRESH = "takeover of new hosts"
PREFLIGHT, TAKEOVER, AGAIN = "preflight", "takeover of running proxies", "takeover, nothing to do"
RUNS = {PREFLIGHT: "preflight", TAKEOVER: "takeover", AGAIN: "takeover"}
#: CPU time per host of the largest fleet, relative to the smallest one. 1 is linear.
GROWTH = 1.1
#: Requests of the largest fleet, relative to the smallest one.
REQUESTS = 1.5
#: Events for a host on which the role has nothing to do, and for a new host.
EVENTS, FRESH_EVENTS = 40, 60

DOCUMENT = """\
# What a fleet costs

Measured by `make bench-fleet`: {machine}.

The two new hosts are two systemd containers. All other hosts are the first of these with many names, each with its own
address in a simulated OCP. Every task runs there over SSH. Tasks, remote executions, requests, the events that AWX
would store and the controller's CPU time (`ansible-playbook` with its child processes on the controller, including SSH)
are those of a fleet. Wall time is not, since all hosts share the cores of one machine.

| hosts | run | per host: tasks | events | remote executions | CPU s | requests to OCP | CPU s | wall s |
|---:|---|---:|---:|---:|---:|---:|---:|---:|
{rows}

## Goals

{goals}
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.fleet", description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, default=Path(".cache/bench"), help="the folder for results (%(default)s)")
    parser.add_argument("--hosts", type=int, action="append", help="a size of the fleet; repeatable (50, 200)")
    options = parser.parse_args()
    sizes = sorted(options.hosts or [50, 200])
    on = machine()
    lab = labs.up(LAB, 2, simulator=True, packages="stand-in")
    found: dict[tuple[int, str], dict[str, float]] = {}
    try:
        found[2, FRESH] = measured(lab, Path(lab["inventory"]), "takeover", "-vvv")
        for size in sizes:
            inventory = fleet(lab, size)
            for what, playbook in RUNS.items():
                found[size, what] = measured(lab, inventory, playbook)
                print(f"{size} hosts, {what}: {found[size, what]}", file=sys.stderr, flush=True)
            on["load"].append(load())
    finally:
        labs.down(LAB)
    document = DOCUMENT.format(machine=machine_words(on), rows="\n".join(rows(found)), goals=goal_table(goals(found)))
    print(document)
    options.to.mkdir(parents=True, exist_ok=True)
    (options.to / "bench-fleet.md").write_text(document)
    return 0


def fleet(lab: dict[str, Any], size: int) -> Path:
    """Add this many hosts to the lab's OCP, and return an inventory with as many names for the lab's first host."""
    names = {f"bench-{number}": f"10.99.{number >> 8}.{number & 255}" for number in range(1, size + 1)}
    state = {
        "users": [{key: lab["simulator"][key] for key in ("username", "password")}],
        "hosts": [{"name": name, "address": address} for name, address in names.items()],
        "obproxy_clusters": [{"name": lab["simulator"]["cluster"], "work_mode": "CONFIG_URL"}],
        # There are no proxies at these addresses.
        "settings": {"check_proxies": False, "task_seconds": 5, "rate_limit": None},
    }
    ocp(lab, "PUT", "state", json=state)
    known = yaml.safe_load(Path(lab["inventory"]).read_text())
    group = known["all"]["children"]["obproxy"]
    host = next(iter(group["hosts"].values()))
    group["hosts"] = {name: {**host, "obproxy_ocp_address": address} for name, address in names.items()}
    path = Path(lab["inventory"]).with_name("fleet.yml")
    path.write_text(yaml.safe_dump(known, sort_keys=False))
    return path


def measured(lab: dict[str, Any], inventory: Path, playbook: str, *more: str) -> dict[str, float]:
    """Run a playbook and return its cost."""
    ocp(lab, "DELETE", "requests")
    cost = run(lab, inventory, playbook, *more)
    asked = [each for each in ocp(lab, "GET", "requests").json() if each["path"].startswith("/api/")]
    recaps = re.findall(r"^bench-\S+ +: (.*)$", cost["output"], re.MULTILINE)
    tasks = [sum(int(count) for _word, count in re.findall(r"(ok|skipped)=(\d+)", recap)) for recap in recaps]
    if any(re.search(r"(unreachable|failed)=[1-9]", recap) for recap in recaps):
        raise RuntimeError(cost["output"][-5000:])
    return {
        # Tasks with run_once count for the first host. The median is that of any other host.
        "tasks": median_low(tasks),
        "events": median_low(cost["events"].values()),
        "executions": executed(cost["output"]) / len(recaps) if more else executions(lab, inventory, playbook),
        "requests": len(asked),
        "cpu": cost["cpu"],
        "wall": cost["wall"],
    }


def executions(lab: dict[str, Any], inventory: Path, playbook: str) -> float:
    """Return the remote executions per host. Only -vvv shows them. Check mode, since nothing is left to change."""
    hosts = yaml.safe_load(inventory.read_text())["all"]["children"]["obproxy"]["hosts"]
    names = list(hosts)[:2]
    output = run(lab, inventory, playbook, "-vvv", "--check", "--limit", ",".join(names))["output"]
    return executed(output) / len(names)


def executed(output: str) -> int:
    return len(re.findall(r"SSH: EXEC ", output))


def run(lab: dict[str, Any], inventory: Path, playbook: str, *more: str) -> dict[str, Any]:
    """Run a playbook for the fleet, and return its cost and its output."""
    known = ("obproxy_package_version", "obproxy_start_timeout")
    variables = {name: VARIABLES[name] for name in known}
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "OCP_"))},
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache" / "installed"),
            "ANSIBLE_PIPELINING": "true",
            "ANSIBLE_FORKS": "10",
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_SSH_CONTROL_PATH_DIR": f"{name}/ssh",
            "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).with_name("callbacks")),
            "ANSIBLE_CALLBACKS_ENABLED": "awx_events",
            "AWX_EVENTS": f"{name}/events.json",
        }
        ansible = str(Path(sys.executable).with_name("ansible-playbook"))
        extra = json.dumps(variables)
        command = [ansible, "-i", str(inventory), "-e", extra, *more, f"obops.oceanbase.{playbook}"]
        cost = metered(command, Path(name), environment)
        events = Path(name) / "events.json"
        cost["events"] = json.loads(events.read_text()) if events.exists() else {}
    if cost["code"]:
        raise RuntimeError(f"{playbook} failed:\n{cost['output'][-5000:]}")
    return cost


def ocp(lab: dict[str, Any], method: str, what: str, **more: Any) -> requests.Response:
    """Send a request to the simulator's own API."""
    session = requests.Session()
    session.trust_env = False
    answer = session.request(method, f"{lab['simulator']['url']}/_simulator/{what}", timeout=30, **more)
    answer.raise_for_status()
    return answer


def rows(found: dict[tuple[int, str], dict[str, float]]) -> list[str]:
    return [
        f"| {size} | {what} | {cost['tasks']:g} | {cost['events']:g} | {cost['executions']:g} | "
        f"{cost['cpu'] / size:.3f} | {cost['requests']:g} | {cost['cpu']:.1f} | {cost['wall']:.1f} |"
        for (size, what), cost in found.items()
    ]


def goals(found: dict[tuple[int, str], dict[str, float]]) -> list[dict[str, Any]]:
    """Return the goals for how the cost grows from the smallest to the largest fleet, and for the events per host."""
    sizes = sorted({size for size, what in found if what == AGAIN})
    least, most = sizes[0], sizes[-1]
    reached = []
    for what in RUNS if most > least else ():
        small, large = found[least, what], found[most, what]
        of_host = (large["cpu"] / most) / (small["cpu"] / least)
        reached.append((what, f"CPU per host with {most} hosts, relative to {least} hosts", GROWTH, of_host))
        asked = large["requests"] / small["requests"]
        reached.append((what, f"requests with {most} hosts, relative to {least} hosts", REQUESTS, asked))
    idle = max(found[size, AGAIN]["events"] for size in sizes)
    reached.append((AGAIN, "events per host", EVENTS, idle))
    reached.append((FRESH, "events per host", FRESH_EVENTS, found[2, FRESH]["events"]))
    return [{"case": a, "what": b, "goal": c, "reached": d, "met": d <= c} for a, b, c, d in reached]


if __name__ == "__main__":
    sys.exit(main())
