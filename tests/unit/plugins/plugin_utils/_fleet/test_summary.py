# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each host has a row that shows what OCP did with its proxy, whatever the order of hosts and results."""

from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.outcomes import outcomes
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.summary import is_bad

DEMO, BILLING = {"id": 1, "name": "demo"}, {"id": 2, "name": "billing"}


def ready(number, cluster=None, caller="proxy-1", port=2883, address=None):
    return {
        "host": f"proxy-{number}",
        "address": address or f"10.0.0.{number}",
        "sql_port": port,
        "host_id": number,
        "cluster": cluster or DEMO,
        "caller": caller,
        "outcome": "would_take_over",
        "action": "nothing",
        "task_id": None,
        "blockers": [],
        "ignored": [],
        "message": "",
        "failure": None,
    }


def done(number, outcome="taken_over", task_id=33001, port=2883):
    address, name = f"10.0.0.{number}", f"host-{number}"
    return {
        "host_id": number,
        "address": address,
        "name": name,
        "sql_port": port,
        "outcome": outcome,
        "task_id": task_id,
    }


def test_results_in_another_order_are_joined_by_host_and_port():
    rows = outcomes(
        [ready(1), ready(2), ready(2, port=3306)],
        {"proxy-1": {"hosts": [done(2, task_id=7, port=3306), done(2, "failed", 8), done(1, "already_managed", None)]}},
    )
    assert [(row["outcome"], row["task_id"]) for row in rows] == [
        ("already_managed", None),
        ("failed", 8),
        ("taken_over", 7),
    ]


def test_a_host_that_ocp_knows_by_a_name_is_found_by_it():
    row = {**ready(1, address="host-1"), "host_id": None}
    assert outcomes([row], {"proxy-1": {"hosts": [done(1)]}})[0]["outcome"] == "taken_over"


def test_each_cluster_has_a_result_of_its_own():
    rows = outcomes(
        [ready(1), ready(2, BILLING, "proxy-2")],
        {
            "proxy-1": {"hosts": [done(1)]},
            "proxy-2": {
                "failed": True,
                "msg": "OCP broke off.",
                "failure": {"kind": "connection", "next": "Run again."},
            },
        },
    )
    assert [row["outcome"] for row in rows] == ["taken_over", "failed"]
    assert rows[1]["failure"]["kind"] == "connection"
    assert rows[1]["failure"]["next"] == "Run again."


def test_a_failed_task_is_shown_for_its_own_host_only():
    tasks = [
        {"id": 1, "status": "SUCCESSFUL", "failed_subtasks": []},
        {
            "id": 2,
            "status": "FAILED",
            "url": "http://ocp:8080/task/2",
            "failed_subtasks": [{"id": 3, "name": "Start", "log": "first\nno route\n"}],
        },
    ]
    failure = {"kind": "task_failed", "message": "all of it", "next": "Fix the route.", "task": {"id": 2}}
    result = {"hosts": [done(1, task_id=1), done(2, "failed", 2)], "tasks": tasks, "failed": True, "failure": failure}
    first, second = outcomes([ready(1), ready(2)], {"proxy-1": result})
    assert (first["message"], first["failure"]) == ("", None)
    assert second["message"] == "OCP's task 2 failed at Start: no route."
    assert second["failure"]["task"] == {"id": 2, "url": "http://ocp:8080/task/2"}
    assert second["failure"]["next"] == "Fix the route."


def test_a_call_that_failed_before_it_found_hosts_fails_them_all():
    rows = outcomes([ready(1), ready(2)], {"proxy-1": {"failed": True, "msg": "No module named requests"}})
    assert [(row["outcome"], row["message"]) for row in rows] == [("failed", "No module named requests")] * 2


def test_a_wait_that_ran_out_of_time_is_a_failure_and_no_wait_is_none():
    late = {"hosts": [done(1, "submitted")], "failed": True, "failure": {"kind": "timeout", "message": "After 60 s"}}
    assert is_bad(outcomes([ready(1)], {"proxy-1": late})[0])
    assert not is_bad(outcomes([ready(1)], {"proxy-1": {"hosts": [done(1, "submitted")]}})[0])


def test_without_a_call_nothing_is_made_up():
    rows = [ready(1), {**ready(2), "outcome": "blocked", "caller": None}]
    assert outcomes(rows, {"proxy-1": {}}) == rows
