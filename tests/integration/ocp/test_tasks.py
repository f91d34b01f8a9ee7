# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ocp_task_info, ocp_task_wait and ocp_task against a simulated OCP."""

import re

import pytest

LOG = "cannot connect to 10.0.0.1:2883: Connection refused"


def posts(ocp):
    return [request for request in ocp.requests() if request["method"] != "GET"]


def stands(run):
    """Return the operation and the status of the first task of a result."""
    task = run.result["tasks"][0]
    return task["operation"], task["status"]


@pytest.fixture
def failed(ocp, take_over):
    """A function that makes a takeover of host 1 fail at subtask 6 of 12, and returns the task and subtask ids."""

    def fail(**fault):
        ocp.task_fault("fail", host=1, **{"subtask": 6, "log": LOG, **fault})
        failure = take_over(1).failure
        ocp.forget_requests()
        return failure["task"]["id"], failure["subtask"]["id"]

    return fail


@pytest.fixture
def running(ocp, take_over):
    """A function that starts takeovers that run for `seconds`, and returns the ids of their tasks."""

    def start(*hosts, seconds=60):
        ocp.settings(task_seconds=seconds)
        tasks = take_over(*hosts, wait=False).result["tasks"]
        ocp.forget_requests()
        return [task["id"] for task in tasks]

    return start


# -- queries


def test_tasks_that_failed_and_why(runner, failed, take_over):
    task, subtask = failed()
    take_over(2)
    run = runner.module("ocp_task_info", status=["FAILED"], logs=True)
    assert run.result["total"] == 1
    found = run.result["tasks"][0]
    assert (found["id"], found["name"], found["status"]) == (task, "Install obproxy", "FAILED")
    assert [(sub["id"], sub["name"]) for sub in found["failed_subtasks"]] == [(subtask, "Start obproxy process")]
    assert found["failed_subtasks"][0]["log"].endswith(LOG)
    assert [sub["status"] for sub in found["subtasks"]] == ["SUCCESSFUL"] * 5 + ["FAILED"] + ["PENDING"] * 6
    assert found["url"].endswith(f"/task/{task}")


def test_tasks_by_id_with_their_subtasks_in_order(runner, running):
    ids = running(1, 2, 3)
    tasks = runner.module("ocp_task_info", task_ids=[ids[2], ids[0]]).result["tasks"]
    assert [task["id"] for task in tasks] == [ids[2], ids[0]]
    for task in tasks:
        names = [subtask["name"] for subtask in task["subtasks"]]
        assert (names[0], names[5], names[-1]) == ("Prepare obproxy install", "Start obproxy process", "Finish node")


def test_the_newest_tasks_of_a_name_of_a_host_and_how_many_there_are(runner, running):
    ids = running(1, 2, 3)
    newest = runner.module("ocp_task_info", name="install", limit=2).result
    assert [task["id"] for task in newest["tasks"]] == [ids[2], ids[1]]
    assert newest["total"] == 3
    of_host = runner.module("ocp_task_info", host_id=2).result["tasks"]
    assert [(task["id"], task["host_id"]) for task in of_host] == [(ids[1], 2)]
    none = runner.module("ocp_task_info", name="restart").result
    assert (none["changed"], none["tasks"], none["total"]) == (False, [], 0)


@pytest.mark.parametrize("options", [{"status": ["RUNNING"]}, {"name": "install"}, {"host_id": 1}])
def test_ids_and_filters_exclude_each_other(runner, options):
    run = runner.module("ocp_task_info", task_ids=[33001], **options)
    assert run.code != 0
    assert "mutually exclusive" in run.result["msg"]


@pytest.mark.parametrize("module", ["ocp_task_info", "ocp_task_wait"])
def test_ids_that_ocp_does_not_know(runner, running, module):
    ids = running(1)
    failure = runner.module(module, task_ids=[*ids, 40001, 40002]).failure
    assert failure["kind"] == "not_found"
    assert "task_ids: OCP knows no task 40001, 40002." in failure["message"]


# -- waiting


