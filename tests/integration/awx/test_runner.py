# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks as a user sees them in AWX."""

import json

import pytest

from tests.integration.simulator.calls import Ocp

from .conftest import TAKEOVER


@pytest.fixture
def failed(ocp):
    """The task IDs of a takeover in which one task failed and one succeeded."""
    ocp.settings(task_seconds=0.3)
    ocp.task_fault("fail", host="10.0.0.1", subtask=3, log="no space left on device")
    client = Ocp(ocp)
    tasks = client.take_over({"hostId": 1, "sqlPort": 2883}, {"hostId": 2, "sqlPort": 2883})
    ids = [task["id"] for task in tasks]
    assert [client.finished(task_id)["status"] for task_id in ids] == ["FAILED", "SUCCESSFUL"]
    return ids


def test_lines_show_while_the_takeover_runs(job):
    run = job().run(TAKEOVER)
    assert run.result.status == "successful", run.output
    run.shows_its_wait_live("Take over the proxies")


def test_a_job_that_was_cancelled_is_joined_by_the_next(ocp, job):
    ocp.freeze()
    run = job().run(TAKEOVER, cancel_at="OCP tasks 33001-33002")
    assert run.result.status == "canceled"
    assert run.artifacts == {}
    run = job().run(TAKEOVER, then=("33001", ocp.thaw))
    assert run.result.status == "successful", run.output
    assert "OCP tasks 33001-33002" in run.output
    assert len(ocp.takeovers()) == 2


def test_a_check_job_asks_ocp_for_nothing(ocp, job):
    ocp.settings(refuse_writes=True)
    run = job().run(TAKEOVER, command_line="--check")
    assert run.result.status == "successful", run.output
    assert {request["method"] for request in ocp.requests()} == {"GET"}
    assert run.of("runner_on_ok", "Take over the proxies")[0][1]["event_data"]["res"]["changed"] is True


def test_status_shows_the_proxies_and_passes_them_on(ocp, job):
    run = job().run("status", ocp_validate_certs="", obproxy_cluster="", obproxy_status_strict="true")
    assert run.result.status == "successful", run.output
    assert "demo (1)   CONFIG_URL  10.0.0.3  2883  RUNNING   4.2.1-11" in run.output
    # The inventory is empty, and the playbook does not look for the connection there.
    assert "Could not match supplied host pattern" not in run.output
    assert run.artifacts == {
        "obproxy_status_proxies": [
            {"cluster": "demo", "address": "10.0.0.3", "sql_port": 2883, "version": "4.2.1-11", "status": "RUNNING"}
        ],
        "obproxy_status_not_running": [],
        "obproxy_status_running_task_ids": [],
        "obproxy_status_failed_task_ids": [],
    }
    assert {request["method"] for request in ocp.requests()} == {"GET"}


def test_status_shows_what_failed_and_fails_if_it_left_a_proxy_behind(ocp, failed, job):
    """Other OCP tasks that run at the same time make no difference."""
    ocp.settings(other_tasks=2)
    run = job().run("status", obproxy_cluster="demo", obproxy_status_strict="true")
    assert run.result.status == "failed"
    assert "no space left on device" in run.output
    assert "1 proxy of 3 not running: 10.0.0.1:2883." in run.output
    assert run.artifacts["obproxy_status_failed_task_ids"] == failed[:1]
    assert run.artifacts["obproxy_status_running_task_ids"] == []


@pytest.mark.parametrize("form", ["survey", "workflow"])
def test_a_takeover_that_failed_is_retried(ocp, job, failed, form):
    variables = {
        "survey": {"obproxy_task_ids": "{},\n {}\n".format(*failed)},
        "workflow": {"obproxy_task_ids": "", "obproxy_takeover_task_ids": failed},
    }[form]
    run = job().run("retry", obproxy_takeover_timeout=60, obproxy_takeover_progress="true", **variables)
    assert run.result.status == "successful", run.output
    assert "2 tasks: 1 retried, 0 not successful." in run.output
    assert run.artifacts == {"obproxy_retry_task_ids": failed, "obproxy_retry_failed": []}
    assert len(ocp.takeovers()) == 2
    assert [task["status"] for task in ocp.tasks()] == ["SUCCESSFUL", "SUCCESSFUL"]
    assert ocp.password not in json.dumps([event for _moment, event in run.events])


def test_a_retry_that_fails_again_says_why_and_names_the_task(ocp, job, failed):
    ocp.change_task(failed[0], fault={"kind": "fail", "subtask": 3, "log": "still no space", "attempts": None})
    run = job().run("retry", obproxy_task_ids=failed[0], obproxy_takeover_timeout="")
    assert run.result.status == "failed"
    assert "still no space" in run.output
    assert run.artifacts["obproxy_retry_failed"] == failed[:1]


def test_a_check_of_a_retry_retries_nothing(ocp, job, failed):
    ocp.forget_requests()
    run = job().run("retry", command_line="--check", obproxy_task_ids=failed)
    assert run.result.status == "successful", run.output
    assert "2 tasks: 1 would be retried, 0 not successful." in run.output
    assert {request["method"] for request in ocp.requests()} == {"GET"}


@pytest.mark.parametrize(
    "ids, words",
    [
        ("", "There is no task to retry"),
        ("33001, first", "obproxy_task_ids: not a task id: first."),
    ],
)
def test_a_retry_of_nothing_says_so(job, ids, words):
    run = job().run("retry", obproxy_task_ids=ids)
    assert run.result.status == "failed"
    assert words in run.output


def test_an_access_key_credential_works_with_its_other_fields_empty(ocp, job):
    ocp.reset(
        {
            "access_keys": [{"id": "my-key", "secret": "my-secret"}],
            "hosts": ["10.0.0.1"],
            "obproxy_clusters": [{"name": "demo"}],
        }
    )
    key = {"OCP_ACCESS_KEY_ID": "my-key", "OCP_ACCESS_KEY_SECRET": "my-secret"}
    run = job(OCP_USERNAME="", OCP_PASSWORD="", OCP_REQUEST_TIMEOUT="", **key).run("status")
    assert run.result.status == "successful", run.output
    assert "demo (1)" in run.output


@pytest.mark.parametrize("playbook", ["status", "retry", "review"])
def test_a_limit_on_a_job_that_needs_no_hosts_is_an_error(job, playbook):
    run = job().run(playbook, command_line="--limit proxy-1")
    assert run.result.status == "failed"
