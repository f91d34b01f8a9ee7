# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Difficulties that a real OCP causes its clients, enabled by settings. The README has a table of them."""

from __future__ import annotations

import pytest
import requests

from tests.integration.simulator.calls import CLUSTERS, HOSTS, TASKS, Ocp, failed, host, in_order

TAKE_OVER = f"{CLUSTERS}/1/takeOver"


def test_other_people_always_have_tasks_running(ocp: Ocp) -> None:
    ocp.control.settings(other_tasks=4)
    others = ocp.get(TASKS, status="RUNNING")["contents"]
    assert len(others) == 4
    (mine,) = ocp.take_over(host(1))
    ocp.control.advance(3600)
    assert {task["id"] for task in ocp.get(TASKS, status="RUNNING")["contents"]} == {task["id"] for task in others}
    assert mine["id"] > max(task["id"] for task in others)
    assert ocp.get(TASKS, hostId=1)["page"]["totalElements"] == 1
    # The control API lists only tasks that calls have started.
    assert [task["id"] for task in ocp.control.tasks()] == [mine["id"]]
    ocp.control.settings(other_tasks=1)
    assert ocp.get(TASKS, status="RUNNING")["page"]["totalElements"] == 1


def test_a_fault_is_not_for_other_peoples_tasks(ocp: Ocp) -> None:
    settings = {"check_proxies": False, "other_tasks": 3, "task_seconds": 12}
    ocp.control.reset({"settings": settings, "task_faults": [{"kind": "fail", "subtask": 1}]})
    (task,) = ocp.take_over(host(1))
    ocp.control.advance(2)
    assert ocp.task(task["id"])["status"] == "FAILED"


@pytest.mark.parametrize("code", [20021, "BAK29003", 7004, "CMP07004", "COM10005"])
def test_a_busy_ocp_refuses_so_many_takeovers_and_then_begins_one(ocp: Ocp, code: int | str) -> None:
    ocp.control.settings(takeover_refusals=[{"code": code, "calls": 2}])
    for _ in range(2):
        assert ocp.refusal("POST", TAKE_OVER, json={"hosts": [host(1)]})[1]["code"] == code
    assert ocp.control.takeovers() == []
    assert len(ocp.take_over(host(1))) == 1


@pytest.mark.parametrize("code", [21008, "ODP10001"])
def test_a_refusal_may_be_a_500_with_its_code(ocp: Ocp, code: int | str) -> None:
    ocp.control.settings(takeover_refusals=[{"code": code, "message": "Cannot connect to the OBProxy."}])
    for _ in range(3):
        status, error = ocp.refusal("POST", TAKE_OVER, json={"hosts": [host(1)]})
        assert (status, error["code"], error["message"]) == (500, code, "Cannot connect to the OBProxy.")
    assert ocp.proxies() == []


def test_a_late_takeover_begins_only_when_it_is_answered_and_though_the_caller_has_gone(ocp: Ocp) -> None:
    ocp.control.settings(takeover_answer_after=1)
    with pytest.raises(requests.ReadTimeout):
        ocp.call("POST", TAKE_OVER, json={"hosts": [host(1)]}, timeout=0.3)
    assert ocp.control.takeovers() == []
    assert ocp.proxies() == []
    ocp.until(lambda: ocp.control.takeovers())
    assert [proxy["status"] for proxy in ocp.proxies()] == ["TAKINGOVER"]
    (asked,) = (asked for asked in ocp.control.requests() if asked["method"] == "POST")
    assert asked["status"] is None


def test_a_takeover_may_be_found_by_no_host(ocp: Ocp) -> None:
    ocp.control.settings(host_filter_finds_takeovers=False)
    (task,) = ocp.take_over(host(1))
    assert ocp.get(TASKS, hostId=1)["contents"] == []
    assert [each["id"] for each in ocp.get(TASKS)["contents"]] == [task["id"]]


def test_a_web_page_may_come_in_between(ocp: Ocp) -> None:
    ocp.control.fault("not_json", method="GET", skip=2)
    answers = [ocp.call("GET", HOSTS) for _ in range(4)]
    assert {answer.status_code for answer in answers} == {200}
    kinds = [answer.headers["Content-Type"] for answer in answers]
    assert kinds == ["application/json", "application/json", "text/html", "application/json"]


def test_every_subtasks_log_begins_with_the_whole_context(frozen: Ocp) -> None:
    frozen.control.task_fault("fail", subtask=2)
    (task,) = frozen.take_over(host(1, proxysysPasswd="geheim"))
    frozen.control.advance(3)
    task = frozen.task(task["id"])
    for subtask in (in_order(task)[0], failed(task)):
        first = frozen.log(task["id"], subtask["id"]).splitlines()[0]
        assert f"Run subtask, id={subtask['id']}, context=Context(parallelIdx=-1, stringMap={{" in first
        assert "proxysys_password=geheim" in first
        assert "proxyro_password=" in first
        assert first.endswith("listMap={commands_to_check=[nc], process_keywords=[obproxy, obproxyd.sh]})")
    assert frozen.log(task["id"], in_order(task)[2]["id"]) == ""
