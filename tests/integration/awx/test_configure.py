# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks that configure AWX and undo it, run with the real awx.awx collection against a stub of AWX's API."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulator.launcher import ROOT

from . import wheel
from .stub import Awx

#: Without this path, ansible-core 2.19 and later find no collection in an inventory update.
COLLECTIONS = "/runner/requirements_collections:~/.ansible/collections:/usr/share/ansible/collections"
MADE = {
    "credential_types": ["OceanBase Cloud Platform"],
    "credentials": ["OCP", "ssh"],
    "execution_environments": ["OceanBase"],
    "inventories": ["OCP hosts", "OCP only"],
    "inventory_sources": ["OCP hosts"],
    "job_templates": [
        *("OBProxy discover", "OBProxy preflight", "OBProxy prepare", "OBProxy retry"),
        *("OBProxy review", "OBProxy status", "OBProxy takeover"),
    ],
    "projects": ["OceanBase"],
    "workflow_approval_templates": ["Are the causes fixed?", "Take these proxies over?"],
    "workflow_job_templates": ["OBProxy takeover with approval"],
}


@pytest.fixture
def awx():
    with Awx() as stub:
        yield stub


@pytest.fixture
def run(awx):
    collections = wheel.collections()
    if collections is None:
        pytest.skip("awx.awx (in PyPI's package ansible, up to 13.x) cannot be had here")

    def play(name):
        variables = {
            "awx_project_scm_url": "https://git.example.com/oceanbase.git",
            "awx_machine_credential": "ssh",
            "awx_prepare_slices": 4,
            "awx_execution_environment_image": "registry.example.com/obops-oceanbase:1",
        }
        done = subprocess.run(
            [
                str(Path(sys.executable).parent / "ansible-playbook"),
                *(str(ROOT / "extensions" / "awx" / f"{name}.yml"), "-e", json.dumps(variables)),
            ],
            env={
                **{key: value for key, value in os.environ.items() if not key.startswith(("OCP_", "CONTROLLER_"))},
                "ANSIBLE_COLLECTIONS_PATH": str(collections),
                "ANSIBLE_NOCOLOR": "1",
                "ANSIBLE_PIPELINING": "1",
                "CONTROLLER_HOST": awx.url,
                "CONTROLLER_USERNAME": "admin",
                "CONTROLLER_PASSWORD": "password",
                "OCP_URL": "http://ocp.example.com:8080",
                "OCP_USERNAME": "ops",
                "OCP_PASSWORD": "not-to-be-shown",
            },
            capture_output=True,
            text=True,
        )
        output = done.stdout + done.stderr
        assert done.returncode == 0, output
        assert "not-to-be-shown" not in output
        return int(re.search(r"changed=(\d+)", output).group(1))

    return play


def found(awx):
    return {kind: names for kind in MADE if (names := awx.names(kind))}


def test_awx_is_configured_once_and_what_was_made_can_be_removed(awx, run):
    assert run("configure") > 0
    assert found(awx) == MADE
    (credential,) = [thing for thing in awx.things["credentials"].values() if thing["name"] == "OCP"]
    assert credential["inputs"] == {
        "url": "http://ocp.example.com:8080",
        "username": "ops",
        "password": "not-to-be-shown",
    }
    (kind,) = awx.things["credential_types"].values()
    assert kind["injectors"]["env"]["OCP_PASSWORD"] == "{{ password }}"
    assert [question["variable"] for question in awx.surveys["OBProxy retry"]["spec"]] == [
        "obproxy_task_ids",
        "obproxy_takeover_timeout",
    ]
    (source,) = awx.things["inventory_sources"].values()
    assert json.loads(source["source_vars"]) == {"ANSIBLE_COLLECTIONS_PATH": COLLECTIONS}
    templates = {thing["name"]: (key, thing) for key, thing in awx.things["job_templates"].items()}
    for name, hosts in (("OBProxy takeover", True), ("OBProxy status", False)):
        key, template = templates[name]
        assert template["ask_limit_on_launch"] is hosts
        assert len(awx.links["job_templates", key, "credentials"]) == (2 if hosts else 1)

    slices = {name: template["job_slice_count"] for name, (_key, template) in templates.items()}
    assert (slices.pop("OBProxy prepare"), set(slices.values())) == (4, {1})

    nodes = {key: thing["identifier"] for key, thing in awx.things["workflow_job_template_nodes"].items()}
    assert {
        (nodes[key], kind, nodes[follower])
        for (where, key, kind), followers in awx.links.items()
        if where == "workflow_job_template_nodes"
        for follower in followers
    } == {
        ("preflight", "always_nodes", "review"),
        ("review", "success_nodes", "approval"),
        ("approval", "success_nodes", "takeover"),
        ("takeover", "success_nodes", "status"),
        ("takeover", "failure_nodes", "fixed"),
        ("fixed", "success_nodes", "retry"),
        ("retry", "always_nodes", "takeover_again"),
        ("takeover_again", "success_nodes", "status"),
    }

    assert run("configure") == 0
    assert found(awx) == MADE

    assert run("remove") > 0
    assert found(awx) == {"credentials": ["ssh"]}


def test_removing_something_that_does_not_exist_changes_nothing(awx, run):
    assert run("remove") == 0
    assert awx.writes == []
