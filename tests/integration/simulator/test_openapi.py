# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator's OpenAPI description, which must match the answers."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from tests.integration.simulator.calls import CLUSTERS, HOSTS, TASKS, Ocp, failed, host

JSON = "application/json"


@pytest.fixture
def description(ocp: Ocp) -> dict[str, Any]:
    return ocp.control.control("GET", "/openapi.json")


def check(ocp: Ocp, description: dict[str, Any], template: str, method: str = "GET", **call: Any) -> None:
    """Check that the description contains the status of the answer to this call, and that the answer has its form."""
    path = template.format(**call.pop("path", {}))
    answer = ocp.call(method, path, **call)
    responses = description["paths"][template][method.lower()]["responses"]
    schema = responses[str(answer.status_code)]["content"][JSON]["schema"]
    jsonschema.validate(
        answer.json(),
        {"components": description["components"], **schema},
        format_checker=jsonschema.FormatChecker(),
    )


def test_each_answer_is_as_described(frozen: Ocp, description: dict[str, Any]) -> None:
    frozen.control.task_fault("fail", host=2, subtask=2)
    body = {"hosts": [host(1, proxysysPasswd="x"), host(2)]}
    check(frozen, description, CLUSTERS + "/{id}/takeOver", "POST", path={"id": 1}, json=body)
    frozen.control.advance(3)
    started, broken = (task["task_id"] for task in frozen.control.takeovers())
    for template in (CLUSTERS, TASKS, HOSTS, "/api/v2/info", "/api/v2/time"):
        check(frozen, description, template)
    for template, number in ((CLUSTERS, 1), (TASKS, started), (TASKS, broken), (HOSTS, 1)):
        check(frozen, description, template + "/{id}", path={"id": number})
        check(frozen, description, template + "/{id}", path={"id": 987654})
    subtask = {"id": broken, "subtaskId": failed(frozen.task(broken))["id"]}
    check(frozen, description, TASKS + "/{id}/subtasks/{subtaskId}/log", path=subtask)
    check(frozen, description, TASKS + "/{id}/subtasks/{subtaskId}/retry", "POST", path=subtask)
    check(frozen, description, TASKS + "/{id}/subtasks/{subtaskId}/cancel", "POST", path=subtask)
    check(frozen, description, TASKS + "/{id}/subtasks/{subtaskId}/skip", "POST", path=subtask)
    frozen.control.advance(2)
    check(frozen, description, TASKS + "/{id}/retry", "POST", path={"id": broken})
    check(frozen, description, TASKS + "/{id}/rollback", "POST", path={"id": broken})
    check(frozen, description, CLUSTERS, "POST", json={"name": "new"})
    check(frozen, description, CLUSTERS + "/{id}/takeOver", "POST", path={"id": 1}, json={"hosts": []})
    check(frozen, description, CLUSTERS + "/{id}/takeOver", "POST", path={"id": 1}, json=body)
    check(frozen, description, HOSTS, auth=("admin", "wrong"))


def test_no_answer_may_be_null_and_no_call_answers_422(description: dict[str, Any]) -> None:
    asked = {
        *("TakeOverHost", "NewCluster", "ClusterChange", "InstallParam"),
        *("HostBasicData", "HostBatchCreate"),
    }
    schemas = {name: schema for name, schema in description["components"]["schemas"].items() if name not in asked}
    assert '"null"' not in json.dumps(schemas)
    assert "422" not in json.dumps([list(call["responses"]) for path in calls(description) for call in path])


def test_every_call_but_the_clock_needs_a_log_in(description: dict[str, Any]) -> None:
    for template, operations in description["paths"].items():
        for operation in operations.values():
            assert bool(operation.get("security")) == (template != "/api/v2/time"), template


def test_the_control_path_is_not_part_of_it(description: dict[str, Any]) -> None:
    assert all(template.startswith("/api/v2/") for template in description["paths"])
    assert len(description["paths"]) >= 17


def calls(description: dict[str, Any]) -> list[list[dict[str, Any]]]:
    return [list(operations.values()) for operations in description["paths"].values()]
