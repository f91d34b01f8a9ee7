# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checking tasks and waiting for them, as a user sees it."""

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.errors import OcpError
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.messages import describe
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.progress import Progress
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.tasks import Tasks, find
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.wait import wait_for_ids
from ansible_collections.obops.oceanbase.tests.unit.plugins.module_utils._ocp.fake_ocp import SUBTASKS, FakeOcp


def an_ocp(tasks=1, **options):
    ocp = FakeOcp(hosts=tasks, **options)
    for host in range(1, tasks + 1):
        ocp.start("Install obproxy", [host])
    return ocp


def wait(ocp, *task_ids, lines=None, **options):
    progress = Progress((lines if lines is not None else []).append, lambda: ocp.limit.elapsed)
    return wait_for_ids(ocp, task_ids, progress, **options)


def failure(ocp, *task_ids, **options):
    with pytest.raises(OcpError) as caught:
        wait(ocp, *task_ids, **options)
    return caught.value


def test_the_wait_ends_when_all_have_ended():
    ocp, lines = an_ocp(2), []
    ocp.tasks[33002]["seconds"] = 40
    result = wait(ocp, 33001, 33002, lines=lines)
    assert [task["status"] for task in result["tasks"]] == ["SUCCESSFUL"] * 2
    assert result["finished"]
    assert not result["changed"]
    assert 40 <= result["elapsed"] < 46
    assert "33001-33002" in lines[0]


def test_the_next_progress_ends_a_wait_for_it():
    ocp = an_ocp()
    result = wait(ocp, 33001, until="progress")
    assert not result["finished"]
    assert 4 <= result["elapsed"] < 8  # a subtask takes 4 s
    assert [sub["status"] for sub in result["tasks"][0]["subtasks"]][:2] == ["SUCCESSFUL", "RUNNING"]


def test_what_has_ended_makes_no_progress_any_more():
    ocp = an_ocp()
    ocp.clock.now += 60
    result = wait(ocp, 33001, until="progress")
    assert result["finished"]
    assert result["elapsed"] < 1


def test_without_a_wait_there_is_one_check():
    ocp = an_ocp()
    result = wait(ocp, 33001, wait=False)
    assert result["tasks"][0]["status"] == "RUNNING"
    assert not result["finished"]
    assert len(ocp.requests) == 1


@pytest.mark.parametrize("options", [{}, {"until": "progress"}, {"wait": False}])
def test_a_task_that_failed_is_a_failure(options):
    ocp = an_ocp(2)
    ocp.fail_at[2] = 1
    ocp.clock.now += 60
    error = failure(ocp, 33001, 33002, **options)
    assert error.kind == "task_failed"
    assert "33002 (Install obproxy) FAILED at subtask 3 of 5, Start" in error.message
    assert "cannot connect to the proxy" in error.log
    assert "obops.oceanbase.ocp_task, operation: retry and task_id: 33002" in error.next
    assert [task["status"] for task in error.result["tasks"]] == ["SUCCESSFUL", "FAILED"]
    assert error.result["finished"]


def test_ids_that_ocp_does_not_know_are_named():
    ocp = an_ocp()
    error = failure(ocp, 33001, 7, 8)
    assert error.kind == "not_found"
    assert "task_ids: OCP knows no task 7, 8." in error.message
    assert ocp.clock.now < 1


def test_a_task_that_vanishes_while_it_is_waited_for():
    ocp = an_ocp()
    look = ocp.get

    def look_and_lose(path, **params):
        answer = look(path, **params)
        ocp.tasks.clear()
        return answer

    ocp.get = look_and_lose
    error = failure(ocp, 33001)
    assert error.kind == "not_found"
    assert "OCP no longer knows task 33001. It was RUNNING when" in error.message


def test_a_task_that_is_rolled_back_while_it_is_waited_for_is_a_failure_at_once():
    ocp = an_ocp()
    advance = ocp._advance

    def roll_back():
        advance()
        if ocp.clock.now > 6:
            ocp.tasks[33001].update(status="SUCCESSFUL", operation="ROLLBACK")
            for subtask in ocp.tasks[33001]["subtasks"]:
                subtask["status"] = "PENDING"

    ocp._advance = roll_back
    error = failure(ocp, 33001)
    assert error.kind == "task_failed"
    assert error.message == "OCP's task 33001 (Install obproxy) rolled back."
    assert "Someone rolled it back in OCP" in error.next
    assert error.result["elapsed"] < 10


@pytest.mark.parametrize("status", ["RUNNING", "SUCCESSFUL"])
def test_the_end_of_a_rollback_can_be_waited_for(status):
    ocp = an_ocp()
    ocp.tasks[33001].update(status=status, operation="ROLLBACK")
    assert wait(ocp, 33001)["finished"]


