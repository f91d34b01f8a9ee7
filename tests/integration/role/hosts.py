# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A host of the lab in a test's hands: look at it, prepare it, run the role on it."""

import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.lab.podman import podman

# One for each of pytest's processes, so that tests may run side by side.
LAB = "role-" + os.environ.get("PYTEST_XDIST_WORKER", "tests")
ROOT = Path(__file__).parents[3]
HOME = "/opt/taobao/install/obproxy-1.9.1.1"
RPM = "obproxy-1.9.1.1-1919579.el7.x86_64.rpm"
INSTALL = ("--tags", "obproxy_install")
#: For what needs a real OBProxy.
REAL = pytest.mark.skipif(not os.environ.get("OBPROXY_RPM"), reason="OBPROXY_RPM names no package of a real OBProxy")
#: What the role is told of it: the community's obproxyd.sh, which the package may have, takes no -e.
OF_REAL = {
    "obproxy_environment": os.environ.get("OBPROXY_RPM_ENVIRONMENT", ""),
    "obproxy_start_timeout": 120,
}
UNIT = "/etc/systemd/system/obproxy.service"
SWITCHES = "/etc/obproxy-standin.conf"
# What a run of the role needs to be told; a test overrides what it is about.
VARIABLES = {
    "obproxy_package_version": "1.9.1.1-1919579",
    "obproxy_rs_list": ["10.1.1.1:2881"],
    "obproxy_ob_cluster": "ob",
    "obproxy_start_timeout": 60,
}
FRESH = rf"""
test -e {UNIT} && systemctl disable --now --quiet obproxy; rm -f {UNIT}; systemctl daemon-reload
systemctl reset-failed obproxy 2>/dev/null
pkill -9 -x obproxyd.sh; pkill -9 -x obproxy; pkill -9 -f '[p]ort-taker'
rpm -e --noscripts $(rpm -qa 'obproxy*' nmap-ncat) 2>/dev/null
for turn in 1 2 3 4 5 6 7 8 9; do pgrep -u admin > /dev/null || break; sleep 0.2; done
userdel -rf admin 2>/dev/null
groupdel admin 2>/dev/null
rm -rf /opt/taobao /home/admin {SWITCHES}
sed -i /^excludepkgs=/d /etc/yum.repos.d/lab.repo
true
"""
# The package stays, and what a proxy leaves behind goes.
STOPPED = rf"""
pkill -9 -x obproxyd.sh; pkill -9 -x obproxy
rm -rf {SWITCHES} {HOME}/etc/* {HOME}/.conf/* /home/admin/logs/obproxy/log/*
true
"""
PLAY = """\
- name: Run the role as a user would
  hosts: all
  gather_facts: false
  roles:
    - role: obops.oceanbase.obproxy
"""


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it did not come to pass"
        time.sleep(0.3)


class Run:
    """A finished run of ansible-playbook."""

    def __init__(self, done: subprocess.CompletedProcess[str]) -> None:
        self.output = done.stdout + done.stderr
        self.code = done.returncode

    def count(self, what: str, host: str | None = None) -> int:
        recaps = [line for line in self.output.splitlines() if re.match(rf"{host or ''}\S*\s+: ok=", line)]
        assert recaps, self.output
        return sum(int(number) for line in recaps for number in re.findall(rf"\b{what}=(\d+)", line))

    def modules(self) -> list[str]:
        """The modules that were run on hosts, in order; the run has to be one with -vvv."""
        return re.findall(r"Using module file \S*/(\w+)\.py", self.output)

    def ok(self) -> "Run":
        assert self.code == 0, self.output
        return self

    def message(self) -> str:
        """What a failed run says. Its lines are joined, since how they are wrapped is not what a test is about."""
        assert self.code != 0, self.output
        assert "Traceback" not in self.output, self.output
        assert "undefined" not in self.output, self.output
        return " ".join(self.output.replace("\\n", " ").split())


