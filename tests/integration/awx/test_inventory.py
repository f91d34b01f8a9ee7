# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Inventory updates as AWX runs them, the use of inventory variables, and jobs without a host to work on."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.lab.podman import podman
from tests.simulator.launcher import ROOT

from .conftest import PROJECT, TAKEOVER
from .surveys import read, unanswered

COLLECTIONS = read("vars/settings.yml")["awx_inventory_collections"]
INSTALLED = os.environ.get("ANSIBLE_COLLECTIONS_PATH", str(ROOT / ".cache" / "installed"))
#: The environment of AWX's inventory updates. ansible-core 2.19 and later ignore the second variable.
AWX = {"ANSIBLE_INVENTORY_UNPARSED_FAILED": "True", "ANSIBLE_COLLECTIONS_PATHS": "/runner/requirements_collections"}
COMMAND = ["ansible-inventory", "--list", "--export", "--playbook-dir", "inventory", "-i"]
SOURCE = "inventory/ocp.yml"
PLAY = """
- name: Show variables of the role
  hosts: obproxy
  gather_facts: false
  tasks:
    - name: Show them
      ansible.builtin.debug:
        msg: "{{ inventory_hostname }}: {{ obproxy_package_version }} {{ obproxy_proxysys_password | default('-') }}"
"""


def examples():
    """Return the files of inventory variables in the guide, by name."""
    blocks = re.findall(r"```yaml\n# (inventory/\S+)\n(.*?)```", (ROOT / "docs" / "awx.md").read_text(), re.S)
    return dict(blocks)


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    shutil.copytree(PROJECT, folder)
    return folder


