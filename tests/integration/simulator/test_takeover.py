# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Takeovers: how they start, what they change, and when they are refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.simulator.calls import CLUSTERS, HOSTS, Ocp, host, in_order


def statuses(task: dict) -> list[str]:
    return [subtask["status"] for subtask in in_order(task)]


def test_subtasks_run_one_after_the_other(frozen: Ocp) -> None:
    (started,) = frozen.take_over(host(1))
    assert statuses(started) == ["READY"] + 11 * ["PENDING"]
    frozen.control.advance(0.5)
    assert statuses(frozen.task(started["id"])) == ["RUNNING"] + 11 * ["PENDING"]
    frozen.control.advance(4)
    assert statuses(frozen.task(started["id"])) == 4 * ["SUCCESSFUL"] + ["RUNNING"] + 7 * ["PENDING"]
    frozen.control.advance(7)
    assert frozen.task(started["id"])["status"] == "RUNNING"
    frozen.control.advance(0.6)
    assert frozen.task(started["id"])["status"] == "SUCCESSFUL"
    assert statuses(frozen.task(started["id"])) == 12 * ["SUCCESSFUL"]


def test_the_proxy_is_in_the_cluster_from_the_start(frozen: Ocp) -> None:
    frozen.take_over(host(1, 2899))
    (proxy,) = frozen.proxies()
    assert (proxy["ip"], proxy["sqlPort"], proxy["hostId"]) == ("127.0.0.1", 2899, 1)
    assert (proxy["status"], proxy["operateStatus"]) == ("TAKINGOVER", "OPERATING")
    frozen.control.advance(13)
    (cluster,) = frozen.get(CLUSTERS)["contents"]
    (proxy,) = cluster["obproxies"]
    assert (proxy["status"], proxy["operateStatus"]) == ("RUNNING", "NORMAL")
    assert cluster["versions"] == [{"version": "1.9.1.1-1919579", "count": 1}]
    assert cluster["topo"] == [{"idcName": "idc1", "count": 1}]
    assert frozen.get(f"{HOSTS}/1")["services"][0]["name"] == "demo"


def test_one_call_takes_over_several_hosts_with_a_task_each(frozen: Ocp) -> None:
    tasks = frozen.take_over(host(1), host(2))
    assert [task["hostId"] for task in tasks] == [1, 2]
    frozen.control.advance(13)
    assert {frozen.task(task["id"])["status"] for task in tasks} == {"SUCCESSFUL"}


def test_each_takeover_is_counted_once(frozen: Ocp) -> None:
    (task,) = frozen.take_over(host(2))
    (begun,) = frozen.control.takeovers()
    assert (begun["cluster"], begun["host_id"], begun["sql_port"], begun["task_id"]) == ("demo", 2, 2883, task["id"])


def test_a_host_with_a_running_task_is_a_conflict(frozen: Ocp) -> None:
    (task,) = frozen.take_over(host(1))
    status, error = frozen.refusal("POST", f"{CLUSTERS}/1/takeOver", json={"hosts": [host(1)]})
    assert (status, error["code"]) == (409, 20021)
    assert str(task["id"]) in error["message"]


def test_one_of_two_simultaneous_calls_is_refused(ocp: Ocp) -> None:
    with ThreadPoolExecutor(8) as pool:
        calls = [
            pool.submit(ocp.call, "POST", f"{CLUSTERS}/1/takeOver", json={"hosts": [host(1), host(2)]})
            for _ in range(8)
        ]
        answers = sorted(call.result().status_code for call in calls)
    assert answers == [200] + 7 * [409]
    assert len(ocp.control.takeovers()) == 2


def test_a_managed_proxy_is_refused_and_its_cluster_named(frozen: Ocp) -> None:
    state = {"obproxy_clusters": ["demo", {"name": "other", "obproxies": [{"host": "127.0.0.2"}]}]}
    frozen.control.reset(state)
    status, error = frozen.refusal("POST", f"{CLUSTERS}/1/takeOver", json={"hosts": [host(2)]})
    assert (status, error["code"]) == (500, 7010)
    assert "other" in error["message"]


