# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A takeover as a user sees it: what is posted, what is joined, and what the result says."""

import json

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.deadline import Deadline
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.errors import OcpError
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.progress import Progress
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.takeover import Takeover
from ansible_collections.obops.oceanbase.tests.unit.plugins.module_utils._ocp.fake_ocp import FakeOcp


def wanted(*hosts):
    return [{"host": f"10.0.0.{n}", "sql_port": 2883, "proxysys_password": None} for n in hosts]


def takeover(ocp, *hosts, lines=None, **options):
    progress = Progress((lines if lines is not None else []).append, lambda: ocp.limit.elapsed)
    return Takeover(ocp, None, options.pop("cluster", "demo"), wanted(*hosts), progress, **options)


def outcomes(result):
    return [host["outcome"] for host in result["hosts"]]


def failure(ocp, *hosts, wait=True, **options):
    with pytest.raises(OcpError) as caught:
        takeover(ocp, *hosts, **options).run(wait=wait)
    return caught.value


def test_all_hosts_go_into_one_call():
    ocp = FakeOcp(hosts=3)
    result = takeover(ocp, 1, 2, 3).run()
    assert outcomes(result) == ["taken_over"] * 3
    assert [host["task_id"] for host in result["hosts"]] == [33001, 33002, 33003]
    assert result["changed"]
    assert result["cluster"] == {"id": 1, "name": "demo", "work_mode": "CONFIG_URL"}
    assert [host["cluster"] for host in result["hosts"]] == [{"id": 1, "name": "demo"}] * 3
    assert ocp.count("POST") == 1


def test_one_task_for_all_hosts_is_everybodys_task():
    result = takeover(FakeOcp(hosts=2, one_task=True), 1, 2).run()
    assert outcomes(result) == ["taken_over"] * 2
    assert [host["task_id"] for host in result["hosts"]] == [33001, 33001]


def test_a_second_run_changes_nothing():
    ocp = FakeOcp()
    takeover(ocp, 1, 2).run()
    again = takeover(ocp, 1, 2).run()
    assert outcomes(again) == ["already_managed"] * 2
    assert not again["changed"]
    assert ocp.count("POST") == 1
    assert again["diff"]["before"] == again["diff"]["after"]


def test_check_mode_predicts_what_the_run_then_does():
    ocp = FakeOcp(hosts=2)
    takeover(ocp, 1).run()
    posts = ocp.count("POST")
    predicted = takeover(ocp, 1, 2).run(check=True)
    assert outcomes(predicted) == ["already_managed", "would_take_over"]
    assert ocp.count("POST") == posts
    real = takeover(ocp, 1, 2).run()
    assert real["changed"] == predicted["changed"]
    assert real["diff"] == predicted["diff"]


def test_subtasks_come_back_in_the_order_of_execution():
    result = takeover(FakeOcp(), 1).run()
    names = [subtask["name"] for subtask in result["tasks"][0]["subtasks"]]
    assert names == ["Prepare", "Check command", "Start", "Register", "Finish"]


def test_nothing_of_a_tasks_context_is_returned():
    assert "secret-of-the-context" not in json.dumps(takeover(FakeOcp(), 1).run())


def test_not_waiting_returns_the_submitted_tasks():
    ocp = FakeOcp()
    result = takeover(ocp, 1, 2).run(wait=False)
    assert outcomes(result) == ["submitted"] * 2
    assert result["changed"]
    assert ocp.clock.now < 1


def test_many_tasks_cost_requests_by_the_page_not_by_the_host():
    few, many = FakeOcp(hosts=2), FakeOcp(hosts=300)
    takeover(few, 1, 2).run()
    takeover(many, *range(1, 301)).run()
    assert len(many.requests) <= len(few.requests)


def test_a_killed_run_is_joined_by_the_next():
    ocp = FakeOcp()
    takeover(ocp, 1, 2).run(wait=False)
    result = takeover(ocp, 1, 2).run()
    assert outcomes(result) == ["taken_over"] * 2
    assert [host["task_id"] for host in result["hosts"]] == [33001, 33002]
    assert ocp.takeovers == [1, 2]


