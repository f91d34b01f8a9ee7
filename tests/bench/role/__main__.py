# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make bench-role`: measure what the role costs over SSH, on hosts that are already set up and on new ones.

It is compared with a straightforward role that has the same effect (straightforward/), and with the same commands in
one SSH session (by_hand.sh). --to docs updates the published bench-role.md.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import mean
from typing import Any

from tests.bench.measure import ROOT, load, machine
from tests.bench.report import goal_table, machine_words
from tests.integration.role.hosts import FRESH, VARIABLES
from tests.lab import hosts as lab_hosts
from tests.lab import inventory
from tests.lab import lab as labs
from tests.lab.podman import podman

LAB = "bench-role"
HERE = Path(__file__).parent
OURS, STRAIGHTFORWARD, BY_HAND = "obops.oceanbase", "straightforward", "by hand"
ROLES = {OURS: "obops.oceanbase.obproxy", STRAIGHTFORWARD: str(HERE / "straightforward")}
READY, ONE_FRESH, ALL_FRESH = "{} hosts that are already set up", "a new host", "{} new hosts"
#: The goals of the collection.
MOST_EXECUTIONS = 6
READY_SHARE = 0.55
FRESH_SHARE = 1.1
ALL_FRESH_SHARE = 1.0

DOCUMENT = """\
# What the role costs

Measured by `make bench-role`: {machine}; each number is the mean of {times} runs, with the ways alternating.

Hosts are systemd containers on the same machine, reached over SSH with pipelining, and the package is the stand-in from
a repository on the host. *straightforward* is a role with the same effect that has a task for each check. *by hand*
runs the commands of the role in one SSH session to each host, one host after the other. Both are in
`tests/bench/role/`.

| case | way | wall s | remote executions per host |
|---|---|---:|---:|
{rows}

On a new host, the role does what *straightforward* does not do: it lists the packages in the repositories before it
changes anything, verifies that the proxy that answers is the one that it started, and then checks it for everything
that OCP could refuse. Compared with *by hand*, the start of Ansible and each remote execution add to the time of the
package manager, which is short here: the repository is a folder with a few packages.

## Goals

{goals}
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.role", description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, default=Path(".cache/bench"), help="the folder for results (%(default)s)")
    parser.add_argument("--hosts", type=int, default=10, help="the number of hosts already set up (%(default)s)")
    parser.add_argument("--times", type=int, default=3, help="the number of runs of each way (%(default)s)")
    options = parser.parse_args()
    on = machine()
    lab = labs.up(LAB, options.hosts, simulator=False, packages="stand-in")
    try:
        first, everybody = lab["hosts"][:1], lab["hosts"]
        runs: dict[tuple[str, str], list[float]] = {}
        for _turn in range(options.times):
            for what, hosts in ((ONE_FRESH, first), (ALL_FRESH, everybody)):
                for way in (BY_HAND, OURS, STRAIGHTFORWARD):
                    runs.setdefault((what, way), []).append(on_fresh(lab, way, hosts))
            on["load"].append(load())
        role(lab, OURS, everybody)
        for _turn in range(options.times):
            for way in (OURS, STRAIGHTFORWARD):
                runs.setdefault((READY, way), []).append(role(lab, way, everybody, unchanged=True)[0])
            on["load"].append(load())
        executions = {(READY, way): role(lab, way, first, "-vvv", unchanged=True)[1] for way in ROLES}
    finally:
        labs.down(LAB)
    print(document := written(on, options, {run: mean(seconds) for run, seconds in runs.items()}, executions))
    options.to.mkdir(parents=True, exist_ok=True)
    (options.to / "bench-role.md").write_text(document)
    return 0


def written(
    on: dict[str, Any],
    options: argparse.Namespace,
    runs: dict[tuple[str, str], float],
    executions: dict[tuple[str, str], int],
) -> str:
    """Return the text of docs/bench-role.md."""
    rows = [
        f"| {what.format(options.hosts)} | {way} | {seconds:.1f} | {executions.get((what, way), '')} |"
        for (what, way), seconds in runs.items()
    ]

    def share(case: str, way: str = STRAIGHTFORWARD) -> float:
        return runs[case, OURS] / runs[case, way]

    reached = [
        (READY, "remote executions per host", MOST_EXECUTIONS, executions[READY, OURS]),
        (READY, "wall s, relative to straightforward", READY_SHARE, share(READY)),
        (ALL_FRESH, "wall s, relative to straightforward", ALL_FRESH_SHARE, share(ALL_FRESH)),
        (ONE_FRESH, "wall s, relative to straightforward", FRESH_SHARE, share(ONE_FRESH)),
        (ONE_FRESH, "wall s, relative to by hand", FRESH_SHARE, share(ONE_FRESH, BY_HAND)),
    ]
    goals = [
        {"case": a.format(options.hosts), "what": b, "goal": c, "reached": d, "met": d <= c} for a, b, c, d in reached
    ]
    return DOCUMENT.format(
        machine=machine_words(on), times=options.times, rows="\n".join(rows), goals=goal_table(goals)
    )


def on_fresh(lab: dict[str, Any], way: str, hosts: list[dict[str, Any]]) -> float:
    """Return the seconds it takes to set up hosts without any trace of OBProxy. By hand, one host after the other."""
    for host in hosts:
        podman("exec", host["container"], "bash", "-c", FRESH)
    return sum(map(by_hand, hosts)) if way == BY_HAND else role(lab, way, hosts)[0]


def by_hand(host: dict[str, Any]) -> float:
    """Return the seconds that by_hand.sh takes in one SSH session."""
    command = ["ssh", *inventory.ssh_options(LAB), "-i", str(lab_hosts.KEY), "-p", str(host["port"]), "root@127.0.0.1"]
    script = (HERE / "by_hand.sh").read_text()
    began = time.monotonic()
    done = subprocess.run([*command, "bash -s"], input=script, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"by_hand.sh failed:\n{done.stdout}{done.stderr}")
    return time.monotonic() - began


def role(
    lab: dict[str, Any], way: str, hosts: list[dict[str, Any]], *more: str, unchanged: bool = False
) -> tuple[float, int]:
    """Return the seconds that a playbook with this role takes, and the number of modules it ran (only with -vvv)."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        play = Path(name) / "play.yml"
        names = [host["name"] for host in hosts]
        play.write_text(json.dumps([{"hosts": names, "gather_facts": False, "roles": [ROLES[way]]}]))
        variables = Path(name) / "variables.json"
        variables.write_text(json.dumps(VARIABLES))
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")},
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache" / "installed"),
            "ANSIBLE_PIPELINING": "true",
            "ANSIBLE_FORKS": "10",
            # Do not reuse a connection of an earlier run.
            "ANSIBLE_SSH_CONTROL_PATH_DIR": f"{name}/ssh",
        }
        ansible = str(Path(sys.executable).with_name("ansible-playbook"))
        command = [ansible, "-i", lab["inventory"], "-e", f"@{variables}", *more, str(play)]
        began = time.monotonic()
        done = subprocess.run(command, env=environment, cwd=name, capture_output=True, text=True, check=False)
        seconds = time.monotonic() - began
    if done.returncode or (unchanged and re.search(r"changed=[1-9]", done.stdout)):
        raise RuntimeError(f"{way} on {names}:\n{done.stdout[-5000:]}{done.stderr}")
    return seconds, len(re.findall("Using module file", done.stdout))


if __name__ == "__main__":
    sys.exit(main())
