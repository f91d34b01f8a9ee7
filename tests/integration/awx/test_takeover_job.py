# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The job templates preflight, review and takeover on a lab host, with answers to their surveys."""

from pathlib import Path

import pytest
import yaml

from tests.lab import lab

from .conftest import CREDENTIAL, Job
from .surveys import unanswered

#: The inventory variables of all hosts.
VARIABLES = {"obproxy_package_version": "1.9.1.1-1919579", "obproxy_takeover_timeout": 120}
#: The variables of a host that does not answer.
LOST = {"ansible_host": "127.0.0.1", "ansible_port": 1, "obproxy_ocp_address": "10.0.0.99"}
ANSWERS = {"obproxy_default_cluster": "demo", "obproxy_hosts": "awx-1,\n obproxy\n"}


@pytest.fixture(scope="module")
def host():
    found = lab.up("awx", 1, simulator=True)
    yield found
    lab.down("awx")


@pytest.fixture
def launch(host, tmp_path):
    """A function that launches a job template with the answers and the artifacts of earlier jobs in the workflow."""
    ocp = host["simulator"]
    login = {"OCP_URL": ocp["url"], "OCP_USERNAME": ocp["username"], "OCP_PASSWORD": ocp["password"]}
    given = {}

    def run(name, image=None, **hosts):
        inventory = yaml.safe_load(Path(host["inventory"]).read_text())
        group = inventory["all"]["children"]["obproxy"]
        group.setdefault("vars", {}).update(VARIABLES)
        group["hosts"].update(hosts)
        file = tmp_path / "hosts.yml"
        file.write_text(yaml.safe_dump(inventory))
        job = Job(tmp_path / name, {**CREDENTIAL, **login}, inventory=str(file), image=image)
        done = job.run(name, **{**unanswered(name), **ANSWERS, **given})
        given.update(done.artifacts)
        return done

    return run


def outcomes(run):
    return {row["host"]: row["outcome"] for row in run.artifacts["obproxy_takeover_hosts"]}


def test_the_approver_sees_what_is_blocked_and_the_other_hosts_continue(launch):
    preflight = launch("preflight", lost=LOST)
    assert preflight.result.status == "failed"
    assert outcomes(preflight) == {"awx-1": "would_take_over", "lost": "unreachable"}
    review = launch("review")
    assert review.result.status == "successful", review.output
    assert "If you approve, OCP takes over 1 proxy: awx-1." in review.output
    assert "1 host would be left out: lost." in review.output

    takeover = launch("takeover", lost=LOST)
    assert takeover.result.status == "failed"
    assert outcomes(takeover) == {"awx-1": "taken_over", "lost": "unreachable"}
    assert takeover.artifacts["obproxy_takeover_failed"] == ["lost"]
    lines = [line for _moment, line in takeover.lines()]
    assert f"OCP task {takeover.artifacts['obproxy_takeover_task_ids'][0]}" in lines[0]
    for row in takeover.artifacts["obproxy_takeover_hosts"]:
        assert type(row["sql_port"]) is int, "some versions of ansible-core make text of numbers"
    assert {type(number) for number in takeover.artifacts["obproxy_takeover_task_ids"]} == {int}


def test_the_same_job_in_a_container_finds_all_as_it_should_be(launch, image):
    """The execution environment reaches the host by ssh and OCP by HTTP."""
    run = launch("takeover", image=image)
    assert run.result.status == "successful", run.output
    assert outcomes(run) == {"awx-1": "already_managed"}
