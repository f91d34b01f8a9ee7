# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Retry, rollback, skip and cancel, and when they are refused."""

from __future__ import annotations

import pytest

from tests.integration.simulator.calls import TASKS, Ocp, failed, host, in_order


@pytest.fixture
def broken(frozen: Ocp) -> tuple[Ocp, dict]:
    """A simulated OCP and a takeover that failed at its fifth subtask."""
    frozen.control.task_fault("fail", subtask=5, log="rpm says no\nand no again")
    (task,) = frozen.take_over(host(1))
    frozen.control.advance(6)
    task = frozen.task(task["id"])
    assert task["status"] == "FAILED"
    return frozen, task


def path(task: dict, operation: str, subtask: dict | None = None) -> str:
    middle = f"/subtasks/{subtask['id']}" if subtask else ""
    return f"{TASKS}/{task['id']}{middle}/{operation}"


def test_a_failed_task_says_where_and_why(broken: tuple[Ocp, dict]) -> None:
    ocp, task = broken
    subtask = failed(task)
    assert in_order(task).index(subtask) == 4
    log = ocp.log(task["id"], subtask["id"])
    assert "rpm says no" in log
    assert log.rstrip().endswith("and no again")
    assert ocp.log(task["id"], in_order(task)[5]["id"]) == ""
    assert [proxy["status"] for proxy in ocp.proxies()] == ["TAKINGOVER"]


def test_a_retry_continues_where_the_task_failed(broken: tuple[Ocp, dict]) -> None:
    ocp, task = broken
    again = ocp.post(path(task, "retry"))
    assert (again["status"], again["operation"]) == ("RUNNING", "RETRY")
    assert "hostId" not in again
    fifth = in_order(again)[4]
    assert (fifth["status"], fifth["operation"], fifth["runTime"]) == ("READY", "RETRY", 2)
    ocp.control.advance(8.1)
    assert ocp.task(task["id"])["status"] == "SUCCESSFUL"
    assert [proxy["status"] for proxy in ocp.proxies()] == ["RUNNING"]


def test_a_fault_may_outlast_several_retries(frozen: Ocp) -> None:
    frozen.control.task_fault("fail", subtask=2, attempts=2)
    (task,) = frozen.take_over(host(1))
    for expected in ("FAILED", "FAILED", "SUCCESSFUL"):
        frozen.control.advance(13)
        assert frozen.task(task["id"])["status"] == expected
        if expected == "FAILED":
            frozen.post(path(task, "retry"))


def test_a_rollback_takes_the_proxy_out_again(broken: tuple[Ocp, dict]) -> None:
    ocp, task = broken
    back = ocp.post(path(task, "rollback"))
    assert (back["status"], back["operation"]) == ("RUNNING", "ROLLBACK")
    order = in_order(back)
    assert [subtask["status"] for subtask in order[:5]] == 4 * ["PENDING"] + ["READY"]
    ocp.control.advance(5.1)
    done = ocp.task(task["id"])
    assert (done["status"], done["operation"]) == ("SUCCESSFUL", "ROLLBACK")
    assert {subtask["status"] for subtask in done["subtasks"]} == {"PENDING"}
    assert ocp.proxies() == []
    (again,) = ocp.take_over(host(1))
    assert again["id"] != task["id"]


def test_a_rollback_may_answer_nothing(broken: tuple[Ocp, dict]) -> None:
    ocp, task = broken
    ocp.control.settings(rollback_answer="nothing")
    assert ocp.post(path(task, "rollback")) is None
    assert ocp.task(task["id"])["operation"] == "ROLLBACK"


def test_the_task_continues_after_a_skipped_subtask(broken: tuple[Ocp, dict]) -> None:
    ocp, task = broken
    assert ocp.post(path(task, "skip", failed(task))) is None
    fifth = in_order(ocp.task(task["id"]))[4]
    assert (fifth["status"], fifth["operation"]) == ("READY", "SKIP")
    assert ocp.task(task["id"])["status"] == "RUNNING"
    assert ocp.post(path(task, "skip", fifth)) is None
    ocp.control.advance(1.1)
    fifth = in_order(ocp.task(task["id"]))[4]
    assert (fifth["status"], fifth["operation"]) == ("SUCCESSFUL", "SKIP")
    assert ocp.post(path(task, "skip", fifth)) is None
    ocp.control.advance(7.1)
    assert ocp.task(task["id"])["status"] == "SUCCESSFUL"


