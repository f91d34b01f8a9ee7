# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The summary of the playbook: every host has a row, whatever became of it."""

from ansible_collections.obops.oceanbase.plugins.filter.takeover_summary import takeover_summary


def host(name, error=""):
    return {
        "__takeover_host": {"host": name, "address": f"{name}.example", "sql_port": 2883},
        "__takeover_error": error,
    }


def taken(outcome, task_id=33001):
    return {"outcome": outcome, "task_id": task_id}


def rows(summary):
    return [(row["host"], row["outcome"], row["task_id"]) for row in summary["hosts"]]


def test_hosts_that_failed_the_role_stand_between_those_that_were_taken_over():
    summary = takeover_summary(
        [host("a"), host("b", "no nc"), host("c")], {"hosts": [taken("taken_over"), taken("already_managed", None)]}
    )
    assert rows(summary) == [("a", "taken_over", 33001), ("b", "failed", None), ("c", "already_managed", None)]
    assert summary["failed"] == ["b"]
    assert summary["task_ids"] == [33001]
    assert summary["message"] == "1 of 3 hosts were not taken over (b). no nc"


def test_the_table_is_in_columns_and_says_why():
    summary = takeover_summary([host("proxy-1"), host("b", "no nc")], {"hosts": [taken("taken_over")]})
    assert summary["table"] == [
        "HOST     ADDRESS          PORT  OUTCOME     TASK",
        "proxy-1  proxy-1.example  2883  taken_over  33001",
        "b        b.example        2883  failed      -",
        "b: no nc",
    ]


def test_each_blocker_has_a_line_of_its_own():
    blockers = [{"name": "wrong_user", "text": "wrong_user: root"}, {"name": "no_package", "text": "no_package: none"}]
    entry = {**host("a", "wrong_user: root no_package: none"), "__takeover_blockers": blockers}
    summary = takeover_summary([entry, host("b")], {"hosts": [taken("would_take_over")]})
    assert summary["table"][-2:] == ["a: wrong_user: root", "a: no_package: none"]
    assert summary["hosts"][0]["blockers"] == ["wrong_user", "no_package"]


def test_a_failed_task_is_told_for_its_own_host_only():
    tasks = [
        {"id": 1, "status": "SUCCESSFUL", "failed_subtasks": []},
        {"id": 2, "status": "FAILED", "failed_subtasks": [{"id": 3, "name": "Start", "log": "first\nno route\n"}]},
    ]
    result = {"hosts": [taken("taken_over", 1), taken("failed", 2)], "tasks": tasks, "msg": "all of it", "failure": {}}
    summary = takeover_summary([host("a"), host("b")], result)
    assert summary["hosts"][0]["message"] == ""
    assert summary["hosts"][1]["message"] == "OCP's task 2 failed at Start: no route."


def test_a_call_that_failed_before_it_found_hosts_fails_them_all():
    summary = takeover_summary([host("a"), host("b")], {"failed": True, "msg": "OCP cannot be reached.", "failure": {}})
    assert summary["failed"] == ["a", "b"]
    assert summary["message"] == "2 of 2 hosts were not taken over (a, b). OCP cannot be reached."


def test_a_wait_that_ran_out_of_time_is_a_failure():
    result = {"hosts": [taken("submitted")], "msg": "After 60 s", "failure": {"kind": "timeout"}}
    assert takeover_summary([host("a")], result)["failed"] == ["a"]


def test_submitting_without_a_wait_is_none():
    assert takeover_summary([host("a")], {"hosts": [taken("submitted")]})["failed"] == []


def test_no_host_was_ready():
    summary = takeover_summary([host("a", "unreachable")], {"skipped": True})
    assert summary["failed"] == ["a"]
