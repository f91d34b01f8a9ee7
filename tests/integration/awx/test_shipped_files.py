# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files shipped for AWX, checked against what AWX rejects and what it does silently."""

from __future__ import annotations

import jinja2
import pytest
import yaml

from tests.simulator.launcher import ROOT

from .surveys import AWX, QUESTIONS, TEMPLATES, Unsafe, read

WHEEL = ROOT / ".cache" / "awx"
SURVEY_TYPES = {"text", "textarea", "password", "multiplechoice", "multiselect", "integer", "float"}
FIELD_KEYS = {
    "id",
    "label",
    "type",
    "format",
    "secret",
    "multiline",
    "help_text",
    "choices",
    "default",
    "ask_at_runtime",
}
PLAYBOOKS = ["discover", "preflight", "prepare", "retry", "review", "status", "takeover"]


INPUTS = read("vars/credential_type.yml")["awx_credential_type_inputs"]
INJECTORS = read("vars/credential_type.yml")["awx_credential_type_injectors"]
NODES = read("vars/workflow.yml")["awx_workflow_nodes"]
TASKS = [
    (name, task)
    for name in ("configure.yml", "remove.yml")
    for task in read(f"tasks/{name}")
    if any(key.startswith("awx.awx.") for key in task)
]


def injected(**values):
    """Return the environment that AWX makes from a credential. Unset fields are injected as false or an empty text."""
    empty = {field["id"]: False if field["type"] == "boolean" else "" for field in INPUTS["fields"]}
    names = {**empty, **values, "tower": {"filename": {"ca": "/tmp/ca.pem"}}}
    render = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False).from_string
    assert render(INJECTORS["file"]["template.ca"]).render(names) == names["ca_certificate"]
    return {name: render(text).render(names) for name, text in INJECTORS["env"].items()}


def test_the_fields_of_the_credential_are_such_as_awx_takes():
    ids = [field["id"] for field in INPUTS["fields"]]
    assert len(ids) == len(set(ids))
    assert set(INPUTS["required"]) <= set(ids)
    for field in INPUTS["fields"]:
        assert set(field) <= FIELD_KEYS, field
        assert field["label"]
        assert field["type"] in ("string", "boolean")
        assert not (field.get("secret") and field["type"] == "boolean")
    secret = {field["id"] for field in INPUTS["fields"] if field.get("secret")}
    assert secret == {"password", "access_key_secret"}


def test_the_injectors_are_left_to_awx_and_name_what_it_takes():
    assert set(INJECTORS) == {"file", "env"}, "a survey overrides extra variables, and debug prints them"
    texts = [*INJECTORS["env"].values(), *INJECTORS["file"].values()]
    assert all(isinstance(text, Unsafe) for text in texts), "Ansible would fill them itself"
    assert not any("{ " + "{" in text for text in texts)
    assert not any(name.startswith("ANSIBLE_") for name in INJECTORS["env"])


def test_an_untouched_credential_verifies_certificates():
    assert injected(url="http://ocp:8080", username="admin", password="secret") == {
        "OCP_URL": "http://ocp:8080",
        "OCP_USERNAME": "admin",
        "OCP_PASSWORD": "secret",
        "OCP_ACCESS_KEY_ID": "",
        "OCP_ACCESS_KEY_SECRET": "",
        "OCP_VALIDATE_CERTS": "True",
        "OCP_CA_PATH": "",
    }
    other = injected(url="https://ocp", access_key_id="AK", access_key_secret="SK", skip_tls_verify=True)
    assert (other["OCP_ACCESS_KEY_ID"], other["OCP_ACCESS_KEY_SECRET"]) == ("AK", "SK")
    assert other["OCP_VALIDATE_CERTS"] == "False"
    assert injected(ca_certificate="-----BEGIN")["OCP_CA_PATH"] == "/tmp/ca.pem"


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_launch_without_answers_is_not_refused(name):
    assert QUESTIONS[name]["required"] is False, "AWX refuses it, default or not, from its API and from a schedule"


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_question_is_one_that_awx_accepts(name):
    question = QUESTIONS[name]
    assert question["type"] in SURVEY_TYPES
    assert set(question) >= {"question_name", "question_description", "variable", "type", "required", "default"}
    if question["type"] == "multiplechoice":
        assert all(isinstance(choice, str) for choice in question["choices"])
        assert question["default"] in question["choices"]
    elif question["type"] == "integer":
        assert type(question["default"]) is int
        assert question["min"] <= question["default"] <= question["max"]
    else:
        assert isinstance(question["default"], str)
        assert question["min"] <= len(question["default"]) <= question["max"]