def test_waiting_for_two_tasks(ocp, runner, running):
    run = runner.module("ocp_task_wait", task_ids=running(1, 2, seconds=3))
    assert [task["status"] for task in run.result["tasks"]] == ["SUCCESSFUL"] * 2
    assert run.result["finished"]
    assert not run.result["changed"]
    assert 1 < run.result["elapsed"] < 8
    assert posts(ocp) == []


def test_waiting_shows_live_what_happens(runner, running):
    ids = running(1, 2, seconds=15)
    run = runner.ansible("ocp_task_wait", task_ids=ids)
    lines = re.findall(r"^\[ *\d+ s\] .*$", run.output, re.MULTILINE)
    assert f"OCP tasks {ids[0]}-{ids[1]}" in lines[0]
    assert any(re.search(r"subtask \d+ of 12", line) for line in lines), run.output
    assert any(re.search(rf"task {ids[1]} 10.0.0.2: SUCCESSFUL", line) for line in lines), run.output


def test_waiting_for_the_next_progress(runner, running):
    ids = running(1, seconds=24)
    run = runner.module("ocp_task_wait", task_ids=ids, until="progress")
    assert not run.result["finished"]
    assert run.seconds < 10
    assert stands(run)[1] == "RUNNING"


def test_one_check_without_a_wait(ocp, runner, running):
    run = runner.module("ocp_task_wait", task_ids=running(1), wait=False)
    assert not run.result["finished"]
    assert len(ocp.requests()) == 1


def test_check_mode_does_not_wait(runner, running):
    run = runner.module("ocp_task_wait", task_ids=running(1), check=True)
    assert not run.result["finished"]
    assert run.seconds < 10


def test_the_failure_of_a_task_that_was_waited_for(ocp, runner, running):
    ocp.task_fault("fail", host=2, subtask=6, log=LOG)
    run = runner.module("ocp_task_wait", task_ids=running(1, 2, seconds=2))
    assert run.failure["kind"] == "task_failed"
    assert run.failure["log"].endswith(LOG)
    assert run.failure["subtask"]["name"] == "Start obproxy process"
    assert [task["status"] for task in run.result["tasks"]] == ["SUCCESSFUL", "FAILED"]


def test_a_task_that_vanishes_while_it_is_waited_for(ocp, runner, running):
    ocp.task_fault("vanish", host=1, subtask=3)
    failure = runner.module("ocp_task_wait", task_ids=running(1, seconds=40), wait_timeout=60).failure
    assert failure["kind"] == "not_found"
    assert "no longer knows task 33001" in failure["message"]


def test_the_calls_that_a_timeout_and_a_failure_name_are_the_ones_to_make(ocp, runner, take_over):
    """Follow the instructions of the messages exactly."""
    ocp.settings(task_seconds=6)
    ocp.task_fault("fail", host=2, subtask=11)
    late = take_over(1, 2, wait_timeout=2)
    assert late.failure["kind"] == "timeout"
    hint = re.search(r"obops\.oceanbase\.(\w+) and task_ids: \[([\d, ]+)\]", late.failure["next"])
    joined = runner.module(hint[1], task_ids=[int(task_id) for task_id in hint[2].split(",")])
    assert joined.failure["kind"] == "task_failed"
    hint = re.search(r"obops\.oceanbase\.(\w+), operation: (\w+) and task_id: (\d+)", joined.failure["next"])
    retried = runner.module(hint[1], operation=hint[2], task_id=int(hint[3]))
    assert stands(retried) == ("RETRY", "SUCCESSFUL")
    assert take_over(1, 2).outcomes == ["already_managed"] * 2


# -- operations


def test_a_retry_continues_where_the_task_failed_and_waits_for_it_to_end(ocp, runner, failed):
    task, _subtask = failed()
    run = runner.ansible("ocp_task", task_id=task, operation="retry")
    assert run.result["changed"]
    assert stands(run) == ("RETRY", "SUCCESSFUL")
    operations = [sub["operation"] for sub in run.result["tasks"][0]["subtasks"]]
    assert operations == ["EXECUTE"] * 5 + ["RETRY"] + ["EXECUTE"] * 6
    assert f"OCP task {task}" in run.output
    assert len(posts(ocp)) == 1
    again = runner.module("ocp_task", task_id=task, operation="retry")
    assert not again.result["changed"]
    assert len(posts(ocp)) == 1


