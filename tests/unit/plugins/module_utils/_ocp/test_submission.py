# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Posting a takeover: tasks of other users, refusals, hosts in use, and answers that come late or never."""

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.codes import BUSY
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.errors import OcpError
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.progress import Progress
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.takeover import Takeover
from ansible_collections.obops.oceanbase.tests.unit.plugins.module_utils._ocp.fake_ocp import FakeOcp


def takeover(ocp, *hosts, lines=None):
    wanted = [{"host": f"10.0.0.{n}", "sql_port": 2883} for n in hosts]
    progress = Progress((lines if lines is not None else []).append, lambda: ocp.limit.elapsed)
    return Takeover(ocp, None, "demo", wanted, progress)


def failure(ocp, *hosts, **options):
    with pytest.raises(OcpError) as caught:
        takeover(ocp, *hosts).run(**options)
    return caught.value


def outcomes(result):
    return {host["outcome"] for host in result["hosts"]}


def refusal(code, status=500):
    return OcpError("rejected", f"OCP refused it (code {code}).", code=code, status=status, maybe_done=status >= 500)


def with_tasks_of_others(hosts, **options):
    ocp = FakeOcp(hosts=hosts, **options)
    for name in ("Backup", "Inspection", "Collect statistics"):
        ocp.start(name, [], seconds=10**6)
    return ocp


def test_other_peoples_tasks_do_not_make_the_cost_grow_with_hosts():
    few, many = with_tasks_of_others(20), with_tasks_of_others(200)
    assert outcomes(takeover(few, *range(1, 21)).run()) == {"taken_over"}
    assert outcomes(takeover(many, *range(1, 201)).run()) == {"taken_over"}
    assert len(many.requests) <= 30
    assert len(many.requests) <= len(few.requests) + 2
    assert many.count("POST") == 1


def test_joining_a_large_takeover_does_not_cost_a_request_for_each_host():
    ocp = with_tasks_of_others(200)
    takeover(ocp, *range(1, 201)).run(wait=False)
    ocp.requests.clear()
    result = takeover(ocp, *range(1, 201)).run()
    assert outcomes(result) == {"taken_over"}
    assert len(ocp.requests) <= 50
    assert ocp.takeovers == list(range(1, 201))


def test_one_host_in_use_holds_up_no_other():
    ocp, lines = with_tasks_of_others(200), []
    other = ocp.start("Upgrade agent", [77], seconds=300)
    result = takeover(ocp, *range(1, 201), lines=lines).run()
    assert outcomes(result) == {"taken_over"}
    assert sorted(ocp.takeovers) == list(range(1, 201))
    assert ocp.takeovers[-1] == 77
    assert max(task["begun"] for task in ocp.tasks.values() if task["hosts"] not in ([77], [])) < 5
    assert ocp.count("POST") <= 20
    assert any(f"OCP task {other['id']}" in line or f"task {other['id']}" in line for line in lines)


@pytest.mark.parametrize("code", sorted(BUSY))
def test_the_run_waits_for_a_host_in_use_whatever_the_code(code):
    ocp = FakeOcp(hosts=1)
    ocp.faults = {("POST", "/takeOver", n): refusal(code) for n in (1, 2)}
    assert outcomes(takeover(ocp, 1).run()) == {"taken_over"}
    assert ocp.count("POST") == 3


def test_a_host_that_stays_in_use_ends_at_the_time_limit():
    ocp = FakeOcp(hosts=1, limit=60)
    ocp.faults = {("POST", "/takeOver", n): refusal("BAK29003") for n in range(1, 1000)}
    error = failure(ocp, 1)
    assert error.code == "BAK29003"
    assert error.host["address"] == "10.0.0.1"
    assert "60 s (wait_timeout)" in error.message
    assert outcomes(error.result) == {"failed"}
    assert not error.result["changed"]
    assert 55 < ocp.clock.now < 70
    assert ocp.count("POST") < 20


def test_a_host_in_use_without_a_wait_is_an_error_at_once():
    ocp = FakeOcp(hosts=1)
    ocp.faults["POST", "/takeOver", 1] = refusal("20021")
    error = failure(ocp, 1, wait=False)
    assert error.code == "20021"
    assert ocp.clock.now < 1


