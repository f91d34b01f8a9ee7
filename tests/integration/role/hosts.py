# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A lab host for tests: inspect it, prepare it, and run the role on it."""

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

# One lab per pytest process, so that tests can run in parallel.
LAB = "role-" + os.environ.get("PYTEST_XDIST_WORKER", "tests")
ROOT = Path(__file__).parents[3]
HOME = "/opt/taobao/install/obproxy-1.9.1.1"
RPM = "obproxy-1.9.1.1-1919579.el7.x86_64.rpm"
INSTALL = ("--tags", "obproxy_install")
#: Marks tests that need a real OBProxy.
REAL = pytest.mark.skipif(not os.environ.get("OBPROXY_RPM"), reason="OBPROXY_RPM names no package of a real OBProxy")
#: Role variables for a real OBProxy. The community's obproxyd.sh, which the package may contain, accepts no -e.
OF_REAL = {
    "obproxy_environment": os.environ.get("OBPROXY_RPM_ENVIRONMENT", ""),
    "obproxy_start_timeout": 120,
}
UNIT = "/etc/systemd/system/obproxy.service"
SWITCHES = "/etc/obproxy-standin.conf"
# Variables that each run of the role needs. A test overrides those that it is about.
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
# Keeps the package and removes what a proxy leaves behind.
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
        """Return the modules that ran on hosts, in order. Requires a run with -vvv."""
        return re.findall(r"Using module file \S*/(\w+)\.py", self.output)

    def ok(self) -> "Run":
        assert self.code == 0, self.output
        return self

    def message(self) -> str:
        """Return the output of a failed run on one line, since tests do not depend on how lines are wrapped."""
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
        """Run a command on the host without Ansible."""
        wrapped = f"{{ {script}\n}} 2>&1; echo; echo CODE=$?" if not check else f"set -e\n{script}"
        return podman("exec", self.container, "bash", "-c", wrapped).strip()

    def fresh(self) -> "Host":
        self.run(FRESH, check=False)
        return self

    def stopped(self) -> "Host":
        self.run(STOPPED, check=False)
        return self

    def switch(self, **values: object) -> None:
        """Configure how the stand-in package misbehaves."""
        lines = "".join(f"OBPROXY_STANDIN_{name}={value}\n" for name, value in values.items())
        self.run(f"printf %s {shlex.quote(lines)} > {SWITCHES}")

    def processes(self) -> list[tuple[str, str, str]]:
        """Return (pid, user, name) of each OBProxy process as ps shows them, without short-lived subshells."""
        found = self.run("ps -eo pid=,ppid=,user=,comm= | grep -E ' (obproxy|obproxyd.sh)$' || true")
        lines = [line.split() for line in found.splitlines()]
        pids = {pid for pid, _parent, _user, _name in lines}
        return [(pid, user, name) for pid, parent, user, name in lines if parent not in pids]

    def pids(self, name: str = "obproxy") -> list[str]:
        return [pid for pid, _user, comm in self.processes() if comm == name]

    def untouched(self) -> bool:
        """Return whether nothing that the role creates exists on the host."""
        left = self.run("id admin; ls -d /home/admin /opt/taobao; rpm -q obproxy nmap-ncat || true", check=False)
        return all(word not in left for word in ("uid=", "/home/admin\n", "el7", "standin\n"))

    def role(self, *options: str, **variables: Any) -> Run:
        return run_role([self.name], self.inventory, *options, **{**VARIABLES, **variables})

    def info(self, proxysys_password: str | None = None, **arguments: Any) -> dict[str, Any]:
        """Return what the module obproxy_info finds."""
        if proxysys_password is not None:
            arguments["proxysys_password_sha1"] = hashlib.sha1(proxysys_password.encode()).hexdigest()
        found: dict[str, Any] = self.module("obproxy_info", **{"wait": False, **arguments})["obproxy"]
        return found

    def module(self, name: str, *options: str, **arguments: Any) -> dict[str, Any]:
        """Return the result of a module of the collection, run over ssh."""
        returned: dict[str, Any] = json.loads(self._ask(name, *options, **arguments).stdout.split("=>", 1)[1])
        return returned

    def printed(self, name: str, *options: str, **arguments: Any) -> str:
        """Return what Ansible prints when it runs a module, including warnings, on one line."""
        done = self._ask(name, *options, **arguments)
        return " ".join((done.stdout + done.stderr).split())

    def _ask(self, name: str, *options: str, **arguments: Any) -> subprocess.CompletedProcess[str]:
        # Ansible would treat missing arguments as free text.
        text = json.dumps(arguments)
        module = f"obops.oceanbase.{name}"
        done = ansible("ansible", self.name, "-i", self.inventory, "-m", module, *options, "-a", text)
        assert done.returncode == 0, done.stdout + done.stderr
        return done


def run_role(names: Iterable[str], inventory: str, *options: str, **variables: Any) -> Run:
    # Variables are passed in a file, since Ansible repeats its own command line at -vvvv.
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