def test_a_task_that_runs_again_has_not_finished():
    ocp = an_ocp()
    raw = ocp._wrapped(ocp.tasks[33001])
    ocp._wrapped = lambda task: {**raw, "status": "RUNNING", "finishTime": "2026-01-01T00:00:09+08:00"}
    assert find(ocp, [33001])["tasks"][0]["finished"] is None


def test_the_address_of_a_task_is_its_page_in_the_console():
    assert find(an_ocp(), [33001])["tasks"][0]["url"] == "http://ocp:8080/task/33001"


def test_a_limit_that_runs_out_says_how_to_join():
    error = failure(an_ocp(limit=10), 33001)
    assert error.kind == "timeout"
    assert "obops.oceanbase.ocp_task_wait and task_ids: [33001]" in error.next
    assert not error.result["finished"]


def test_nothing_to_wait_for_is_no_failure():
    assert wait(an_ocp())["finished"]


def test_an_id_given_twice_is_one_task():
    assert len(wait(an_ocp(), 33001, 33001, wait=False)["tasks"]) == 1


def test_tasks_by_id_come_in_the_requested_order():
    found = find(an_ocp(3), [33003, 33001])
    assert [task["id"] for task in found["tasks"]] == [33003, 33001]
    assert found["total"] == 2


def test_all_tasks_the_newest_first_cut_to_the_limit():
    found = find(an_ocp(5), limit=2)
    assert [task["id"] for task in found["tasks"]] == [33005, 33004]
    assert found["total"] == 5


def test_subtasks_are_in_order_for_a_request_more_however_many_tasks():
    ocp = an_ocp(50)
    found = find(ocp)
    assert all([sub["name"] for sub in task["subtasks"]] == SUBTASKS for task in found["tasks"])
    assert len(ocp.requests) == 2


def test_tasks_of_other_names_may_have_another_order():
    ocp = an_ocp(1)
    other = ocp.start("Restart obproxy", [1])
    links = dict(enumerate(sub["id"] for sub in sorted(other["subtasks"], key=lambda sub: sub["id"])))
    for place, task_id in links.items():  # in reverse order: Finish, Register, Start, ...
        sub = next(sub for sub in other["subtasks"] if sub["id"] == task_id)
        sub["upstreams"] = [links[place + 1]] if place + 1 in links else []
        sub["downstreams"] = [links[place - 1]] if place else []
    names = {task["name"]: [sub["name"] for sub in task["subtasks"]] for task in find(ocp)["tasks"]}
    assert names == {"Install obproxy": SUBTASKS, "Restart obproxy": SUBTASKS[::-1]}


def test_tasks_of_a_host_show_their_host():
    ocp = an_ocp(3)
    found = find(ocp, host_id=2)
    assert [(task["id"], task["host_id"]) for task in found["tasks"]] == [(33002, 2)]


def test_logs_are_read_if_requested():
    ocp = an_ocp()
    ocp.fail_at[1] = 1
    ocp.clock.now += 60
    assert find(ocp, [33001])["tasks"][0]["failed_subtasks"][0]["log"] is None
    assert "cannot connect" in find(ocp, [33001], logs=True)["tasks"][0]["failed_subtasks"][0]["log"]


def test_hosts_are_found_if_requested():
    ocp = FakeOcp(hosts=3)
    ocp.post("/api/v2/obproxy/clusters/1/takeOver", {"hosts": [{"hostId": n, "sqlPort": 2883} for n in (2, 3)]})
    assert [task["host_id"] for task in find(ocp)["tasks"]] == [None, None]
    assert [task["host_id"] for task in find(ocp, hosts=True)["tasks"]] == [3, 2]


def test_the_first_line_of_tasks_that_are_joined_has_the_right_place_and_host():
    ocp, lines = an_ocp(50), []
    ocp.clock.now += 5
    tasks = Tasks(ocp)
    progress = Progress(lines.append, lambda: ocp.limit.elapsed)
    for host in range(1, 51):
        progress.label(host, f"10.0.0.{host}")
        (raw,) = ocp.get("/api/v2/tasks/instances", hostId=host)["contents"]
        tasks.add(raw, host_id=host)
    # One request in addition to the lists, however many tasks there are.
    assert len(ocp.requests) == 51
    assert describe(tasks.get(33050)) == "33050 (Install obproxy) RUNNING at subtask 2 of 5, Check command"
    progress.looked([tasks.get(33001)])
    assert lines[1].endswith("task 33001 10.0.0.1: RUNNING, subtask 2 of 5: Check command RUNNING")


def test_no_task_at_all():
    assert find(FakeOcp())["tasks"] == []


def test_an_empty_list_of_ids_is_not_all_tasks():
    assert find(an_ocp(), [])["tasks"] == []


def test_a_limit_that_is_none():
    with pytest.raises(OcpError, match="limit: 0 is less than 1"):
        find(an_ocp(), limit=0)