def test_a_retry_that_fails_again(runner, failed):
    task, _subtask = failed(attempts=2)
    run = runner.module("ocp_task", task_id=task, operation="retry")
    assert run.failure["kind"] == "task_failed"
    assert run.failure["log"].endswith(LOG)
    assert run.result["changed"]
    assert stands(runner.module("ocp_task", task_id=task, operation="retry")) == ("RETRY", "SUCCESSFUL")


def test_a_rollback_takes_the_proxy_out_of_its_cluster(runner, failed, take_over):
    task, _subtask = failed()
    run = runner.module("ocp_task", task_id=task, operation="rollback")
    assert run.result["changed"]
    assert stands(run) == ("ROLLBACK", "SUCCESSFUL")
    assert runner.module("ocp_obproxy_cluster_info", cluster="demo").result["clusters"][0]["obproxies"] == []
    assert not runner.module("ocp_task", task_id=task, operation="rollback").result["changed"]
    retry = runner.module("ocp_task", task_id=task, operation="retry")
    assert "has been rolled back" in retry.failure["message"]
    assert take_over(1).outcomes == ["taken_over"]


def test_a_rollback_that_answers_nothing(ocp, runner, failed):
    task, _subtask = failed()
    ocp.settings(rollback_answer="nothing")
    assert stands(runner.module("ocp_task", task_id=task, operation="rollback")) == ("ROLLBACK", "SUCCESSFUL")


@pytest.mark.parametrize("codes", ["integer", "string"])
def test_a_rollback_that_ocp_forbids(ocp, runner, failed, codes):
    ocp.settings(prohibit_rollback=True, error_codes=codes)
    task, _subtask = failed()
    run = runner.module("ocp_task", task_id=task, operation="rollback")
    assert run.failure["kind"] == "rejected"
    assert "OCP does not roll it back" in run.failure["message"]
    assert "operation: retry" in run.failure["next"]
    assert not run.result["changed"]
    assert runner.module("ocp_task", task_id=task, operation="rollback", check=True).failure == run.failure


def test_a_skipped_subtask(runner, failed):
    task, subtask = failed(subtask=4)
    run = runner.module("ocp_task", task_id=task, operation="skip", subtask_id=subtask)
    assert run.result["changed"]
    assert stands(run)[1] == "SUCCESSFUL"
    skipped = run.result["tasks"][0]["subtasks"][3]
    assert (skipped["id"], skipped["operation"], skipped["status"]) == (subtask, "SKIP", "SUCCESSFUL")
    again = runner.module("ocp_task", task_id=task, operation="skip", subtask_id=subtask)
    assert not again.result["changed"]


@pytest.mark.parametrize("codes", ["integer", "string"])
def test_a_subtask_that_ocp_does_not_skip(ocp, runner, failed, codes):
    ocp.settings(error_codes=codes)
    task, subtask = failed()
    failure = runner.module("ocp_task", task_id=task, operation="skip", subtask_id=subtask).failure
    assert failure["kind"] == "rejected"
    assert "OCP does not skip this subtask" in failure["next"]
    assert failure["subtask"] == {"id": subtask, "name": "Start obproxy process"}


def test_a_retried_subtask(runner, failed):
    task, subtask = failed()
    run = runner.module("ocp_task", task_id=task, operation="retry", subtask_id=subtask)
    assert run.result["changed"]
    assert stands(run)[1] == "SUCCESSFUL"
    assert run.result["tasks"][0]["subtasks"][5]["operation"] == "RETRY"


def test_a_cancelled_subtask_ends_its_task_without_a_failure(ocp, runner, running):
    (task,) = running(1, seconds=600)
    subtask = runner.module("ocp_task_info", task_ids=[task]).result["tasks"][0]["subtasks"][0]["id"]
    run = runner.module("ocp_task", task_id=task, operation="cancel", subtask_id=subtask)
    assert run.result["changed"]
    assert stands(run)[1] == "FAILED"
    assert not runner.module("ocp_task", task_id=task, operation="cancel", subtask_id=subtask).result["changed"]
    assert len(posts(ocp)) == 1


