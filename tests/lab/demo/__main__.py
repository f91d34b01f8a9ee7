# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The demo: hosts and an OCP to play with, and the collection's playbook run against them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import Any

from .. import lab
from ..places import CHECKOUT, ROOT, LabError

NAME = "demo"
PLAYBOOK = "obops.oceanbase.takeover"
VARIABLES = "tests/lab/demo/variables.yml"
#: How a host's line of Ansible's recap counts, colours or not.
RECAP = re.compile(r" : .*\bchanged=(\d+)")

PLAY_ON = """
The demo's hosts and its OCP (a simulator) go on running; the OBProxy packages in it are stand-ins.
  OCP    {url}   user {user}, password {password}
{hosts}
Try, from this folder:
  make demo                  the same again: nothing changes
  make demo LAB_HOSTS=3      one host more
  {venv}/python -m tests.lab ssh {name} 1
  curl -u {user}:{password} {url}/api/v2/obproxy/clusters
  {venv}/ansible-playbook -i {inventory} \\
      -e @{variables} {playbook} --check --diff
End it:
  make demo-down             what was built stays, so the next one starts in seconds
  make clean                 ends everything and removes what was built
"""


def command(found: dict[str, Any]) -> list[str]:
    """The playbook as a user calls it."""
    return ["ansible-playbook", "-i", relative(found["inventory"]), "-e", f"@{VARIABLES}", PLAYBOOK]


def relative(path: str) -> str:
    """As one types it in the checkout."""
    return os.path.relpath(path, ROOT)


def main() -> int:
    wanted = os.environ.get("LAB_HOSTS")
    try:
        if wanted and not wanted.isdigit():
            raise LabError(f"LAB_HOSTS is to be a number, not {wanted!r}.")
        print(f"demo: hosts and an OCP simulator (podman names obproxy-lab-{CHECKOUT}-{NAME}-…)", flush=True)
        found = lab.up(NAME, int(wanted) if wanted else None, simulator=True)
    except LabError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    words = command(found)
    print(f"demo: {' '.join(words)}\n", flush=True)
    code, changes = play(words)
    if code == 0 and not changes:
        print("Nothing changed: OCP manages these proxies already, and their hosts are as they should be.")
    print(play_on(found), end="")
    return code


def play(words: list[str]) -> tuple[int, int]:
    """Run the playbook before the user's eyes; return its exit code and how much it says it changed."""
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
    """What is there now and what one can do with it."""
    hosts = [f"  {host['name']} {host['address']}   its OBProxy listens on port 2883" for host in found["hosts"]]
    return PLAY_ON.format(
        url=found["simulator"]["url"],
        user=found["simulator"]["username"],
        password=found["simulator"]["password"],
        hosts="\n".join(hosts),
        venv=".cache/venv/bin",
        name=NAME,
        inventory=relative(found["inventory"]),
        variables=VARIABLES,
        playbook=PLAYBOOK,
    )


if __name__ == "__main__":
    sys.exit(main())
