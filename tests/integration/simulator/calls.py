# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP calls to OCP for tests: `requests` with the simulator's address and user, and little more."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import requests

from tests.simulator.launcher import Simulator

CLUSTERS = "/api/v2/obproxy/clusters"
TASKS = "/api/v2/tasks/instances"
HOSTS = "/api/v2/compute/hosts"


class Ocp:
    """A session of one user. `control` orders faults and returns the recorded requests."""

    def __init__(self, control: Simulator) -> None:
        self.control = control
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = (control.username, control.password)

    def call(self, method: str, path: str, **more: Any) -> requests.Response:
        return self.session.request(method, self.control.url + path, **{"timeout": 10, **more})

    def get(self, path: str, **query: Any) -> Any:
        """Return the data of the answer to a successful call."""
        return self._data(self.call("GET", path, params=query))

    def post(self, path: str, body: Any = None) -> Any:
        return self._data(self.call("POST", path, json=body))

    def refusal(self, method: str, path: str, **more: Any) -> tuple[int, dict[str, Any]]:
        """Return the status and the error of a failed call."""
        answer = self.call(method, path, **more)
        assert answer.json()["successful"] is False, answer.text
        return answer.status_code, answer.json()["error"]

    def take_over(self, *hosts: dict[str, Any], cluster: int = 1) -> list[dict[str, Any]]:
        return self.post(f"{CLUSTERS}/{cluster}/takeOver", {"hosts": list(hosts)})["contents"]

    def task(self, number: int) -> dict[str, Any]:
        return self.get(f"{TASKS}/{number}")

    def finished(self, number: int, seconds: float = 10) -> dict[str, Any]:
        """Wait until the task no longer runs, and return it."""
        deadline = time.monotonic() + seconds
        while (task := self.task(number))["status"] == "RUNNING":
            assert time.monotonic() < deadline, task
            time.sleep(0.02)
        return task

    @staticmethod
    def until(what: Callable[[], Any], seconds: float = 10) -> None:
        """Wait until the condition is true."""
        deadline = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def log(self, task: int, subtask: int) -> str:
        return self.get(f"{TASKS}/{task}/subtasks/{subtask}/log")["log"]

    def proxies(self, cluster: int = 1) -> list[dict[str, Any]]:
        return self.get(f"{CLUSTERS}/{cluster}")["obproxies"]

    @staticmethod
    def _data(answer: requests.Response) -> Any:
        body = answer.json()
        assert answer.status_code == 200 and body["successful"] is True, answer.text
        return body.get("data")


def host(number: int, port: int = 2883, **more: Any) -> dict[str, Any]:
    return {"hostId": number, "sqlPort": port, **more}


def in_order(task: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the subtasks in the order of their links, the only reliable order."""
    by_id = {subtask["id"]: subtask for subtask in task["subtasks"]}
    (current,) = (subtask for subtask in task["subtasks"] if not subtask["upstreams"])
    order = [current]
    while current["downstreams"]:
        current = by_id[current["downstreams"][0]]
        order.append(current)
    assert len(order) == len(by_id)
    return order


def failed(task: dict[str, Any]) -> dict[str, Any]:
    (subtask,) = (subtask for subtask in task["subtasks"] if subtask["status"] == "FAILED")
    return subtask
