# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Operations on a task as a user sees them: what is posted, what is not posted, and what a failure says."""

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.errors import OcpError
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.operation import Operation
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.progress import Progress
from ansible_collections.obops.oceanbase.tests.unit.plugins.module_utils._ocp.fake_ocp import FakeOcp

TASK = 33001


def an_ocp(failed=True, **options):
    """Return an OCP with one task, which by default has failed at the subtask Start."""
    ocp = FakeOcp(hosts=1, **options)
    ocp.fail_at[1] = 1 if failed else 0
    ocp.start("Install obproxy", [1])
    if failed:
        ocp.clock.now += 60
        ocp.get(f"/api/v2/tasks/instances/{TASK}")
        assert ocp.tasks[TASK]["status"] == "FAILED"
        ocp.requests.clear()
    return ocp


def operate(ocp, operation, subtask=None, lines=None, check=False, wait=True, task_id=TASK):
    progress = Progress((lines if lines is not None else []).append, lambda: ocp.limit.elapsed)
    return Operation(ocp, progress, task_id, operation, subtask).run(check=check, wait=wait)


def failure(ocp, *arguments, **options):
    with pytest.raises(OcpError) as caught:
        operate(ocp, *arguments, **options)
    return caught.value


def subtask(ocp, name):
    return next(sub["id"] for sub in ocp.tasks[TASK]["subtasks"] if sub["name"] == name)


@pytest.mark.parametrize("operation", ["retry", "rollback"])
def test_a_failed_task_is_operated_and_followed_to_its_end(operation):
    ocp, lines = an_ocp(), []
    result = operate(ocp, operation, lines=lines)
    assert result["changed"]
    assert (result["tasks"][0]["status"], result["tasks"][0]["operation"]) == ("SUCCESSFUL", operation.upper())
    assert ocp.count("POST") == 1
    doing = {"retry": "Retrying", "rollback": "Rolling back"}[operation]
    assert lines[0].endswith(f"{doing}: OCP task {TASK}")
    assert lines[-1].endswith("SUCCESSFUL" if operation == "retry" else "rolled back")


@pytest.mark.parametrize("operation", ["retry", "rollback"])
def test_a_second_time_changes_nothing(operation):
    ocp = an_ocp()
    operate(ocp, operation)
    again = operate(ocp, operation)
    assert not again["changed"]
    assert ocp.count("POST") == 1


@pytest.mark.parametrize("operation", ["retry", "rollback"])
def test_what_is_under_way_is_joined(operation):
    ocp = an_ocp()
    operate(ocp, operation, wait=False)
    joined = operate(ocp, operation)
    assert not joined["changed"]
    assert joined["tasks"][0]["status"] == "SUCCESSFUL"
    assert ocp.count("POST") == 1


@pytest.mark.parametrize("operation, failed", [("retry", True), ("rollback", True), ("retry", False)])
def test_check_mode_predicts_what_the_run_then_does(operation, failed):
    ocp = an_ocp(failed)
    predicted = operate(ocp, operation, check=True)
    assert ocp.count("POST") == 0
    assert operate(ocp, operation)["changed"] == predicted["changed"] == failed


@pytest.mark.parametrize("operation, failed", [("rollback", False), ("retry", True)])
def test_check_mode_refuses_what_the_run_would_refuse(operation, failed):
    ocp = an_ocp(failed)
    if failed:
        operate(ocp, "rollback")
    predicted, real = failure(ocp, operation, check=True), failure(ocp, operation)
    assert predicted.kind == real.kind == "rejected"
    assert predicted.message == real.message


def test_a_task_that_fails_again_is_reported_with_its_log():
    ocp = an_ocp()
    ocp.fail_at[1] = 1
    error = failure(ocp, "retry")
    assert error.kind == "task_failed"
    assert "cannot connect to the proxy" in error.log
    assert error.result["changed"]
    assert error.result["tasks"][0]["status"] == "FAILED"


def test_not_waiting_returns_at_once():
    ocp = an_ocp()
    before = ocp.clock.now
    result = operate(ocp, "retry", wait=False)
    assert result["tasks"][0]["status"] == "RUNNING"
    assert ocp.clock.now - before < 1


def test_an_answer_that_got_lost_is_looked_for_and_not_posted_again():
    ocp, lines = an_ocp(), []
    ocp.faults["POST", "/retry", 1] = "after"
    assert operate(ocp, "retry", lines=lines)["changed"]
    assert ocp.count("POST") == 1
    assert any("Checking whether OCP does it anyway" in line for line in lines)