def test_a_lost_answer_is_looked_for_and_not_posted_again():
    ocp = FakeOcp()
    ocp.faults["POST", "/takeOver", 1] = "after"
    result = takeover(ocp, 1, 2).run()
    assert ocp.count("POST", "/clusters/1/takeOver") == 1
    assert outcomes(result) == ["taken_over"] * 2
    assert [host["task_id"] for host in result["hosts"]] == [33001, 33002]
    assert ocp.takeovers == [1, 2]


def test_a_lost_takeover_is_reported_and_can_be_run_again():
    ocp = FakeOcp()
    ocp.faults["POST", "/takeOver", 1] = "before"
    error = failure(ocp, 1, 2)
    assert error.kind == "connection"
    assert "10.0.0.1:2883; 10.0.0.2:2883 has started; it may still begin" in error.message
    assert outcomes(error.result) == ["submitted"] * 2
    assert error.result["changed"]  # an unknown outcome is not reported as unchanged
    assert ocp.count("POST") == 1
    assert outcomes(takeover(ocp, 1, 2).run()) == ["taken_over"] * 2
    assert ocp.takeovers == [1, 2]


def test_another_task_on_the_host_is_waited_out():
    ocp = FakeOcp()
    ocp.start("Upgrade agent", [2], seconds=60)
    result = takeover(ocp, 1, 2).run()
    assert outcomes(result) == ["taken_over"] * 2
    assert ocp.takeovers == [1, 2]
    assert ocp.count("POST") == 2


def test_another_task_that_starts_between_look_and_post_is_waited_out():
    ocp = FakeOcp()
    planned = takeover(ocp, 1, 2)
    planned.look()
    ocp.start("Upgrade agent", [2], seconds=60)
    planned.apply()
    assert outcomes(planned.result()) == ["taken_over"] * 2
    assert ocp.takeovers == [1, 2]


def test_another_task_without_a_wait_is_an_error():
    ocp = FakeOcp()
    ocp.start("Upgrade agent", [2], seconds=60)
    error = failure(ocp, 1, 2, wait=False)
    assert error.kind == "conflict"
    assert "Upgrade agent" in error.message
    assert outcomes(error.result) == ["submitted", "failed"]


def test_two_simultaneous_runs_take_over_each_host_once():
    ocp = FakeOcp()
    first, second = takeover(ocp, 1, 2), takeover(ocp, 1, 2)
    first.look()
    second.look()
    first.apply(wait=False)
    second.apply()
    assert outcomes(second.result()) == ["taken_over"] * 2
    assert ocp.takeovers == [1, 2]


def test_a_failed_task_is_reported_with_host_subtask_log_and_what_to_do():
    ocp = FakeOcp()
    ocp.fail_at[2] = 1
    error = failure(ocp, 1, 2)
    assert error.kind == "task_failed"
    assert error.host == {"host_id": 2, "address": "10.0.0.2", "name": "proxy-2"}
    assert error.task["id"] == 33002
    assert error.subtask["name"] == "Start"
    assert "cannot connect to the proxy" in error.log
    assert "operation: retry" in error.next
    assert "subtask 3 of 5, Start" in error.message
    assert outcomes(error.result) == ["taken_over", "failed"]
    assert error.result["tasks"][1]["failed_subtasks"][0]["log"] == error.log


def test_failed_tasks_are_retried_as_often_as_asked():
    ocp = FakeOcp()
    ocp.fail_at[2] = 2
    assert outcomes(takeover(ocp, 1, 2, retries=2).run()) == ["taken_over"] * 2
    assert ocp.takeovers == [1, 2]


def test_running_again_continues_a_failed_takeover():
    ocp = FakeOcp()
    ocp.fail_at[2] = 1
    failure(ocp, 1, 2)
    assert outcomes(takeover(ocp, 1, 2).run()) == ["already_managed", "taken_over"]
    assert ocp.takeovers == [1, 2]


def test_the_time_limit_names_tasks_state_and_how_to_join():
    ocp = FakeOcp(task_seconds=10**6, limit=60)
    error = failure(ocp, 1, 2)
    assert error.kind == "timeout"
    assert 60 <= ocp.clock.now < 63
    assert "33001 (Install obproxy) RUNNING at subtask 1 of 5, Prepare" in error.message
    assert "task_ids: [33001, 33002]" in error.next
    assert outcomes(error.result) == ["submitted"] * 2


