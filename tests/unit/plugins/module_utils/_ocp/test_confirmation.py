# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OCP's cluster decides the outcome of proxies whose tasks have ended or were never found."""

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.errors import OcpError
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.progress import Progress
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.takeover import Takeover
from ansible_collections.obops.oceanbase.tests.unit.plugins.module_utils._ocp.fake_ocp import FakeOcp


def takeover(ocp, *hosts, lines=None, **options):
    wanted = [{"host": f"10.0.0.{n}", "sql_port": 2883} for n in hosts]
    progress = Progress((lines if lines is not None else []).append, lambda: ocp.limit.elapsed)
    return Takeover(ocp, None, "demo", wanted, progress, **options)


def failure(ocp, *hosts, **options):
    with pytest.raises(OcpError) as caught:
        takeover(ocp, *hosts, **options).run()
    return caught.value


def outcomes(result):
    return [host["outcome"] for host in result["hosts"]]


def begun_by_a_colleague(hosts=2, **options):
    """Return an OCP with a colleague's running takeover, whose task OCP's list does not find by host."""
    ocp = FakeOcp(hosts=hosts, **options)
    takeover(ocp, *range(1, hosts + 1)).run(wait=False)
    ocp.finds_hosts = False
    return ocp


def test_a_takeover_whose_task_no_host_filter_finds_is_followed_in_the_cluster():
    ocp, lines = begun_by_a_colleague(task_seconds=400), []
    result = takeover(ocp, 1, 2, lines=lines).run()
    assert outcomes(result) == ["taken_over"] * 2
    assert result["changed"]
    assert ocp.takeovers == [1, 2]
    assert "Joining the takeover of 2 proxies into cluster demo (1)" in lines[0]
    assert sum("still shows 2 proxies as TAKINGOVER" in line for line in lines) > 5


def test_following_it_in_the_cluster_does_not_cost_more_for_more_hosts():
    few, many = begun_by_a_colleague(hosts=20, task_seconds=400), begun_by_a_colleague(hosts=200, task_seconds=400)
    for ocp in (few, many):
        takeover(ocp, *range(1, len(ocp.hosts) + 1)).run()
    assert many.count("GET", "/instances") <= 90  # 10 hosts a minute
    assert len(many.requests) <= len(few.requests) + 20


def test_a_takeover_that_the_cluster_shows_without_end_ends_at_the_time_limit():
    ocp = begun_by_a_colleague(task_seconds=10**6, limit=300)
    error = failure(ocp, 1, 2)
    assert error.kind == "timeout"
    assert "2 of 2 proxies as TAKINGOVER: 10.0.0.1:2883 (no task found)" in error.message
    assert outcomes(error.result) == ["submitted"] * 2
    assert 295 < ocp.clock.now < 310


def test_a_failed_task_of_something_else_on_the_host_is_neither_retried_nor_reported():
    ocp = begun_by_a_colleague(hosts=1, task_seconds=100)
    ocp.tasks[33001]["hosts"] = []
    ocp.finds_hosts = True
    other = ocp.start("Upgrade agent", [1])
    other["status"] = "FAILED"
    ocp.later = [(60, lambda: ocp.clusters[0]["obproxies"][0].update(status="RUNNING"))]
    assert outcomes(takeover(ocp, 1).run()) == ["taken_over"]
    assert other["status"] == "FAILED"


def test_a_takeover_that_a_colleague_rolls_back_is_reported_as_that_and_at_once():
    ocp = FakeOcp(hosts=2, task_seconds=100)
    ocp.later = [(30, lambda: ocp.undo(33002))]
    error = failure(ocp, 1, 2)
    assert error.kind == "task_failed"
    assert "33002 (Install obproxy) rolled back" in error.message
    assert error.host["address"] == "10.0.0.2"
    assert outcomes(error.result) == ["taken_over", "failed"]
    assert ocp.clock.now < 110  # no longer than the other takeover takes
    assert ocp.takeovers == [1, 2]


def test_a_joined_takeover_that_is_rolled_back_is_not_posted_again():
    ocp = begun_by_a_colleague(hosts=1, task_seconds=1000)
    ocp.later = [(20, lambda: (setattr(ocp, "finds_hosts", True), ocp.undo(33001)))]
    error = failure(ocp, 1)
    assert error.kind == "task_failed"
    assert "rolled back" in error.message
    assert ocp.clock.now < 40
    assert ocp.takeovers == [1]


def test_after_a_rollback_the_next_run_takes_over_again():
    ocp = FakeOcp(hosts=1)
    takeover(ocp, 1).run(wait=False)
    ocp.undo(33001)
    assert outcomes(takeover(ocp, 1).run()) == ["taken_over"]
    assert ocp.takeovers == [1, 1]


def test_a_success_that_the_cluster_never_shows_is_a_contradiction():
    ocp = FakeOcp(hosts=1)
    takeover(ocp, 1).run(wait=False)
    ocp.later = [(1, ocp.clusters[0]["obproxies"].clear)]
    error = failure(ocp, 1)
    assert error.kind == "protocol"
    assert "does not have the proxy 10.0.0.1:2883 (task 33001 SUCCESSFUL)" in error.message
    assert ocp.clock.now < 60


def test_a_failed_takeover_says_what_to_do_if_its_password_was_wrong():
    ocp = FakeOcp(hosts=1)
    ocp.fail_at[1] = 1
    assert "such as a password, use operation: rollback first, then run this again" in failure(ocp, 1).next


def test_a_retry_counts_as_a_change_even_of_someone_elses_takeover():
    ocp = FakeOcp(hosts=1)
    ocp.fail_at[1] = 2
    failure(ocp, 1)
    assert failure(ocp, 1).result["changed"]
