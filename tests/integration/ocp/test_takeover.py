# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ocp_obproxy_takeover against a simulated OCP."""

import pytest

from tests.integration.ocp.conftest import takeover_of


def posts(ocp):
    return [request for request in ocp.requests() if request["method"] != "GET"]


def test_two_proxies_are_taken_over_by_one_call(ocp, take_over):
    run = take_over(1, 2)
    assert run.outcomes == ["taken_over"] * 2
    assert run.result["changed"]
    assert run.result["cluster"] == {"id": 1, "name": "demo", "work_mode": "CONFIG_URL"}
    assert [task["status"] for task in run.result["tasks"]] == ["SUCCESSFUL"] * 2
    assert len(posts(ocp)) == 1
    assert [(taken["host_id"], taken["sql_port"]) for taken in ocp.takeovers()] == [(1, 2883), (2, 2883)]


def test_subtasks_are_in_the_order_of_execution(take_over):
    names = [subtask["name"] for subtask in take_over(1).result["tasks"][0]["subtasks"]]
    assert len(names) == 12
    assert names[0] == "Prepare obproxy install"
    assert names[-1] == "Finish node"


def test_managed_proxies_are_not_changed(ocp, take_over):
    take_over(1, 2)
    again = take_over(1, 2)
    assert again.outcomes == ["already_managed"] * 2
    assert not again.result["changed"]
    assert len(posts(ocp)) == 1


def test_only_what_is_missing_is_taken_over(ocp, take_over):
    take_over(1)
    assert take_over(1, 2).outcomes == ["already_managed", "taken_over"]
    assert len(ocp.takeovers()) == 2


def test_check_mode_sends_only_gets_and_predicts_the_run(ocp, runner, take_over):
    take_over(1)
    ocp.forget_requests()
    ocp.settings(refuse_writes=True)
    predicted = runner.ansible("ocp_obproxy_takeover", "--check", "--diff", **takeover_of(1, 2))
    assert predicted.outcomes == ["already_managed", "would_take_over"]
    assert posts(ocp) == []
    assert '+        "10.0.0.2:2883"' in predicted.output
    ocp.settings(refuse_writes=False)
    real = runner.ansible("ocp_obproxy_takeover", "--diff", **takeover_of(1, 2))
    assert real.outcomes == ["already_managed", "taken_over"]
    assert diff_in(real.output) == diff_in(predicted.output)
    assert real.result["changed"] == predicted.result["changed"]


def diff_in(output):
    return output[output.index("--- before") : output.index("localhost |")]


def test_not_waiting_returns_at_once_and_the_next_run_joins(ocp, take_over):
    ocp.settings(task_seconds=15)
    submitted = take_over(1, 2, wait=False)
    assert submitted.outcomes == ["submitted"] * 2
    joined = take_over(1, 2)
    assert joined.outcomes == ["taken_over"] * 2
    assert [host["task_id"] for host in joined.result["hosts"]] == [
        host["task_id"] for host in submitted.result["hosts"]
    ]
    assert len(ocp.takeovers()) == 2


@pytest.mark.parametrize("answer", ["contents", "object"])
@pytest.mark.parametrize("per_host", [True, False])
@pytest.mark.parametrize("context", ["object", "string"])
def test_every_shape_of_the_answer_is_understood(ocp, take_over, answer, per_host, context):
    ocp.settings(takeover_answer=answer, tasks_per_host=per_host, context_as=context)
    hosts = (1,) if per_host and answer == "object" else (1, 2)
    assert take_over(*hosts).outcomes == ["taken_over"] * len(hosts)


def test_a_host_by_name_and_one_by_id(ocp, take_over):
    run = take_over(hosts=[{"host": "proxy-3"}, {"host_id": 4, "sql_port": 3306}], cluster_id=2, cluster=None)
    assert [(host["host_id"], host["sql_port"]) for host in run.result["hosts"]] == [(3, 2883), (4, 3306)]
    assert {taken["cluster_id"] for taken in ocp.takeovers()} == {2}


def test_a_lost_answer_is_looked_for_and_not_posted_again(ocp, take_over):
    ocp.fault("reset", method="POST", path="takeOver", when="after")
    run = take_over(1, 2)
    assert run.outcomes == ["taken_over"] * 2
    assert len(posts(ocp)) == 1
    assert len(ocp.takeovers()) == 2


def test_errors_and_resets_of_reads_do_not_end_the_wait(ocp, take_over):
    ocp.settings(task_seconds=3)
    ocp.fault("status", method="GET", path="tasks", status=503, skip=1)
    ocp.fault("reset", method="GET", path="tasks", skip=3)
    ocp.fault("not_json", method="GET", path="tasks", status=502, skip=4)
    assert take_over(1, 2).outcomes == ["taken_over"] * 2


def test_429_is_waited_out(ocp, take_over):
    ocp.fault("rate_limited", method="POST", reset=2)
    run = take_over(1)
    assert run.outcomes == ["taken_over"]
    assert run.seconds > 2


def test_another_task_in_progress_is_waited_out(ocp, take_over):
    ocp.fault("status", method="POST", status=409, code=20021, message="another task is in progress on the host")
    assert take_over(1, wait_interval=1).outcomes == ["taken_over"]
    assert len(ocp.takeovers()) == 1


def test_a_failed_task_is_reported_with_everything_needed(ocp, take_over):
    ocp.task_fault("fail", host=2, subtask=6, log="nc: connect to 10.0.0.2 port 2883 failed\nproxy does not answer")
    run = take_over(1, 2)
    failure = run.failure
    assert failure["kind"] == "task_failed"
    assert failure["host"]["address"] == "10.0.0.2"
    assert failure["subtask"]["name"] == "Start obproxy process"
    assert "proxy does not answer" in failure["log"]
    assert failure["task"]["url"].startswith(ocp.url)
    assert "operation: retry" in failure["next"]
    assert run.outcomes == ["taken_over", "failed"]
    for words in ("10.0.0.2", "subtask 6 of 12, Start obproxy process", "proxy does not answer"):
        assert words in run.result["msg"]


def test_a_failed_task_is_retried_when_asked(ocp, take_over):
    ocp.task_fault("fail", host=2, subtask=6, times=1)
    assert take_over(1, 2, retries=1).outcomes == ["taken_over"] * 2
    assert len(ocp.takeovers()) == 2


def test_running_again_continues_a_failed_task(ocp, take_over):
    ocp.task_fault("fail", host=2, subtask=6, times=1)
    assert take_over(1, 2).code != 0
    assert take_over(1, 2).outcomes == ["already_managed", "taken_over"]
    assert len(ocp.takeovers()) == 2


def test_a_time_limit_names_the_tasks_and_how_to_join_them(ocp, take_over):
    ocp.settings(task_seconds=600)
    run = take_over(1, 2, wait_timeout=3)
    assert run.failure["kind"] == "timeout"
    assert "33001 (Install obproxy) RUNNING" in run.result["msg"]
    assert "task_ids: [33001, 33002]" in run.result["msg"]
    assert run.outcomes == ["submitted"] * 2
    assert 3 < run.seconds < 15
