# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks that fail, hang, vanish, finish at once, or show an unknown status."""

from __future__ import annotations

import pytest

from tests.integration.simulator.calls import TASKS, Ocp, failed, host, in_order


def test_a_fault_is_for_its_host_only(frozen: Ocp) -> None:
    frozen.control.task_fault("fail", host="127.0.0.2", subtask=3)
    first, second = frozen.take_over(host(1), host(2))
    frozen.control.advance(13)
    assert frozen.task(first["id"])["status"] == "SUCCESSFUL"
    assert in_order(frozen.task(second["id"]))[2] == failed(frozen.task(second["id"]))


@pytest.mark.parametrize(("times", "statuses"), [(1, ["FAILED", "SUCCESSFUL"]), (None, ["FAILED", "FAILED"])])
def test_a_fault_is_for_the_next_task_or_for_all(frozen: Ocp, times: int | None, statuses: list[str]) -> None:
    frozen.control.task_fault("fail", times=times)
    tasks = frozen.take_over(host(1), host(2))
    frozen.control.advance(13)
    assert [frozen.task(task["id"])["status"] for task in tasks] == statuses


def test_the_world_can_give_a_host_its_fault(frozen: Ocp) -> None:
    hosts = [{"address": "127.0.0.1", "task_fault": {"kind": "fail", "log": "bad luck"}}]
    frozen.control.reset({"hosts": hosts, "settings": {"check_proxies": False}})
    (task,) = frozen.take_over(host(1))
    frozen.control.advance(30)
    task = frozen.finished(task["id"])
    assert "bad luck" in frozen.log(task["id"], failed(task)["id"])


def test_a_hanging_task_keeps_running_until_the_fault_is_removed(frozen: Ocp) -> None:
    frozen.control.task_fault("hang", subtask=4)
    (task,) = frozen.take_over(host(1))
    frozen.control.advance(3600)
    shown = frozen.task(task["id"])
    assert [subtask["status"] for subtask in in_order(shown)][2:5] == ["SUCCESSFUL", "RUNNING", "PENDING"]
    frozen.control.change_task(task["id"], fault=None)
    assert frozen.task(task["id"])["status"] == "SUCCESSFUL"


def test_a_hanging_subtask_can_be_cancelled(frozen: Ocp) -> None:
    frozen.control.task_fault("hang", subtask=1)
    (task,) = frozen.take_over(host(1))
    frozen.control.advance(60)
    frozen.post(f"{TASKS}/{task['id']}/subtasks/{in_order(task)[0]['id']}/cancel")
    frozen.control.advance(2)
    assert frozen.task(task["id"])["status"] == "FAILED"


def test_a_task_can_vanish(frozen: Ocp) -> None:
    frozen.control.task_fault("vanish", subtask=3)
    (task,) = frozen.take_over(host(1))
    frozen.control.advance(2)
    assert frozen.task(task["id"])["status"] == "RUNNING"
    frozen.control.advance(1)
    assert frozen.refusal("GET", f"{TASKS}/{task['id']}")[1]["code"] == 4001
    assert frozen.get(TASKS)["contents"] == []


def test_an_unknown_status_is_shown_and_passes(frozen: Ocp) -> None:
    frozen.control.task_fault("status", subtask=2, status="SUSPENDED", task_status="PAUSED")
    (task,) = frozen.take_over(host(1))
    frozen.control.advance(1.5)
    shown = frozen.task(task["id"])
    assert (shown["status"], in_order(shown)[1]["status"]) == ("PAUSED", "SUSPENDED")
    assert [each["status"] for each in frozen.get(TASKS)["contents"]] == ["PAUSED"]
    frozen.control.advance(1)
    shown = frozen.task(task["id"])
    assert (shown["status"], in_order(shown)[1]["status"]) == ("RUNNING", "SUCCESSFUL")


def test_an_unknown_status_may_stay(frozen: Ocp) -> None:
    frozen.control.task_fault("status", subtask=12, status="SUSPENDED", stay=True)
    (task,) = frozen.take_over(host(1))
    frozen.control.advance(600)
    shown = frozen.task(task["id"])
    assert (shown["status"], in_order(shown)[11]["status"]) == ("RUNNING", "SUSPENDED")


def test_a_task_can_be_done_at_once(frozen: Ocp) -> None:
    frozen.control.task_fault("pace", seconds=0)
    (task,) = frozen.take_over(host(1))
    assert task["status"] == "RUNNING"
    assert frozen.task(task["id"])["status"] == "SUCCESSFUL"


@pytest.mark.parametrize(
    "wrong", [{"kind": "burn"}, {"kind": "status"}, {"kind": "pace"}, {"kind": "fail", "subtask": 13}, {"subtask": 1}]
)
def test_a_fault_that_makes_no_sense_is_refused(ocp: Ocp, wrong: dict) -> None:
    with pytest.raises(ValueError, match="POST /task-faults"):
        ocp.control.control("POST", "/task-faults", wrong)