@pytest.mark.parametrize("code", ["21008", "ODP10001"])
@pytest.mark.parametrize("status", [400, 500])
def test_a_refusal_by_code_takes_one_check_and_says_what_to_do(code, status):
    ocp = with_tasks_of_others(200)
    ocp.faults["POST", "/takeOver", 1] = refusal(code, status)
    error = failure(ocp, *range(1, 201))
    assert error.kind == "rejected"
    assert error.code == code
    assert "root@proxysys" in error.next
    assert ocp.count("POST") == 1
    assert len(ocp.requests) <= 6  # clusters, hosts, running tasks; the POST; clusters and running tasks
    assert ocp.clock.now < 1
    assert outcomes(error.result) == {"failed"}
    assert not error.result["changed"]


def test_a_refused_takeover_that_began_anyway_is_followed():
    ocp = FakeOcp(hosts=3)
    original = ocp._take_over

    def begin_and_refuse(wanted):
        original(wanted)
        raise refusal("21008")

    ocp._take_over = begin_and_refuse
    assert outcomes(takeover(ocp, 1, 2, 3).run()) == {"taken_over"}
    assert ocp.takeovers == [1, 2, 3]


def test_a_conflict_that_ocp_does_not_explain_is_not_tried_for_ever():
    ocp = FakeOcp(hosts=1)
    no = OcpError("conflict", "No.", code="ODP99999", status=409)
    ocp.faults = {("POST", "/takeOver", n): no for n in range(1, 100)}
    assert failure(ocp, 1).kind == "conflict"
    assert ocp.count("POST") == 6
    assert ocp.takeovers == []


def test_a_search_that_fails_names_the_lost_post_and_counts_as_a_change():
    ocp = FakeOcp(hosts=1)
    ocp.faults["POST", "/takeOver", 1] = "after"
    # The plan reads the clusters first. The second request for them comes from the search.
    ocp.faults["GET", "/clusters", 2] = OcpError("protocol", "a login page", next="Check ocp_url.")
    error = failure(ocp, 1)
    assert ocp.takeovers == [1]
    assert error.result["changed"]
    assert outcomes(error.result) == {"submitted"}
    assert "broke off" in error.message
    assert "a login page" in error.message
    assert error.next.startswith("Check ocp_url. Run this again")


@pytest.mark.parametrize("hosts", [1, 200])
def test_a_takeover_that_begins_minutes_after_an_answer_was_due_is_followed(hosts):
    ocp = with_tasks_of_others(hosts, limit=3600)
    ocp.faults["POST", "/takeOver", 1] = "late"
    ocp.late_by = 100 if hosts == 1 else 700
    result = takeover(ocp, *range(1, hosts + 1)).run()
    assert outcomes(result) == {"taken_over"}
    assert ocp.count("POST") == 1
    assert sorted(ocp.takeovers) == list(range(1, hosts + 1))


def test_ocp_gets_more_time_to_answer_for_more_proxies():
    """The timeout is longer than request_timeout, and never more than half of the run's own limit."""
    given = []
    for hosts, limit in ((1, 3600), (200, 3600), (200, 100)):
        ocp = FakeOcp(hosts=hosts, limit=limit)
        post = ocp.post
        ocp.post = lambda path, body=None, timeout=0, post=post: given.append(timeout) or post(path, body, timeout)
        takeover(ocp, *range(1, hosts + 1)).run(wait=False)
    assert given[0] >= 60
    assert given[1] >= 300
    assert given[2] <= 50


def test_a_post_without_an_answer_never_counts_as_unchanged():
    ocp = FakeOcp(hosts=2)
    ocp.faults["POST", "/takeOver", 1] = "late"
    ocp.late_by = 10**6
    error = failure(ocp, 1, 2)
    assert "10.0.0.1:2883; 10.0.0.2:2883 has started; it may still begin" in error.message
    assert "run this again after a while" in error.next
    assert error.result["changed"]
    assert outcomes(error.result) == {"submitted"}
    assert ocp.count("POST") == 1


def test_an_older_takeover_of_the_host_is_not_taken_for_the_one_without_an_answer():
    ocp = FakeOcp(hosts=1)
    ocp.start("Install obproxy", [1])["status"] = "FAILED"
    ocp.faults["POST", "/takeOver", 1] = "before"
    error = failure(ocp, 1)
    assert error.kind == "connection"
    assert error.result["hosts"][0]["task_id"] is None
    assert ocp.tasks[33001]["status"] == "FAILED"
