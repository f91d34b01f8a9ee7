# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The OCP modules as a user runs them: the installed collection, Ansible's own commands, and a simulated OCP."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.simulator.launcher import Simulator

ROOT = Path(__file__).parents[3]
PASSWORD = "aaAA11__"


class Run:
    """A finished run of a module: its result as data, all its output, its exit code, and its duration in seconds."""

    def __init__(self, result, output, code, seconds):
        self.result = result
        self.output = output
        self.code = code
        self.seconds = seconds

    @property
    def outcomes(self):
        return [host["outcome"] for host in self.result["hosts"]]

    @property
    def failure(self):
        assert self.code != 0, self.output
        assert "Traceback" not in self.output, self.output
        return self.result["failure"]


class Runner:
    """A runner for modules on the controller. `env` contains the environment variables that its user has set."""

    def __init__(self, folder, env):
        self.folder = folder
        self.env = env
        self.interpreter = sys.executable

    def environment(self):
        kept = {key: value for key, value in os.environ.items() if not key.startswith("OCP_")}
        kept.setdefault("ANSIBLE_COLLECTIONS_PATH", str(ROOT / ".cache" / "installed"))
        return {
            **kept,
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_LOCALHOST_WARNING": "0",
            "PYTHONPATH": kept["ANSIBLE_COLLECTIONS_PATH"],
            **self.env,
        }

    def module(self, name, /, check=False, **arguments):
        """Run only the module, as Ansible would start it on a host. This is fast, and enough for most tests."""
        file = self.folder / "arguments.json"
        file.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": {**arguments, "_ansible_check_mode": check}}))
        run = self._run(
            [self.interpreter, "-m", f"ansible_collections.obops.oceanbase.plugins.modules.{name}", str(file)]
        )
        answers = [line for line in run.output.splitlines() if line.startswith("{")]
        assert answers, run.output
        run.result = json.loads(answers[-1])
        return run

    def ansible(self, name, /, *options, **arguments):
        """Run the module with the ansible command, as a user does."""
        (self.folder / "localhost").unlink(missing_ok=True)
        run = self._run(
            [
                *(str(Path(sys.executable).parent / "ansible"), "localhost", "-m", f"obops.oceanbase.{name}"),
                *(("-a", json.dumps(arguments)) if arguments else ()),
                *("--tree", str(self.folder)),
                *("-e", f"ansible_python_interpreter={self.interpreter}", *options),
            ]
        )
        assert (self.folder / "localhost").exists(), run.output
        run.result = json.loads((self.folder / "localhost").read_text())
        return run

    def _run(self, command):
        started = time.monotonic()
        done = subprocess.run(
            command, env=self.environment(), cwd=self.folder, capture_output=True, text=True, timeout=120
        )
        return Run(None, done.stdout + done.stderr, done.returncode, time.monotonic() - started)


@pytest.fixture(scope="session")
def _simulator():
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def ocp(_simulator):
    """A simulated OCP with five hosts and the OBProxy clusters demo and other. Its tasks take one second."""
    _simulator.reset(world(5))
    return _simulator


def world(hosts, **settings):
    return {
        "hosts": [{"address": f"10.0.0.{n}", "name": f"proxy-{n}"} for n in range(1, hosts + 1)],
        "obproxy_clusters": [{"name": "demo"}, {"name": "other"}],
        "settings": {"check_proxies": False, "task_seconds": 1, **settings},
    }


@pytest.fixture
def runner(tmp_path, ocp):
    """A runner that logs in to the simulated OCP with environment variables."""
    return Runner(tmp_path, {"OCP_URL": ocp.url, "OCP_USERNAME": ocp.username, "OCP_PASSWORD": ocp.password})


@pytest.fixture
def take_over(runner):
    """A function that takes over hosts by number, into the cluster demo by default."""

    def run(*numbers, **arguments):
        return runner.module("ocp_obproxy_takeover", **takeover_of(*numbers, **arguments))

    return run


def takeover_of(*numbers, **arguments):
    """Return the module arguments for a takeover of hosts by number."""
    hosts = [{"host": f"10.0.0.{n}"} for n in numbers]
    arguments = {"cluster": "demo", "hosts": hosts, **arguments}
    return {name: value for name, value in arguments.items() if value is not None}