def test_a_lost_request_is_reported_and_can_be_run_again():
    ocp = an_ocp()
    ocp.faults["POST", "/retry", 1] = "before"
    error = failure(ocp, "retry")
    assert error.kind == "connection"
    assert "OCP does not show" in error.message
    assert "Run this again" in error.next
    assert not error.result["changed"]
    assert ocp.count("POST") == 1
    assert operate(ocp, "retry")["changed"]


def test_someone_else_may_be_faster():
    ocp, lines = an_ocp(), []
    look = ocp.get

    def look_and_be_overtaken(path, **params):
        answer = look(path, **params)
        if len(ocp.requests) == 1:
            ocp.tasks[TASK].update(status="RUNNING", operation="RETRY", begun=ocp.clock.now)
        return dict(answer, status="FAILED") if len(ocp.requests) == 1 else answer

    ocp.get = look_and_be_overtaken
    result = operate(ocp, "retry", lines=lines)
    assert not result["changed"]
    assert result["tasks"][0]["status"] == "SUCCESSFUL"
    assert any("someone else was faster" in line for line in lines)


def test_a_task_that_ocp_does_not_roll_back():
    ocp = an_ocp()
    ocp.prohibit_rollback = True
    error = failure(ocp, "rollback")
    assert error.kind == "rejected"
    assert "OCP does not roll it back" in error.message
    assert "operation: retry" in error.next
    assert ocp.count("POST") == 0


def test_a_refusal_of_ocp_comes_with_what_to_do():
    ocp = an_ocp()
    error = failure(ocp, "skip", subtask(ocp, "Start"))
    assert error.kind == "rejected"
    assert "OCP does not skip this subtask" in error.next
    assert error.subtask["name"] == "Start"
    assert error.task["id"] == TASK


def test_a_task_that_was_cancelled_is_no_failure():
    ocp = an_ocp(failed=False)
    ocp.clock.now += 1
    result = operate(ocp, "cancel", subtask(ocp, "Prepare"))
    assert result["changed"]
    assert (result["tasks"][0]["status"], result["tasks"][0]["operation"]) == ("FAILED", "CANCEL")


@pytest.mark.parametrize(
    "operation, name, words",
    [
        ("skip", "Finish", "skip requires the status FAILED, but this is subtask"),
        ("cancel", "Finish", "cancel requires the status RUNNING or READY"),
        ("retry", "Finish", "(Finish) of task 33001 PENDING"),
    ],
)
def test_a_subtask_in_the_wrong_state(operation, name, words):
    ocp = an_ocp()
    error = failure(ocp, operation, subtask(ocp, name))
    assert error.kind == "rejected"
    assert words in error.message
    assert ocp.count("POST") == 0


@pytest.mark.parametrize("operation, name", [("skip", "Prepare"), ("cancel", "Start"), ("retry", "Prepare")])
def test_a_subtask_with_nothing_left_to_do(operation, name):
    ocp = an_ocp()
    assert not operate(ocp, operation, subtask(ocp, name), wait=False)["changed"]
    assert ocp.count("POST") == 0


def with_subtask(ocp, name, **keys):
    """Put a subtask into another state, and return its id."""
    found = next(sub for sub in ocp.tasks[TASK]["subtasks"] if sub["name"] == name)
    found.update(keys)
    return found["id"]


def on_post(ocp, change):
    """Replace what the fake OCP does for a POST."""
    ocp._post = lambda path, body: change()


def test_a_subtask_that_is_about_to_run_is_cancelled_once_it_runs():
    ocp, lines = an_ocp(failed=False), []
    ready = with_subtask(ocp, "Check command", status="READY")
    seen = []
    ocp._advance = lambda: None
    look = ocp.get

    def look_and_go_on(path, **params):
        if ocp.clock.now > 5:
            with_subtask(ocp, "Check command", status="RUNNING")
        return look(path, **params)

    ocp.get = look_and_go_on

    def cancel():
        seen.append(next(sub["status"] for sub in ocp.tasks[TASK]["subtasks"] if sub["id"] == ready))
        with_subtask(ocp, "Check command", status="FAILED", operation="CANCEL")
        ocp.tasks[TASK]["status"] = "FAILED"

    on_post(ocp, cancel)
    assert operate(ocp, "cancel", ready, lines=lines)["changed"]
    assert seen == ["RUNNING"]
    assert any("READY. Waiting until it is running" in line for line in lines)