class Host:
    def __init__(self, host: dict[str, Any], inventory: str) -> None:
        self.name = host["name"]
        self.container = host["container"]
        self.address = host["address"]
        self.inventory = inventory

    def run(self, script: str, check: bool = True) -> str:
        """A command on the host, past Ansible."""
        wrapped = f"{{ {script}\n}} 2>&1; echo; echo CODE=$?" if not check else f"set -e\n{script}"
        return podman("exec", self.container, "bash", "-c", wrapped).strip()

    def fresh(self) -> "Host":
        self.run(FRESH, check=False)
        return self

    def stopped(self) -> "Host":
        self.run(STOPPED, check=False)
        return self

    def switch(self, **values: object) -> None:
        """How the stand-in should misbehave."""
        lines = "".join(f"OBPROXY_STANDIN_{name}={value}\n" for name, value in values.items())
        self.run(f"printf %s {shlex.quote(lines)} > {SWITCHES}")

    def processes(self) -> list[tuple[str, str, str]]:
        """(pid, user, name) of each process of OBProxy, as ps knows them, without short-lived subshells."""
        found = self.run("ps -eo pid=,ppid=,user=,comm= | grep -E ' (obproxy|obproxyd.sh)$' || true")
        lines = [line.split() for line in found.splitlines()]
        pids = {pid for pid, _parent, _user, _name in lines}
        return [(pid, user, name) for pid, parent, user, name in lines if parent not in pids]

    def pids(self, name: str = "obproxy") -> list[str]:
        return [pid for pid, _user, comm in self.processes() if comm == name]

    def untouched(self) -> bool:
        """Nothing of what the role makes is there."""
        left = self.run("id admin; ls -d /home/admin /opt/taobao; rpm -q obproxy nmap-ncat || true", check=False)
        return all(word not in left for word in ("uid=", "/home/admin\n", "el7", "standin\n"))

    def role(self, *options: str, **variables: Any) -> Run:
        return run_role([self.name], self.inventory, *options, **{**VARIABLES, **variables})

    def info(self, proxysys_password: str | None = None, **arguments: Any) -> dict[str, Any]:
        """What the module obproxy_info finds."""
        if proxysys_password is not None:
            arguments["proxysys_password_sha1"] = hashlib.sha1(proxysys_password.encode()).hexdigest()
        found: dict[str, Any] = self.module("obproxy_info", **{"wait": False, **arguments})["obproxy"]
        return found

    def module(self, name: str, *options: str, **arguments: Any) -> dict[str, Any]:
        """What a module of the collection returns, asked for over ssh."""
        returned: dict[str, Any] = json.loads(self._ask(name, *options, **arguments).stdout.split("=>", 1)[1])
        return returned

    def printed(self, name: str, *options: str, **arguments: Any) -> str:
        """What Ansible prints when a module is asked for, warnings included, without its line breaks."""
        done = self._ask(name, *options, **arguments)
        return " ".join((done.stdout + done.stderr).split())

    def _ask(self, name: str, *options: str, **arguments: Any) -> subprocess.CompletedProcess[str]:
        # No arguments at all would be taken for free text.
        text = json.dumps(arguments)
        module = f"obops.oceanbase.{name}"
        done = ansible("ansible", self.name, "-i", self.inventory, "-m", module, *options, "-a", text)
        assert done.returncode == 0, done.stdout + done.stderr
        return done


def run_role(names: Iterable[str], inventory: str, *options: str, **variables: Any) -> Run:
    # By file: Ansible repeats its own command line at -vvvv.
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(variables, file)
        file.flush()
        arguments = ["-i", inventory, "-l", ",".join(names), "-e", f"@{file.name}", *options, "/dev/stdin"]
        return Run(ansible("ansible-playbook", *arguments, text=PLAY))


def ansible(
    command: str, *arguments: object, text: str | None = None, python: str | Path = sys.executable
) -> subprocess.CompletedProcess[str]:
    environment = {
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache" / "installed"),
        **os.environ,
        "ANSIBLE_INJECT_FACT_VARS": "false",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_PIPELINING": "true",
        "ANSIBLE_SSH_CONTROL_PATH_DIR": f"/tmp/.obproxy-role-{os.getuid()}",
    }
    return subprocess.run(
        [str(Path(python).with_name(command)), *map(str, arguments)],
        input=text, capture_output=True, text=True, timeout=900, check=False, env=environment, cwd="/",
    )  # fmt: skip
