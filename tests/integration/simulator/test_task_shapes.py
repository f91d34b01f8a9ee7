# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The three forms of a task. Each call returns its own form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.simulator.calls import CLUSTERS, TASKS, Ocp, host, in_order

SAMPLE = json.loads(Path(__file__).with_name("data").joinpath("take-over-answer.json").read_text())

# The sample's subtasks in the order of their links.
NAMES = [
    "Prepare obproxy install",
    "Prepare create obproxy",
    "Check if process not exist",
    "Check if command exists",
    "Install rpm by package and version",
    "Start obproxy process",
    "Sync obproxy parameter",
    "Set obproxy user and password for connect",
    "Refresh ocp agent config",
    "Register obproxy exporter",
    "Update obproxy status",
    "Finish node",
]

LINKED_SUBTASK = {
    "id",
    "name",
    "className",
    "description",
    "seriesId",
    "status",
    "operation",
    "nodeType",
    "timeout",
    "runTime",
    "parallelIdx",
    "prohibitRollback",
    "upstreams",
    "downstreams",
}


def form(value: Any) -> Any:
    """Return the keys and types without the values. A list becomes the distinct forms of its members."""
    if isinstance(value, dict):
        return {key: form(each) for key, each in sorted(value.items())}
    if isinstance(value, list):
        return sorted({json.dumps(form(each)) for each in value})
    return type(value).__name__


def test_the_answer_to_a_takeover_has_the_keys_and_types_of_ocps_sample(frozen: Ocp) -> None:
    frozen.control.reset({"hosts": [{"id": 1, "address": "10.0.0.1"}, {"id": 2, "address": "10.0.0.2"}]})
    frozen.control.freeze()
    answer = frozen.call("POST", f"{CLUSTERS}/1/takeOver", json={"hosts": [host(2)]}).json()
    assert form(answer) == form(SAMPLE)


def test_the_twelve_subtasks_are_those_of_ocps_sample(frozen: Ocp) -> None:
    (theirs,) = SAMPLE["data"]["contents"]
    (ours,) = frozen.take_over(host(1))
    assert [subtask["name"] for subtask in in_order(theirs)] == NAMES

    def facts(task: dict) -> list[tuple]:
        keys = ("name", "className", "description", "timeout", "status", "nodeType")
        return [tuple(subtask[key] for key in keys) for subtask in in_order(task)]

    assert facts(ours) == facts(theirs)


def test_neither_the_array_nor_ids_nor_the_series_tell_the_order(frozen: Ocp) -> None:
    (task,) = frozen.take_over(host(1))
    order = in_order(task)
    assert [subtask["id"] for subtask in task["subtasks"]] != [subtask["id"] for subtask in order]
    assert [subtask["id"] for subtask in order] != sorted(subtask["id"] for subtask in order)
    assert [subtask["seriesId"] for subtask in order] != sorted(subtask["seriesId"] for subtask in order)


def test_one_task_is_shown_with_links_but_without_its_host(frozen: Ocp) -> None:
    (started,) = frozen.take_over(host(1, proxysysPasswd="geheim"))
    frozen.control.advance(1.5)
    task = frozen.task(started["id"])
    assert task.keys() == {
        "id",
        "name",
        "taskDefinitionId",
        "type",
        "status",
        "operation",
        "executor",
        "prohibitRollback",
        "createTime",
        "startTime",
        "creator",
        "cluster",
        "tenant",
        "subtasks",
    }
    assert task["creator"] == {"id": 1, "name": "admin"}
    first, second, third, *_ = in_order(task)
    assert first.keys() == LINKED_SUBTASK | {"startTime", "finishTime"}
    assert second.keys() == LINKED_SUBTASK | {"startTime"}
    assert third.keys() == LINKED_SUBTASK


def test_the_list_shows_tasks_without_host_links_or_type(frozen: Ocp) -> None:
    frozen.take_over(host(1))
    (task,) = frozen.get(TASKS)["contents"]
    assert task.keys() == {"id", "name", "status", "startTime", "creator", "cluster", "tenant", "subtasks"}
    for subtask in task["subtasks"]:
        assert subtask.keys() == {"id", "name", "description", "status", "operation"}


def test_a_finished_task_says_when(frozen: Ocp) -> None:
    (started,) = frozen.take_over(host(1))
    frozen.control.advance(13)
    task = frozen.task(started["id"])
    assert task["status"] == "SUCCESSFUL"
    assert task["finishTime"] > task["startTime"]
    assert frozen.get(TASKS)["contents"][0]["finishTime"] == task["finishTime"]


@pytest.mark.parametrize(
    ("settings", "kind"), [({"context_as": "object"}, dict), ({"context_as": "string"}, str)], ids=["object", "string"]
)
def test_a_password_is_in_the_context_and_in_logs_and_nowhere_else(frozen: Ocp, settings: dict, kind: type) -> None:
    frozen.control.settings(**settings)
    (task,) = frozen.take_over(host(1, proxysysPasswd="geheim"))
    context = task.pop("context")
    assert isinstance(context, kind)
    assert "geheim" in json.dumps(context)
    frozen.control.advance(13)
    elsewhere = [task, frozen.task(task["id"]), frozen.get(TASKS), frozen.get(CLUSTERS), frozen.control.requests()]
    assert "geheim" not in json.dumps(elsewhere)


def test_the_answer_may_be_one_task_for_all_hosts(frozen: Ocp) -> None:
    frozen.control.settings(takeover_answer="object")
    task = frozen.post(f"{CLUSTERS}/1/takeOver", {"hosts": [host(1), host(2)]})
    assert "contents" not in task
    assert "hostId" not in task
    assert [started["task_id"] for started in frozen.control.takeovers()] == [task["id"], task["id"]]


def test_the_answer_may_list_one_task_for_all_hosts(frozen: Ocp) -> None:
    frozen.control.settings(tasks_per_host=False)
    (task,) = frozen.take_over(host(1), host(2))
    assert task["context"]["stringMap"]["host_id"] == "1,2"
    frozen.control.advance(13)
    assert [proxy["status"] for proxy in frozen.proxies()] == ["RUNNING", "RUNNING"]