def test_a_second_proxy_on_a_host_is_refused(frozen: Ocp) -> None:
    frozen.take_over(host(1))
    frozen.control.advance(13)
    status, error = frozen.refusal("POST", f"{CLUSTERS}/1/takeOver", json={"hosts": [host(1, 2999)]})
    assert (status, error["code"]) == (500, 7010)
    assert "at port 2883" in error["message"]


def test_an_unknown_cluster_or_host_is_not_found(ocp: Ocp) -> None:
    assert ocp.refusal("POST", f"{CLUSTERS}/9/takeOver", json={"hosts": [host(1)]})[1]["code"] == 21001
    status, error = ocp.refusal("POST", f"{CLUSTERS}/1/takeOver", json={"hosts": [host(9)]})
    assert (status, error["code"]) == (404, 7005)
    assert ocp.refusal("GET", f"{HOSTS}/9")[1]["code"] == 7005


@pytest.mark.parametrize(
    ("fact", "codes"),
    [
        ({"status": "NEW"}, (7006, "CMP07006")),
        ({"status": "OFFLINE"}, (7004, "CMP07004")),
        ({"status": "DELETING"}, (7006, "CMP07006")),
        ({"agent_status": "STOPPED"}, (7019, "CMP07019")),
    ],
    ids=["new", "offline", "deleting", "agent"],
)
def test_a_host_that_is_not_available_is_refused(ocp: Ocp, fact: dict, codes: tuple) -> None:
    ocp.control.reset({"hosts": [{"address": "10.0.0.1", **fact}]})
    body = {"hosts": [host(1)]}
    assert ocp.refusal("POST", f"{CLUSTERS}/1/takeOver", json=body)[1]["code"] == codes[0]
    ocp.control.settings(error_codes="string")
    assert ocp.refusal("POST", f"{CLUSTERS}/1/takeOver", json=body)[1]["code"] == codes[1]


def test_one_bad_host_stops_the_whole_call_before_anything_begins(ocp: Ocp) -> None:
    for bad in (host(9), host(1)):
        body = {"hosts": [host(1), host(2), bad]}
        assert ocp.refusal("POST", f"{CLUSTERS}/1/takeOver", json=body)[0] in (400, 404)
    assert ocp.control.takeovers() == []
    assert ocp.proxies() == []


def test_refused_writes_leave_a_trace_and_nothing_else(ocp: Ocp) -> None:
    ocp.control.settings(refuse_writes=True)
    assert ocp.refusal("POST", f"{CLUSTERS}/1/takeOver", json={"hosts": [host(1)]})[0] == 403
    assert ocp.proxies() == []
    assert [(asked["method"], asked["status"]) for asked in ocp.control.requests()] == [("POST", 403), ("GET", 200)]


def test_someone_elses_takeover_is_there_from_the_start(frozen: Ocp) -> None:
    task = {"id": 41, "host": "127.0.0.2", "cluster": "demo", "subtask": 3, "seconds": 10}
    frozen.control.reset({"tasks": [task], "settings": {"check_proxies": False}})
    frozen.control.freeze()
    assert [proxy["status"] for proxy in frozen.proxies()] == ["TAKINGOVER"]
    assert statuses(frozen.task(41))[:3] == ["SUCCESSFUL", "SUCCESSFUL", "READY"]
    frozen.control.advance(9.9)
    assert frozen.task(41)["status"] == "RUNNING"
    frozen.control.advance(0.2)
    assert [proxy["status"] for proxy in frozen.proxies()] == ["RUNNING"]


def test_a_failed_takeover_of_someone_else_can_be_retried(frozen: Ocp) -> None:
    task = {"id": 41, "host": 1, "cluster": "demo", "status": "FAILED", "subtask": 6, "log": "it was dark"}
    frozen.control.reset({"tasks": [task], "settings": {"check_proxies": False, "task_seconds": 12}})
    shown = frozen.task(41)
    assert statuses(shown) == 5 * ["SUCCESSFUL"] + ["FAILED"] + 6 * ["PENDING"]
    assert "it was dark" in frozen.log(41, in_order(shown)[5]["id"])
    frozen.control.freeze()
    frozen.post("/api/v2/tasks/instances/41/retry")
    frozen.control.advance(7.1)
    assert frozen.task(41)["status"] == "SUCCESSFUL"