def test_a_subtask_that_never_gets_to_run_is_not_cancelled():
    ocp = an_ocp(failed=False, limit=30)
    ocp._advance = lambda: None
    error = failure(ocp, "cancel", with_subtask(ocp, "Check command", status="READY"))
    assert error.kind == "timeout"
    assert "OCP cancels only what is RUNNING" in error.message
    assert ocp.count("POST") == 0


def test_a_second_skip_finds_the_first_under_way():
    ocp = an_ocp()
    skipped = with_subtask(ocp, "Start", status="READY", operation="SKIP")
    assert not operate(ocp, "skip", skipped, wait=False)["changed"]
    assert ocp.count("POST") == 0


def test_a_task_that_ocp_still_calls_failed_after_a_skip_is_followed_to_its_end():
    ocp = an_ocp()
    posted = []

    def skip():
        posted.append(ocp.clock.now)
        with_subtask(ocp, "Start", status="READY", operation="SKIP")

    on_post(ocp, skip)
    advance = ocp._advance

    def advance_later():
        if posted and ocp.clock.now > posted[0] + 2 and ocp.tasks[TASK]["status"] == "FAILED":
            ocp.tasks[TASK].update(status="RUNNING", begun=ocp.clock.now - 12)
        advance()

    ocp._advance = advance_later
    result = operate(ocp, "skip", subtask(ocp, "Start"))
    assert result["changed"]
    assert result["tasks"][0]["status"] == "SUCCESSFUL"


def test_a_retry_after_a_rollback_that_failed_is_refused_with_the_way_on():
    ocp = an_ocp()
    ocp.tasks[TASK]["operation"] = "ROLLBACK"
    error = failure(ocp, "retry")
    assert error.kind == "rejected"
    assert "its rollback failed" in error.message
    assert "operation: rollback" in error.next
    assert "operation: skip" in error.next
    assert ocp.count("POST") == 0


def test_a_rollback_that_failed_can_be_tried_again():
    ocp = an_ocp()
    ocp.tasks[TASK]["operation"] = "ROLLBACK"
    assert operate(ocp, "rollback")["changed"]


def test_a_refusal_with_500_and_a_code_is_raised_after_one_check():
    ocp = an_ocp()
    refusal = OcpError("rejected", "OCP refused it (HTTP 500, code TSK10011).", code="TSK10011", maybe_done=True)
    ocp.faults["POST", "/retry", 1] = refusal
    error = failure(ocp, "retry")
    assert (error.kind, error.code) == ("rejected", "TSK10011")
    assert "OCP was upgraded" in error.next
    assert not error.result["changed"]
    assert [method for method, _path in ocp.requests].count("GET") <= 4
    assert ocp.clock.now < 62


def test_a_takeover_that_began_despite_a_refusal_with_500_is_followed():
    ocp = an_ocp()

    def refuse_and_begin():
        ocp.tasks[TASK].update(status="RUNNING", operation="RETRY", begun=ocp.clock.now)
        raise OcpError("rejected", "OCP refused it (HTTP 500, code TSK10099).", code="TSK10099", maybe_done=True)

    on_post(ocp, refuse_and_begin)
    result = operate(ocp, "retry")
    assert result["changed"]
    assert result["tasks"][0]["status"] == "SUCCESSFUL"


def test_lines_name_the_host_of_a_task_that_is_being_taken_over():
    ocp, lines = FakeOcp(hosts=2), []
    ocp.fail_at[2] = 1
    ocp.post("/api/v2/obproxy/clusters/1/takeOver", {"hosts": [{"hostId": n, "sqlPort": 2883} for n in (1, 2)]})
    ocp.clock.now += 60
    result = operate(ocp, "retry", lines=lines, task_id=33002)
    assert result["tasks"][0]["host_id"] == 2
    assert all("task 33002 10.0.0.2: " in line for line in lines[1:])


def test_a_user_who_may_not_read_clusters_can_operate_anyway():
    ocp = an_ocp()
    ocp.faults["GET", "/clusters", 1] = OcpError("permission", "no right")
    assert operate(ocp, "retry")["changed"]


def test_no_such_task():
    error = failure(an_ocp(), "retry", task_id=7)
    assert error.kind == "not_found"
    assert "task_id: OCP knows no task 7" in error.message


def test_no_such_subtask():
    error = failure(an_ocp(), "retry", 7)
    assert error.kind == "not_found"
    assert "subtask_id: task 33001 has no subtask 7. It has: 330010 (Prepare) SUCCESSFUL" in error.message


def test_one_subtask_cannot_be_rolled_back():
    assert "subtask_id" in failure(an_ocp(), "rollback", 330010).message
