# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs in the execution environment's container, as AWX and ansible-navigator run them."""

import json
import os
import subprocess
from functools import partial

import pytest

from tests.lab.podman import CONFIGURATION, as_root, podman
from tests.simulator.launcher import ROOT

from . import execution_environment
from .conftest import TAKEOVER

SETTINGS = ROOT / "extensions" / "awx" / "ansible-navigator.yml"


@pytest.fixture
def contained(job, image):
    """A factory for jobs that run in a container."""
    return partial(job, image=image)


def test_lines_show_while_the_takeover_runs(contained):
    run = contained().run(TAKEOVER)
    assert run.result.status == "successful", run.output
    run.shows_its_wait_live("Take over the proxies")


def test_a_job_that_was_cancelled_is_joined_by_the_next_and_no_container_is_left(ocp, contained, image):
    ocp.freeze()
    run = contained().run(TAKEOVER, cancel_at="OCP tasks 33001-33002")
    assert run.result.status == "canceled"
    assert podman("ps", "--quiet", "--filter", f"ancestor={image}") == ""
    run = contained().run(TAKEOVER, then=("33001", ocp.thaw))
    assert run.result.status == "successful", run.output
    assert "OCP tasks 33001-33002" in run.output
    assert len(ocp.takeovers()) == 2


def test_the_password_is_in_no_artifact(ocp, contained):
    run = contained().run("status")
    assert run.result.status == "successful", run.output
    events = json.dumps([event for _moment, event in run.events])
    assert ocp.password not in events + run.output


@pytest.fixture
def message_queues():
    """The folder for POSIX message queues, which ansible-navigator needs for podman but a container may lack."""
    subprocess.run(as_root("mkdir", "-p", "/dev/mqueue"), check=True)


def test_ansible_navigator_runs_a_playbook_by_the_shipped_settings(ocp, image, message_queues, tmp_path):
    # ansible-navigator passes Ansible's variables on, but this machine's collection paths do not exist in there.
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")},
        "ANSIBLE_NAVIGATOR_CONFIG": str(SETTINGS),
        "CONTAINERS_CONF": str(CONFIGURATION),
        "PATH": f"{execution_environment.TOOLS}:{os.environ['PATH']}",
        "OCP_URL": ocp.url,
        "OCP_USERNAME": ocp.username,
        "OCP_PASSWORD": ocp.password,
    }
    command = [execution_environment.TOOLS / "ansible-navigator", "run", "obops.oceanbase.status", "--eei", image]
    # The simulated OCP listens on loopback.
    done = subprocess.run(
        [*command, "--container-options=--net=host", "--log-file", tmp_path / "navigator.log"],
        cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "10.0.0.3  2883  RUNNING   4.2.1-11" in done.stdout
    assert ocp.password not in done.stdout + done.stderr + (tmp_path / "navigator.log").read_text()
