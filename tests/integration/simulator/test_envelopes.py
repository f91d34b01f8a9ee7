# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The envelope of answers, and how failures are reported."""

from __future__ import annotations

import re

import pytest

from tests.integration.simulator.calls import CLUSTERS, HOSTS, TASKS, Ocp, host

OUTER = {"successful", "timestamp", "duration", "status", "traceId", "server"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d")


def test_a_success_comes_in_an_envelope(ocp: Ocp) -> None:
    body = ocp.call("GET", f"{CLUSTERS}/1").json()
    assert body.keys() == OUTER | {"data"}
    assert body["successful"] is True
    assert body["status"] == 200
    assert isinstance(body["duration"], int)
    assert TIME.fullmatch(body["timestamp"])


def test_a_list_has_contents_and_a_page(ocp: Ocp) -> None:
    data = ocp.get(HOSTS)
    assert data.keys() == {"contents", "page"}
    assert data["page"] == {"totalElements": 2, "totalPages": 1, "number": 1, "size": 10}


def test_a_call_without_a_result_has_no_data(ocp: Ocp) -> None:
    ocp.control.freeze()
    (task,) = ocp.take_over(host(1))
    first = next(subtask for subtask in task["subtasks"] if subtask["status"] == "READY")
    ocp.control.advance(0.5)
    answer = ocp.call("POST", f"{TASKS}/{task['id']}/subtasks/{first['id']}/cancel")
    assert answer.status_code == 200
    assert answer.json().keys() == OUTER


def test_a_failure_has_an_error_in_place_of_data(ocp: Ocp) -> None:
    answer = ocp.call("GET", f"{CLUSTERS}/77")
    assert answer.status_code == 404
    body = answer.json()
    assert body.keys() == OUTER | {"error"}
    assert body["successful"] is False
    assert body["status"] == 404
    assert body["error"] == {
        "code": 21001,
        "message": "OBProxy cluster 77 does not exist.",
        "debugMessage": "CLUSTER_NOT_FOUND",
        "target": "id",
        "subErrors": [],
    }


@pytest.mark.parametrize(
    ("path", "integer", "string"),
    [
        (f"{CLUSTERS}/77", 21001, "ODP21001"),
        (f"{TASKS}/77", 4001, "TSK10001"),
        (f"{TASKS}?size=2001", 1001, "COM10001"),
    ],
)
def test_codes_are_numbers_in_older_ocp_and_strings_in_newer(ocp: Ocp, path: str, integer: int, string: str) -> None:
    assert ocp.refusal("GET", path)[1]["code"] == integer
    ocp.control.settings(error_codes="string")
    assert ocp.refusal("GET", path)[1]["code"] == string


@pytest.mark.parametrize(
    ("language", "part"),
    [("zh-CN,zh;q=0.9,en;q=0.8", "不存在"), ("en-US", "does not exist"), ("fr, zh", "不存在"), ("", "does not exist")],
)
def test_messages_come_in_the_requested_language(ocp: Ocp, language: str, part: str) -> None:
    _, error = ocp.refusal("GET", f"{CLUSTERS}/77", headers={"Accept-Language": language})
    assert part in error["message"]


def test_each_wrong_argument_is_named(ocp: Ocp) -> None:
    body = {"hosts": [{"hostId": "one", "sqlPort": 99999}]}
    status, error = ocp.refusal("POST", f"{CLUSTERS}/1/takeOver", json=body)
    assert status == 400
    assert {sub["target"] for sub in error["subErrors"]} == {"hosts.0.hostId", "hosts.0.sqlPort"}


@pytest.mark.parametrize("body", ["", "{", '{"hosts": []}', "[]"])
def test_a_body_that_does_not_fit_is_an_illegal_argument(ocp: Ocp, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    status, error = ocp.refusal("POST", f"{CLUSTERS}/1/takeOver", data=body, headers=headers)
    assert (status, error["code"]) == (400, 1001)
    assert ocp.control.takeovers() == []


def test_an_unknown_call_and_a_wrong_method_are_reported_in_an_envelope(ocp: Ocp) -> None:
    for method, path in (("GET", "/api/v2/nothing"), ("GET", f"{CLUSTERS}/1/takeOver"), ("PUT", CLUSTERS)):
        assert ocp.refusal(method, path)[0] == 400


def test_an_unknown_call_may_answer_with_the_consoles_page(ocp: Ocp) -> None:
    ocp.control.settings(unknown_path="html")
    answer = ocp.call("GET", "/api/v2/nothing")
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (200, "text/html")
    assert "<html>" in answer.text


def test_a_tasks_page_is_the_consoles(ocp: Ocp) -> None:
    answer = ocp.call("GET", "/task/33001", auth=lambda request: request)
    assert answer.status_code == 200
    assert "<title>OceanBase Cloud Platform</title>" in answer.text


def test_a_whole_number_may_be_written_as_a_fraction(ocp: Ocp) -> None:
    assert ocp.post(f"{CLUSTERS}/1/takeOver", {"hosts": [{"hostId": 1.0, "sqlPort": 2883}]})
    status, _ = ocp.refusal("POST", f"{CLUSTERS}/1/takeOver", json={"hosts": [{"hostId": "2", "sqlPort": 2883}]})
    assert status == 400


def test_info_is_the_one_answer_without_an_envelope(ocp: Ocp) -> None:
    assert ocp.call("GET", "/api/v2/info").json().keys() == {"buildVersion"}


def test_the_clock_needs_no_log_in(ocp: Ocp) -> None:
    answer = ocp.call("GET", "/api/v2/time", auth=lambda request: request)
    assert answer.status_code == 200
    assert TIME.fullmatch(answer.json()["data"])