def test_a_retried_subtask_is_the_answer_to_its_retry(broken: tuple[Ocp, dict]) -> None:
    ocp, task = broken
    subtask = ocp.post(path(task, "retry", failed(task)))
    assert (subtask["id"], subtask["operation"], subtask["runTime"]) == (failed(task)["id"], "RETRY", 2)
    assert ocp.task(task["id"])["status"] == "RUNNING"


def test_a_cancelled_subtask_fails_the_task(frozen: Ocp) -> None:
    (task,) = frozen.take_over(host(1))
    frozen.control.advance(0.5)
    first = in_order(frozen.task(task["id"]))[0]
    frozen.post(path(task, "cancel", first))
    first = in_order(frozen.task(task["id"]))[0]
    assert (first["status"], first["operation"]) == ("CANCELING", "CANCEL")
    frozen.control.advance(1.1)
    cancelled = frozen.task(task["id"])
    assert cancelled["status"] == "FAILED"
    assert in_order(cancelled)[0]["status"] == "FAILED"


def test_what_a_task_is_not_ready_for_is_refused(frozen: Ocp) -> None:
    (task,) = frozen.take_over(host(1))
    first, second, *_ = in_order(task)
    for wrong in (path(task, "retry"), path(task, "rollback"), path(task, "retry", first), path(task, "skip", first)):
        status, error = frozen.refusal("POST", wrong)
        assert (status, error["code"]) == (500, 4007)
    for not_running in (first, second):
        assert frozen.refusal("POST", path(task, "cancel", not_running))[1]["code"] == 4007
    frozen.control.advance(13)
    assert frozen.refusal("POST", path(task, "rollback"))[1]["code"] == 4007


@pytest.mark.parametrize("status", [400, 409, 500])
def test_what_the_state_forbids_may_have_one_of_several_statuses(frozen: Ocp, status: int) -> None:
    frozen.control.settings(unstated_status=status)
    (task,) = frozen.take_over(host(1))
    assert frozen.refusal("POST", path(task, "retry"))[0] == status


def test_a_task_may_forbid_its_rollback(frozen: Ocp) -> None:
    frozen.control.settings(prohibit_rollback=True)
    frozen.control.task_fault("fail", subtask=1)
    (task,) = frozen.take_over(host(1))
    frozen.control.advance(2)
    assert frozen.task(task["id"])["prohibitRollback"] is True
    assert frozen.refusal("POST", path(task, "rollback"))[1]["code"] == 4009


def test_a_subtask_without_which_nothing_works_cannot_be_skipped(frozen: Ocp) -> None:
    frozen.control.task_fault("fail", subtask=6)
    (task,) = frozen.take_over(host(1))
    frozen.control.advance(7)
    task = frozen.task(task["id"])
    assert frozen.refusal("POST", path(task, "skip", failed(task)))[1]["code"] == 4010
    frozen.control.settings(error_codes="string")
    assert frozen.refusal("POST", path(task, "skip", failed(task)))[1]["code"] == "TSK10010"


def test_tasks_and_subtasks_that_there_are_not_are_not_found(frozen: Ocp) -> None:
    (task,) = frozen.take_over(host(1))
    for operation in ("retry", "rollback"):
        assert frozen.refusal("POST", f"{TASKS}/1/{operation}") == frozen.refusal("POST", f"{TASKS}/1/{operation}")
        assert frozen.refusal("POST", f"{TASKS}/1/{operation}")[1]["code"] == 4001
    for method, operation in (("POST", "retry"), ("POST", "skip"), ("POST", "cancel"), ("GET", "log")):
        assert frozen.refusal(method, f"{TASKS}/{task['id']}/subtasks/1/{operation}")[0] == 404