def test_plays_on_localhost_cannot_be_limited_to_nothing():
    for template in TEMPLATES["awx_job_templates"]:
        (play,) = yaml.safe_load((ROOT / "playbooks" / template["playbook"]).read_text())
        on_localhost = play["hosts"].startswith(("localhost", "{{ 'localhost' |"))
        assert template["needs_hosts"] != on_localhost, template["name"]
        assert on_localhost == (play.get("connection") == "local"), template["name"]
    (task,) = [task for _name, task in TASKS if "awx.awx.job_template" in task and "survey_spec" in str(task)]
    for option in ("ask_limit_on_launch", "ask_job_type_on_launch"):
        assert task["awx.awx.job_template"][option] == "{{ item.needs_hosts }}"
    assert task["awx.awx.job_template"]["job_slice_count"] == "{{ item.slices | default(1) }}"
    sliced = [template["playbook"] for template in TEMPLATES["awx_job_templates"] if "slices" in template]
    assert sliced == ["prepare.yml"], "slices of others would be takeovers side by side"


def test_secrets_are_not_sent_again_and_not_shown():
    (task,) = [task for _name, task in TASKS if "inputs" in task.get("awx.awx.credential", {})]
    assert task["awx.awx.credential"]["update_secrets"] is False
    assert task["no_log"] is True


def test_the_project_has_a_file_for_each_template_and_each_imports_its_playbook():
    assert sorted(file.stem for file in (AWX / "project").glob("*.yml")) == PLAYBOOKS
    assert sorted(template["playbook"] for template in TEMPLATES["awx_job_templates"]) == [
        f"{n}.yml" for n in PLAYBOOKS
    ]
    for name in PLAYBOOKS:
        (play,) = read(f"project/{name}.yml")
        assert play["ansible.builtin.import_playbook"] == f"obops.oceanbase.{name}"
        assert (ROOT / "playbooks" / f"{name}.yml").exists()


def test_every_way_through_the_workflow_ends_well_only_after_a_takeover_did():
    nodes = {node["identifier"]: node for node in NODES}
    names = {template["name"] for template in TEMPLATES["awx_job_templates"]}
    before = {name: set() for name in nodes}
    for name, node in nodes.items():
        assert ("approval" in node) != (node.get("template") in names)
        for kind in ("success", "failure", "always"):
            for follower in node.get(kind, []):
                before[follower].add((name, kind))
    assert before["preflight"] == set()
    assert before["review"] == {("preflight", "always")}, "a preflight fails for one blocked host"
    assert before["approval"] == {("review", "success")}
    assert before["takeover"] == {("approval", "success")}
    assert before["fixed"] == {("takeover", "failure")}
    assert before["status"] == {("takeover", "success"), ("takeover_again", "success")}


def test_the_artefact_has_the_whole_example_project():
    folder = "extensions/awx/project"
    installed = ROOT / ".cache" / "installed" / "ansible_collections" / "obops" / "oceanbase" / folder
    here = {file.relative_to(ROOT / folder) for file in (ROOT / folder).rglob("*")}
    assert {file.relative_to(installed) for file in installed.rglob("*")} == here
    assert (installed / "ansible.cfg").is_file(), "the collection's own ansible.cfg is left out of it by name"
