# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs as AWX runs them, with ansible-runner, the installed artefact and a simulated OCP."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from pathlib import Path

import ansible_runner
import pytest

from tests.lab.places import LABS
from tests.lab.podman import CONFIGURATION
from tests.simulator.launcher import ROOT, Simulator

from . import execution_environment

PROJECT = ROOT / "extensions" / "awx" / "project"
#: The variables that the credential type injects in addition to the login if the credential has a user name.
CREDENTIAL = {
    "OCP_ACCESS_KEY_ID": "",
    "OCP_ACCESS_KEY_SECRET": "",
    "OCP_VALIDATE_CERTS": "True",
    "OCP_CA_PATH": "",
}

#: A takeover play that needs no hosts.
TAKEOVER = """
- name: Take over
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Take over the proxies
      obops.oceanbase.ocp_obproxy_takeover:
        cluster: demo
        hosts: [{host: 10.0.0.1}, {host: 10.0.0.2}]
"""


class Job:
    """A run of ansible-runner with its timestamped events and its artifacts."""

    def __init__(
        self, folder: Path, environment: dict[str, str], inventory: str | dict | None = None, image: str | None = None
    ) -> None:
        """`inventory` is a file or the output of an inventory update, and `image` an execution environment or None."""
        self.folder = folder
        self.environment = environment
        self.inventory = inventory
        self.image = image
        self.events: list[tuple[float, dict]] = []

    def run(self, playbook: str, *, cancel_at=None, then=None, command_line: str = "", **variables) -> Job:
        """Run a playbook of the shipped example project, or a play given as text.

        The job is cancelled when its output contains the text `cancel_at`. `then` is a pair of a text and a function
        that is called when an event shows the text.
        """
        project = self.folder / "project"
        shutil.copytree(PROJECT, project, dirs_exist_ok=True)
        text = playbook if "\n" in playbook else (PROJECT / f"{playbook}.yml").read_text()
        (project / "job.yml").write_text(text)
        self._inventory()
        self.result = ansible_runner.run(
            private_data_dir=str(self.folder),
            playbook="job.yml",
            extravars=variables,
            envvars=self.surroundings(),
            cmdline=command_line or None,
            event_handler=lambda event: self._note(event, then),
            cancel_callback=lambda: cancel_at is not None and cancel_at in self.output,
            quiet=True,
            **(self._isolation() if self.image else {}),
        )
        return self

    def _isolation(self) -> dict:
        """Return the runner settings for a container, which has the same access to the lab as this machine."""
        mounts = [f"{LABS}:{LABS}:ro"] if LABS.exists() else []
        return {
            "process_isolation": True,
            "process_isolation_executable": "podman",
            "container_image": self.image,
            # As in AWX, root in the container is the user who runs podman, and owns the job's folder.
            "container_options": ["--network=host", "--user=root"],
            "container_volume_mounts": mounts,
        }

    def _note(self, event: dict, then) -> bool:
        self.events.append((time.monotonic(), event))
        if then and then[0] in event.get("stdout", ""):
            then[1]()
        return True

    def _inventory(self) -> None:
        """Write the inventory to the runner's folder, as AWX does. As in AWX, it may be empty."""
        folder = self.folder / "inventory"
        folder.mkdir(exist_ok=True)
        if isinstance(self.inventory, dict):
            script = folder / "hosts"
            script.write_text(f"#!/usr/bin/env python3\nprint({json.dumps(self.inventory)!r})\n")
            script.chmod(0o755)
        else:
            (folder / "hosts.yml").write_text(Path(self.inventory).read_text() if self.inventory else "")

    def surroundings(self) -> dict[str, str]:
        if self.image:
            return {"ANSIBLE_NOCOLOR": "1", **self.environment}
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        collections = os.environ.get("ANSIBLE_COLLECTIONS_PATH", str(ROOT / ".cache" / "installed"))
        return {"PATH": path, "ANSIBLE_COLLECTIONS_PATH": collections, "ANSIBLE_NOCOLOR": "1", **self.environment}

    @property
    def output(self) -> str:
        return "\n".join(event.get("stdout", "") for _, event in self.events)

    def of(self, kind: str, task: str = "") -> list[tuple[float, dict]]:
        """Return the events of a kind with the times at which they arrived."""
        return [
            (moment, event)
            for moment, event in self.events
            if event["event"] == kind and event.get("event_data", {}).get("task", "").startswith(task)
        ]

    def lines(self) -> list[tuple[float, str]]:
        """Return the progress lines of a wait, which begin with seconds, with the times at which they arrived."""
        return [(moment, event["stdout"]) for moment, event in self.of("verbose") if " s] " in event["stdout"]]

    def shows_its_wait_live(self, task: str) -> None:
        """Assert that lines arrived throughout the task and not all at its end, with the task IDs in the first one."""
        (done, _event) = self.of("runner_on_ok", task)[0]
        lines = self.lines()
        assert "33001-33002" in lines[0][1]
        assert all(moment < done for moment, _line in lines)
        # OCP's tasks take four seconds.
        assert lines[-1][0] - lines[0][0] > 2

    @property
    def artifacts(self) -> dict:
        """The data that set_stats passes on to a workflow."""
        stats = [event for _, event in self.events if event["event"] == "playbook_on_stats"]
        return stats[-1]["event_data"]["artifact_data"] if stats else {}


@pytest.fixture
def image(monkeypatch):
    """The image of the execution environment, with podman configured to run it."""
    monkeypatch.setenv("CONTAINERS_CONF", str(CONFIGURATION))
    return execution_environment.ensure()


@pytest.fixture(scope="session")
def _simulator():
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def ocp(_simulator):
    """A simulated OCP with three hosts, one of which has a proxy in the OBProxy cluster demo."""
    _simulator.reset(
        {
            "hosts": [{"address": f"10.0.0.{n}", "name": f"proxy-{n}"} for n in range(1, 4)],
            "obproxy_clusters": [
                {"name": "demo", "obproxies": [{"host": "proxy-3", "version": "4.2.1-11"}]},
                {"name": "other"},
            ],
            "settings": {"check_proxies": False, "task_seconds": 4},
        }
    )
    return _simulator


@pytest.fixture
def job(ocp, tmp_path):
    """A factory for jobs with a credential for the simulated OCP."""
    made = []

    def make(image: str | None = None, inventory: str | dict | None = None, **environment) -> Job:
        login = {"OCP_URL": ocp.url, "OCP_USERNAME": ocp.username, "OCP_PASSWORD": ocp.password}
        environment = {**CREDENTIAL, **login, **environment}
        made.append(Job(tmp_path / f"job-{len(made)}", environment, inventory=inventory, image=image))
        return made[-1]

    return make