def test_check_mode_sends_only_gets_and_predicts_the_run(ocp, runner, failed):
    task, _subtask = failed()
    ocp.settings(refuse_writes=True)
    predicted = runner.ansible("ocp_task", "--check", task_id=task, operation="retry")
    assert predicted.result["changed"]
    assert posts(ocp) == []
    ocp.settings(refuse_writes=False)
    assert runner.module("ocp_task", task_id=task, operation="retry").result["changed"]
    assert not runner.module("ocp_task", task_id=task, operation="retry", check=True).result["changed"]


def test_what_is_being_retried_is_joined(ocp, runner, failed):
    ocp.settings(task_seconds=3)
    task, _subtask = failed()
    submitted = runner.module("ocp_task", task_id=task, operation="retry", wait=False)
    assert submitted.result["changed"]
    assert stands(submitted) == ("RETRY", "RUNNING")
    joined = runner.module("ocp_task", task_id=task, operation="retry")
    assert not joined.result["changed"]
    assert stands(joined) == ("RETRY", "SUCCESSFUL")
    assert len(posts(ocp)) == 1


@pytest.mark.parametrize("operation", ["retry", "rollback"])
def test_an_answer_that_got_lost_is_looked_for_and_not_posted_again(ocp, runner, failed, operation):
    task, _subtask = failed()
    ocp.fault("reset", method="POST", when="after")
    run = runner.module("ocp_task", task_id=task, operation=operation)
    assert run.result["changed"]
    assert stands(run) == (operation.upper(), "SUCCESSFUL")
    assert len(posts(ocp)) == 1


def test_a_retry_whose_answer_got_lost_and_that_failed_at_once_again_was_one(ocp, runner, failed):
    ocp.settings(task_seconds=0)
    task, _subtask = failed(attempts=3)
    assert runner.module("ocp_task", task_id=task, operation="retry").failure["kind"] == "task_failed"
    ocp.fault("reset", method="POST", when="after")
    run = runner.module("ocp_task", task_id=task, operation="retry")
    assert run.failure["kind"] == "task_failed"
    assert run.seconds < 10
    assert len(posts(ocp)) == 2


def test_a_lost_post_is_reported(ocp, runner, failed):
    task, _subtask = failed()
    ocp.fault("reset", method="POST", when="before")
    run = runner.module("ocp_task", task_id=task, operation="retry", wait_timeout=3)
    assert run.failure["kind"] == "connection"
    assert "OCP does not show that it has begun" in run.failure["message"]
    assert len(posts(ocp)) == 1
    assert not run.result["changed"]
    assert runner.module("ocp_task", task_id=task, operation="retry").result["changed"]


def test_a_task_that_runs_cannot_be_rolled_back(ocp, runner, running):
    (task,) = running(1)
    failure = runner.module("ocp_task", task_id=task, operation="rollback").failure
    assert failure["kind"] == "rejected"
    assert "rollback requires the status FAILED" in failure["message"]
    assert "ocp_task_wait" in failure["next"]
    assert posts(ocp) == []


def test_a_refusal_for_the_state_of_the_task_shows_its_state(ocp, runner, failed):
    task, _subtask = failed()
    ocp.fault("status", method="POST", status=400, code="TSK10007", message="not allowed in this state")
    failure = runner.module("ocp_task", task_id=task, operation="retry").failure
    assert failure["kind"] == "rejected"
    assert "code TSK10007" in failure["message"]
    assert failure["task"]["url"] in failure["next"]


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"operation": "skip"}, "subtask_id"),
        ({"operation": "cancel"}, "subtask_id"),
        ({"operation": "rollback", "subtask_id": 1}, "only a whole task can be rolled back"),
        ({"operation": "stop"}, "value of operation must be one of"),
        ({"operation": "retry", "task_id": 40001}, "task_id: OCP knows no task 40001"),
        ({"operation": "retry", "wait_timeout": -1}, "wait_timeout: -1"),
    ],
)
def test_invalid_options(ocp, runner, arguments, words):
    run = runner.module("ocp_task", **{"task_id": 33001, **arguments})
    assert run.code != 0
    assert words in run.result["msg"]
    assert "Traceback" not in run.output
    assert posts(ocp) == []