@pytest.fixture
def update(job, project):
    """A function that runs an inventory update and returns its inventory."""

    def run(collections: str = COLLECTIONS, source: str = SOURCE) -> dict:
        # In AWX's jobs and inventory updates, the project's collections are below /runner.
        place = {"ANSIBLE_COLLECTIONS_PATH": collections.replace("/runner/requirements_collections", INSTALLED)}
        done = subprocess.run(
            [str(Path(sys.executable).parent / COMMAND[0]), *COMMAND[1:], source],
            env={**job().surroundings(), **AWX, **place, "HOME": str(project)},
            cwd=project,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def test_an_update_finds_ocps_hosts_and_the_group_that_the_playbooks_work_on(update):
    found = update()
    assert sorted(found["obproxy"]["hosts"]) == ["proxy-1", "proxy-2", "proxy-3"]
    address = found["_meta"]["hostvars"]["proxy-1"]["ansible_host"]
    assert address == {"__ansible_unsafe": "10.0.0.1"}, "AWX keeps it so, and its jobs read it"


def test_an_update_in_the_execution_environment_finds_the_collection_of_the_image(job, image, project):
    environment = {**job(image=image).surroundings(), **AWX, "ANSIBLE_COLLECTIONS_PATH": COLLECTIONS}
    options = [word for name, value in environment.items() for word in ("--env", f"{name}={value}")]
    mount = ["--volume", f"{project}:/runner/project:ro", "--workdir", "/runner/project"]
    output = podman("run", "--rm", "--network=host", "--user=root", *mount, *options, image, *COMMAND, SOURCE)
    assert sorted(json.loads(output)["obproxy"]["hosts"]) == ["proxy-1", "proxy-2", "proxy-3"]


def test_the_folder_of_the_inventory_is_a_source_with_a_plan(update, project):
    plan = {
        "obproxy": {"children": {"planned": None}},
        "planned": {"children": {"into_demo": None}},
        "into_demo": {"vars": {"obproxy_cluster": "demo"}, "hosts": {"proxy-2": {"obproxy_sql_port": 3306}}},
    }
    (project / "inventory" / "plan.yml").write_text(yaml.safe_dump(plan))
    found = update(source="inventory")
    assert found["planned"]["children"] == ["into_demo"]
    mine = found["_meta"]["hostvars"]["proxy-2"]
    assert (mine["obproxy_sql_port"], mine["ansible_host"]) == (3306, {"__ansible_unsafe": "10.0.0.2"})


@pytest.fixture
def fleet(update, project):
    """The inventory of the guide's example, with this machine in place of each host."""
    for name, text in examples().items():
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text(text)
    found = update()
    here = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    for host in found["_meta"]["hostvars"].values():
        host.update(here)
    return found


def test_hosts_keep_the_variables_of_the_project_when_a_job_is_launched_without_answers(job, fleet):
    assert sorted(examples()) == ["inventory/group_vars/obproxy.yml", "inventory/host_vars/proxy-2.yml"]
    preflight = job(inventory=fleet).run("preflight", **unanswered("preflight"))
    rows = {row["host"]: row for row in preflight.artifacts["obproxy_takeover_hosts"]}
    assert {host: row["sql_port"] for host, row in rows.items()} == {"proxy-1": 2883, "proxy-2": 3306, "proxy-3": 2883}
    assert {row["cluster"]["name"] for row in rows.values()} == {"demo"}
    assert "proxy-1: 1.9.1.1-1919579 -" in job(inventory=fleet).run(PLAY, **unanswered("preflight")).output

    # No proxy runs on this machine, so every host is blocked and the approver is not asked.
    review = job().run("review", **{**unanswered("review"), **preflight.artifacts})
    assert review.result.status == "failed"
    assert "No proxy could be taken over." in review.output
    assert all(any(line.startswith(host) for line in review.output.splitlines()) for host in rows)


def test_variables_next_to_the_projects_playbooks_are_not_those_of_the_collections(job, fleet):
    run = job(inventory=fleet)
    (run.folder / "project" / "group_vars").mkdir(parents=True)
    (run.folder / "project" / "group_vars" / "obproxy.yml").write_text("obproxy_cluster: no-such-cluster\n")
    rows = run.run("preflight", **unanswered("preflight")).artifacts["obproxy_takeover_hosts"]
    assert {row["cluster"]["name"] for row in rows} == {"demo"}


def test_an_encrypted_value_goes_through_the_update_to_the_job(job, update, project, tmp_path):
    key = tmp_path / "key"
    key.write_text("vault-password\n")
    tool = str(Path(sys.executable).parent / "ansible-vault")
    command = [tool, "encrypt_string", "--vault-password-file", str(key), "not-to-be-stored", "--name"]
    done = subprocess.run([*command, "obproxy_proxysys_password"], capture_output=True, text=True, check=True)
    folder = project / "inventory" / "group_vars"
    folder.mkdir()
    (folder / "obproxy.yml").write_text(f"obproxy_package_version: '1'\n{done.stdout}")
    found = update()
    assert "not-to-be-stored" not in json.dumps(found)
    run = job(inventory=found).run(PLAY, command_line=f"--vault-password-file {key}")
    assert "proxy-1: 1 not-to-be-stored" in run.output


@pytest.mark.parametrize("playbook", ["preflight", "prepare", "takeover"])
@pytest.mark.parametrize(
    "inventory, limit, answers, words",
    [
        (None, "", {}, "has no group or host obproxy"),
        ({"obproxy": {"hosts": []}, "other": {"hosts": ["a"]}}, "", {}, "obproxy matches no host of the inventory"),
        ({"obproxy": {"hosts": ["a"]}}, "", {"obproxy_hosts": "obporxy"}, "no group or host obporxy"),
        ({"obproxy": {"hosts": ["a"]}}, "--limit b", {}, "supplied host pattern"),
    ],
)
def test_a_job_without_a_host_to_work_on_fails(ocp, job, playbook, inventory, limit, answers, words):
    ocp.forget_requests()
    run = job(inventory=inventory).run(playbook, command_line=limit, **{**unanswered(playbook), **answers})
    assert run.result.status == "failed"
    assert words in run.output
    assert ocp.requests() == []


def test_a_play_of_the_users_own_that_matches_no_host_fails_by_the_projects_settings(job):
    run = job().run(TAKEOVER.replace("hosts: localhost", "hosts: obporxy"))
    assert run.result.status == "failed"
    assert "obporxy" in run.output
