# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The job templates preflight and takeover on a real host, with what their surveys give."""

import pytest

from tests.lab import lab

from .conftest import CREDENTIAL, Job

#: Texts, integers, lines, as AWX gives a survey's answers; what was left empty comes as an empty text.
SURVEY = {
    "obproxy_hosts": "awx-1,\n nobody\n",
    "obproxy_cluster": "demo",
    "obproxy_cluster_id": "",
    "obproxy_package_version": "1.9.1.1-1919579",
    "obproxy_sql_port": 2883,
    "obproxy_blockers_fatal": "true",
    "obproxy_takeover_wait": "true",
    "obproxy_takeover_timeout": 120,
    "obproxy_takeover_interval": "",
    "obproxy_takeover_progress": "",
    "obproxy_takeover_retries": "0",
    "obproxy_proxysys_password": "",
    "ocp_validate_certs": "",
    "ocp_url": "",
}


@pytest.fixture(scope="module")
def host():
    found = lab.up("awx", 1, simulator=True)
    yield found
    lab.down("awx")


def test_preflight_then_takeover_as_a_workflow_runs_them(host, tmp_path):
    ocp = host["simulator"]
    login = {"OCP_URL": ocp["url"], "OCP_USERNAME": ocp["username"], "OCP_PASSWORD": ocp["password"]}
    given = {}
    for name, outcome in (("preflight", "would_take_over"), ("takeover", "taken_over")):
        run = Job(tmp_path / name, {**CREDENTIAL, **login}, inventory=host["inventory"]).run(
            name, **{**SURVEY, **given}
        )
        assert run.result.status == "successful", run.output
        given = run.artifacts
        assert [(row["host"], row["outcome"]) for row in given["obproxy_takeover_hosts"]] == [("awx-1", outcome)]
        assert given["obproxy_takeover_failed"] == []
    lines = [line for _moment, line in run.lines()]
    assert f"OCP task {given['obproxy_takeover_task_ids'][0]}" in lines[0]


def test_the_same_job_in_a_container_finds_all_as_it_should_be(host, image, tmp_path):
    """Over ssh from the execution environment to the host, and by HTTP to OCP."""
    ocp = host["simulator"]
    login = {"OCP_URL": ocp["url"], "OCP_USERNAME": ocp["username"], "OCP_PASSWORD": ocp["password"]}
    job = Job(tmp_path, {**CREDENTIAL, **login}, inventory=host["inventory"], image=image)
    run = job.run("takeover", **SURVEY)
    assert run.result.status == "successful", run.output
    rows = run.artifacts["obproxy_takeover_hosts"]
    assert [(row["host"], row["outcome"]) for row in rows] == [("awx-1", "already_managed")]