def test_a_task_that_runs_again_still_shows_when_it_had_ended(broken: tuple[Ocp, dict]) -> None:
    ocp, task = broken
    again = ocp.post(path(task, "retry"))
    assert (again["status"], again["finishTime"]) == ("RUNNING", task["finishTime"])
    ocp.control.advance(9)
    assert ocp.task(task["id"])["finishTime"] > task["finishTime"]


def test_a_rollback_that_failed_can_be_rolled_back_again_but_not_retried(frozen: Ocp) -> None:
    frozen.control.task_fault("fail", subtask=5)
    (task,) = frozen.take_over(host(1))
    frozen.control.advance(6)
    fault = {"kind": "fail", "subtask": 4, "during_rollback": True}
    frozen.control.change_task(task["id"], fault=fault)
    frozen.post(path(task, "rollback"))
    frozen.control.advance(6)
    stuck = frozen.task(task["id"])
    assert (stuck["status"], stuck["operation"]) == ("FAILED", "ROLLBACK")
    assert in_order(stuck)[4]["status"] == "PENDING"
    for refused in (path(task, "retry"), path(task, "retry", failed(stuck))):
        _, error = frozen.refusal("POST", refused)
        assert error["code"] == 4007
        assert "roll it back again" in error["message"]
    frozen.control.change_task(task["id"], fault=None)
    frozen.post(path(task, "rollback"))
    frozen.control.advance(6)
    assert frozen.task(task["id"])["status"] == "SUCCESSFUL"
    assert frozen.proxies() == []


def test_a_subtask_of_a_failed_rollback_can_be_skipped(frozen: Ocp) -> None:
    frozen.control.task_fault("fail", subtask=5)
    (task,) = frozen.take_over(host(1))
    frozen.control.advance(6)
    frozen.control.change_task(task["id"], fault={"kind": "fail", "subtask": 4, "during_rollback": True})
    frozen.post(path(task, "rollback"))
    frozen.control.advance(6)
    stuck = failed(frozen.task(task["id"]))
    frozen.post(path(task, "skip", stuck))
    assert in_order(frozen.task(task["id"]))[3]["operation"] == "ROLLBACK_SKIP"
    frozen.control.advance(6)
    done = frozen.task(task["id"])
    assert (done["status"], done["operation"]) == ("SUCCESSFUL", "ROLLBACK")
    assert {subtask["status"] for subtask in done["subtasks"]} == {"PENDING"}


def test_a_failed_subtask_does_not_fail_a_task_that_the_engine_still_retries(frozen: Ocp) -> None:
    frozen.control.settings(engine_retries=1)
    frozen.control.task_fault("fail", subtask=2)
    frozen.control.task_fault("fail", subtask=2, attempts=None)
    once, always = frozen.take_over(host(1), host(2))
    frozen.control.advance(2.5)
    for task in (once, always):
        task = frozen.task(task["id"])
        assert (task["status"], failed(task)["name"]) == ("RUNNING", in_order(task)[1]["name"])
    frozen.control.advance(2)
    assert frozen.task(once["id"])["status"] == "RUNNING"
    assert in_order(frozen.task(once["id"]))[1]["runTime"] == 2
    assert frozen.task(always["id"])["status"] == "FAILED"
    frozen.control.advance(13)
    assert frozen.task(once["id"])["status"] == "SUCCESSFUL"


def test_a_colleague_may_roll_a_task_back(frozen: Ocp) -> None:
    frozen.control.task_fault("rolled_back", subtask=4, log="no space left")
    (task,) = frozen.take_over(host(1))
    frozen.control.advance(4.5)
    assert frozen.task(task["id"])["operation"] == "ROLLBACK"
    assert "no space left" in frozen.log(task["id"], in_order(task)[3]["id"])
    frozen.control.advance(5)
    done = frozen.task(task["id"])
    assert (done["status"], done["operation"]) == ("SUCCESSFUL", "ROLLBACK")
    assert {subtask["status"] for subtask in done["subtasks"]} == {"PENDING"}
    assert frozen.proxies() == []