def test_an_unknown_status_is_bounded_by_the_limit():
    ocp = FakeOcp(limit=30, task_seconds=10)
    takeover(ocp, 1).run(wait=False)
    ocp.tasks[33001]["status"] = "PAUSED_BY_MOON"
    error = failure(ocp, 1)
    assert error.kind == "timeout"
    assert "PAUSED_BY_MOON" in error.message


def test_a_task_that_vanishes_does_not_hang_the_run():
    ocp = FakeOcp(hosts=1, limit=60)
    original = ocp._take_over

    def forgetful(wanted):
        tasks = original(wanted)
        ocp.tasks.clear()
        return tasks

    ocp._take_over = forgetful
    error = failure(ocp, 1)
    assert error.kind == "timeout"
    assert "10.0.0.1:2883 (task 33001 no longer known to OCP)" in error.message
    assert ocp.clock.now < 70


def test_a_proxy_of_another_cluster_is_refused_by_name():
    ocp = FakeOcp()
    ocp.clusters[1]["obproxies"] = [{"hostId": 2, "sqlPort": 2883, "status": "RUNNING"}]
    error = failure(ocp, 1, 2)
    assert error.kind == "conflict"
    assert "other (2)" in error.message
    assert ocp.count("POST") == 0


def test_an_unknown_cluster_is_reported_with_the_existing_ones():
    error = failure(FakeOcp(), 1, cluster="prod")
    assert error.kind == "not_found"
    assert "demo (1), other (2)" in error.message


def test_an_unknown_host_is_reported_with_the_existing_ones():
    error = failure(FakeOcp(), 1, 9)
    assert error.kind == "not_found"
    assert "hosts[1].host" in error.message
    assert "proxy-1 (10.0.0.1, id 1)" in error.message


def test_a_host_is_matched_exactly_though_ocps_search_is_fuzzy():
    ocp = FakeOcp(hosts=12)
    assert takeover(ocp, 1).run()["hosts"][0]["host_id"] == 1


def test_a_name_that_matches_two_hosts_is_refused():
    ocp = FakeOcp()
    ocp.hosts[1]["name"] = "10.0.0.1"
    assert "matches 2 hosts" in failure(ocp, 1).message


def test_the_same_proxy_twice_is_refused():
    wanted = [{"host": host, "sql_port": 2883} for host in ("10.0.0.1", "10.0.0.2", "PROXY-1.")]
    with pytest.raises(OcpError) as caught:
        Takeover(FakeOcp(), 1, None, wanted, Progress(print, lambda: 0)).run()
    assert (
        "hosts[0] (10.0.0.1) and hosts[2] (PROXY-1.) are the same proxy: host proxy-1 (10.0.0.1, id 1)"
        in caught.value.message
    )


def test_a_port_out_of_range_is_refused():
    ocp = FakeOcp()
    entry = {"host_id": 1, "sql_port": 70000}
    with pytest.raises(OcpError, match=r"hosts\[0\].sql_port: 70000"):
        Takeover(ocp, 1, None, [entry], Progress(print, lambda: 0)).run()


def test_lines_name_the_tasks_first_and_then_each_change():
    ocp, lines = FakeOcp(), []
    takeover(ocp, 1, 2, lines=lines).run()
    assert "OCP tasks 33001-33002" in lines[0]
    assert any("task 33001 10.0.0.1: RUNNING, subtask 3 of 5: Start RUNNING" in line for line in lines)
    assert any("task 33002 10.0.0.2: SUCCESSFUL" in line for line in lines)


def test_many_hosts_share_a_line():
    ocp, lines = FakeOcp(hosts=200), []
    takeover(ocp, *range(1, 201), lines=lines).run()
    assert len(lines) < 20
    assert any("200 tasks: 200 RUNNING (subtask 3 of 5)" in line for line in lines)


def test_a_long_silence_gets_a_heartbeat():
    ocp, lines = FakeOcp(task_seconds=1000, limit=2000), []
    takeover(ocp, 1, lines=lines).run()
    assert sum("no change" in line for line in lines) >= 20


def test_the_clock_of_a_wait_starts_with_the_run():
    ocp = FakeOcp(limit=0)
    assert takeover(ocp, 1).run()["elapsed"] == pytest.approx(20, abs=3)
    assert isinstance(ocp.limit, Deadline)
