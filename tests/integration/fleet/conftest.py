# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fleet without hosts. The installed artefact runs with a simulated OCP, but the findings on each host are made up.

Only the modules that inspect hosts and proxies and the role's own tasks are replaced (stand_in). This machine is not
changed.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from tests.lab.run import end_group
from tests.simulator.launcher import ROOT, Simulator
from tests.unit.plugins.plugin_utils._fleet.looks import look, process

HERE = Path(__file__).parent
HOME = "/opt/taobao/install/obproxy-1.9.1.1"


def proxy(**changes):
    return process(home=HOME, **changes)


def found(*processes, idle=False, version="1.9.1.1", **more):
    """Return made-up findings on a host. If `idle`, the proxy has answered for some time and the role is not run."""
    return look(*processes, idle=idle, version=version, release="1919579", home=HOME, **more)


FINE = found(proxy())


class Fleet:
    """The hosts of an inventory and the playbook runs on them."""

    def __init__(self, collections, ocp, folder):
        self.collections = collections
        self.ocp = ocp
        self.folder = folder
        self.hosts = {}
        self.groups = {}
        self.variables = {
            "obproxy_package_version": "1.9.1.1-1919579",
            "ocp_url": ocp.url,
            "ocp_username": ocp.username,
            "ocp_password": ocp.password,
        }

    def add(self, name, found=FINE, **variables):
        self.hosts[name] = {"found": found, **variables}

    def inventory(self, *names):
        """Write an inventory of all hosts, or of one slice, and return its path."""
        local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        hosts = {name: self.hosts[name] for name in names} or self.hosts
        tree = {"obproxy": {"hosts": hosts, "vars": {**local, **self.variables}}}
        tree.update({name: {"hosts": dict.fromkeys(hosts)} for name, hosts in self.groups.items()})
        file = self.folder / f"{'-'.join(['hosts', *names])}.yml"
        file.write_text(yaml.safe_dump({"all": {"children": tree}}, sort_keys=False))
        return file

    def at_once(self, playbook, *limits, **variables):
        """Run a playbook for several parts of the fleet at the same time, like the slices of a job."""
        with ThreadPoolExecutor() as pool:
            return list(pool.map(lambda limit: self.run(playbook, "--limit", limit, **variables), limits))

    def run(self, playbook, *options, **more):
        """Run a playbook of the collection, or a list of custom plays."""
        with self._started(playbook, *options, **more) as running:
            output, _errors = running.communicate()
        assert "Traceback" not in output, output
        return Run(running.returncode, output)

    def interrupted(self, playbook, words, how, **more):
        """Stop a run and all its processes with Ctrl-C or SIGKILL when it has printed the given words."""
        with self._started(playbook, **more) as running:
            shown = ""
            for line in running.stdout:
                shown += line
                if words in line:
                    if how == signal.SIGKILL:
                        os.killpg(running.pid, how)
                    else:
                        end_group(running)
                    break
            assert words in shown, shown
            output = shown + running.stdout.read()
        return Run(running.returncode, output)

    def _started(self, playbook, *options, env=(), **variables):
        name = f"obops.oceanbase.{playbook}"
        if isinstance(playbook, list):
            name = self.folder / "site.yml"
            name.write_text(yaml.safe_dump(playbook))
        extra = [option for key, value in variables.items() for option in ("-e", json.dumps({key: value}))]
        return subprocess.Popen(
            [Path(sys.executable).parent / "ansible-playbook", "-i", self.inventory(), name, *extra, *options],
            cwd=self.folder,
            env={**self.environment, **dict(env)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    @property
    def environment(self):
        """The environment of a run, without the OCP and Ansible variables that are set on this machine."""
        return {
            **{key: value for key, value in os.environ.items() if not key.startswith(("OCP_", "ANSIBLE_"))},
            "ANSIBLE_COLLECTIONS_PATH": str(self.collections),
            "ANSIBLE_INJECT_FACT_VARS": "false",
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_PIPELINING": "true",
            "ANSIBLE_SHOW_CUSTOM_STATS": "1",
        }


class Run:
    """The results of a run, as shown to the user and as passed on to a workflow."""

    def __init__(self, code, output):
        self.code = code
        self.output = output
        self.words = " ".join(output.split())

    @property
    def table(self):
        """The rows of the report by host, each as cells by column."""
        lines = self.output[self.output.rindex("\nHOST ") + 1 :].split("\n\n")[0].splitlines()
        starts = [match.start() for match in re.finditer(r"\S+", lines[0])]
        heads = lines[0].split()
        rows = {}
        for line in lines[1:]:
            cells = [line[start:end].strip() for start, end in zip(starts, [*starts[1:], None], strict=True)]
            rows[cells[0]] = dict(zip(heads, cells, strict=True))
        return rows

    @property
    def outcomes(self):
        return {host: row["OUTCOME"] for host, row in self.table.items()}

    @property
    def stats(self):
        """The data passed on to a workflow."""
        return json.loads(re.search(r"^\s*RUN: (\{.*\})$", self.output, re.MULTILINE).group(1))

    @property
    def fatal(self):
        """The lines that report failed hosts."""
        return re.findall(r"^fatal: .*$", self.output, re.MULTILINE)

    def recap(self, host):
        line = re.search(rf"^{host} +: (.*)$", self.output, re.MULTILINE).group(1)
        return {key: int(value) for key, value in (pair.split("=") for pair in line.split())}


@pytest.fixture(scope="session")
def collections(tmp_path_factory):
    """The installed artefact, with replacements for everything that would touch a host."""
    folder = tmp_path_factory.mktemp("collections")
    shutil.copytree(ROOT / ".cache" / "installed", folder, dirs_exist_ok=True)
    collection = folder / "ansible_collections" / "obops" / "oceanbase"
    for name in ("obproxy_check.py", "obproxy_info.py"):
        shutil.copy(HERE / "stand_in" / name, collection / "plugins" / "action")
    tasks = collection / "roles" / "obproxy" / "tasks"
    shutil.copy(HERE / "stand_in" / "role.yml", tasks / "main.yml")
    shutil.copy(HERE / "stand_in" / "service_off.yml", tasks)
    return folder


WORLD = {
    "hosts": [
        {"address": f"10.0.0.{number}", "name": f"proxy-{number}", "status": "ONLINE"} for number in range(1, 51)
    ],
    "obproxy_clusters": [{"name": "demo", "work_mode": "CONFIG_URL"}, {"name": "billing", "work_mode": "CONFIG_URL"}],
    "settings": {"task_seconds": 1, "check_proxies": False, "rate_limit": None},
}


@pytest.fixture(scope="session")
def _ocp():
    with Simulator(WORLD) as ocp:
        yield ocp


@pytest.fixture
def ocp(_ocp):
    _ocp.reset(WORLD)
    return _ocp


@pytest.fixture
def fleet(collections, ocp, tmp_path):
    return Fleet(collections, ocp, tmp_path)


@pytest.fixture(scope="module")
def new_fleet(collections, _ocp, tmp_path_factory):
    """A factory for fleets whose run several tests share. It also resets OCP, as before each test."""

    def make(world=WORLD):
        _ocp.reset(world)
        return Fleet(collections, _ocp, tmp_path_factory.mktemp("fleet"))

    return make
