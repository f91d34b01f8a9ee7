# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The demo: one night's work on a small fleet, from proxies that OCP does not know to the report of their takeover.

Each host gets an OBProxy, as if installed by hand. The third host is missing in OCP, to show a blocker.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from .. import lab, ocp
from ..hosts import Host
from ..places import CHECKOUT, ROOT, LabError, directory

NAME = "demo"
HOSTS = 3
#: The number of the host that OCP does not know.
MISSING = 3
#: The cluster's parameters that differ from those of a new proxy. The second one requires a restart.
PARAMETERS = {"syslog_level": "WARN", "work_thread_num": "64"}
FOLDER = "tests/lab/demo"
#: The number of changes in a host's line of Ansible's recap, with or without colours.
RECAP = re.compile(r" : .*\bchanged=(\d+)")
#: Ansible's exit code if hosts have failed. Here, these are the blocked hosts.
HOSTS_FAILED = 2
EXPECTED = {"would_take_over", "taken_over", "already_managed", "blocked"}


class Step(NamedTuple):
    says: str
    playbook: str
    options: list[str]
    #: Whether the playbook exits with HOSTS_FAILED while a host is blocked.
    fails_blocked: bool = False


PLAY_ON = """
The demo's hosts and its OCP (a simulator) go on running; the OBProxy packages in it are stand-ins.
  OCP      {url}   user {user}, password {password}
{hosts}
  plan     {plan}
  report   {report}
{cure}Try, from this folder:
  make demo                  the same again: what is done stays as it is
  make demo LAB_HOSTS=4      one host more
  {venv}/python -m tests.lab ssh {name} 1
  curl -u {user}:{password} {url}/api/v2/obproxy/clusters
  {takeover} --check --diff
End it:
  make demo-down             what was built stays, so the next one starts in seconds
  make clean                 ends everything and removes what was built
"""

CURE = """Add the host that OCP does not know, then run make demo again:
  {environment} {venv}/ansible localhost -m obops.oceanbase.ocp_host \\
      -a {options}
"""


def world(hosts: list[Host]) -> dict[str, Any]:
    """Return the state of the demo's OCP, with all hosts but one."""
    known = ocp.world([host for number, host in enumerate(hosts, 1) if number != MISSING])
    known["obproxy_clusters"][0]["parameters"] = PARAMETERS
    return known


def steps(found: dict[str, Any]) -> list[Step]:
    """Return the playbooks of the demo in order."""
    fleet = ["-i", relative(found["inventory"]), "-e", f"@{FOLDER}/variables.yml"]
    planned = ["-i", fleet[1], "-i", plan_and_report()[0], *fleet[2:]]
    return [
        Step("somebody installs and starts an OBProxy on each host", "prepare", fleet),
        Step("find the proxies and write a plan", "discover", fleet),
        Step("show what the takeover would do and what OCP would change", "preflight", planned, fails_blocked=True),
        Step("take over in two waves", "takeover", planned, fails_blocked=True),
    ]


def plan_and_report() -> tuple[str, str]:
    """Return the paths of the plan and the report, relative to the checkout."""
    folder = directory(NAME)
    return relative(folder / "plan.yml"), relative(folder / "night.html")


def relative(path: str | Path) -> str:
    """Return the path relative to the checkout."""
    return os.path.relpath(path, ROOT)


def command(step: Step) -> list[str]:
    """Return the command that runs the playbook."""
    return ["ansible-playbook", *step.options, f"obops.oceanbase.{step.playbook}"]


def main() -> int:
    wanted = os.environ.get("LAB_HOSTS")
    try:
        if wanted and not wanted.isdigit():
            raise LabError(f"LAB_HOSTS is to be a number, not {wanted!r}.")
        print(f"demo: hosts and an OCP simulator (podman names obproxy-lab-{CHECKOUT}-{NAME}-…)", flush=True)
        count = int(wanted) if wanted else len(lab.read(NAME).get("hosts", [])) or HOSTS
        found = lab.up(NAME, count, simulator=True, world=world)
    except LabError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    changes = 0
    night = steps(found)
    for number, step in enumerate(night, 1):
        print(f"\ndemo: {number} of {len(night)}: {step.says}\ndemo: {shlex.join(command(step))}\n", flush=True)
        code, changed = play(command(step))
        changes += changed if step.playbook != "discover" else 0  # discover only writes the plan
        if code and not (step.fails_blocked and code == HOSTS_FAILED and outcomes() <= EXPECTED):
            print(f"demo: this should not have happened; the hosts are as the playbook {step.playbook} left them")
            print(play_on(found), end="")
            return code
    if not changes:
        print("Nothing changed: OCP manages these proxies already, and their hosts are as they should be.")
    print(play_on(found), end="")
    return 0


def outcomes() -> set[str]:
    """Return the outcomes of the hosts in the newest report, or an empty set if there is none."""
    report = (ROOT / plan_and_report()[1]).with_suffix(".json")
    return {host["outcome"] for host in json.loads(report.read_text())["hosts"]} if report.exists() else set()


def play(words: list[str]) -> tuple[int, int]:
    """Run a playbook in the terminal; return its exit code and the number of changes in its recap."""
    environment = {**os.environ, "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false", "PYTHONUNBUFFERED": "1"}
    if sys.stdout.isatty() and "NO_COLOR" not in os.environ:
        environment["ANSIBLE_FORCE_COLOR"] = "true"
    changes = 0
    with subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            changes += sum(int(number) for number in RECAP.findall(line))
    return process.returncode, changes


def play_on(found: dict[str, Any]) -> str:
    """Return a description of the running demo, and commands to try next."""
    hosts = [f"  {host['name']}   {host['address']}, its OBProxy listens on port 2883" for host in found["hosts"]]
    plan, report = plan_and_report()
    return PLAY_ON.format(
        url=found["simulator"]["url"],
        user=found["simulator"]["username"],
        password=found["simulator"]["password"],
        hosts="\n".join(hosts),
        plan=plan,
        report=report,
        cure=cure(found) if "blocked" in outcomes() and len(hosts) >= MISSING else "",
        venv=".cache/venv/bin",
        name=NAME,
        takeover=f".cache/venv/bin/{shlex.join(command(steps(found)[-1]))}",
    )


def cure(found: dict[str, Any]) -> str:
    """Return the command that adds the missing host to OCP."""
    options = {
        "hosts": found["hosts"][MISSING - 1]["address"],
        "idc": "idc1",
        "host_type": "x86_64-16c-64g",
        "credential": "hosts",
    }
    simulator = found["simulator"]
    environment = {name: simulator[name.lower()] for name in ("URL", "USERNAME", "PASSWORD")}
    return CURE.format(
        environment=" ".join(f"OCP_{name}={shlex.quote(value)}" for name, value in environment.items()),
        venv=".cache/venv/bin",
        options=shlex.quote(" ".join(f"{name}={value}" for name, value in options.items())),
    )


if __name__ == "__main__":
    sys.exit(main())
