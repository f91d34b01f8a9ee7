# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An in-memory OCP with its own clock, for unit tests that need no server.

It is based on OCP's published API, not on the client. Each call returns a task in the documented form.
Set a fault with `ocp.faults["POST", "/takeOver", n] = "before" | "after" | error` for the n-th request (from 1) with
this method and end of path. The connection is broken off before or after OCP does its work, or an OcpError is raised.
With "late", OCP does not answer within the client's timeout, and does its work `late_by` seconds after the request.
"""

from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.deadline import Deadline
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.errors import OcpError

SUBTASKS = ["Prepare", "Check command", "Start", "Register", "Finish"]


class Clock:
    """A clock that sleeping advances without any delay."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


class FakeOcp:
    """A replacement for both the Client and the OCP behind it."""

    url = "http://ocp:8080"
    pace = 0.0

    def __init__(self, hosts=2, limit=600, task_seconds=20, one_task=False):
        self.clock = Clock()
        self.limit = Deadline(limit, self.clock)
        self.task_seconds = task_seconds
        self.one_task = one_task
        self.hosts = [{"id": n, "innerIpAddress": f"10.0.0.{n}", "name": f"proxy-{n}"} for n in range(1, hosts + 1)]
        self.clusters = [
            {"id": 1, "name": "demo", "workMode": "CONFIG_URL", "obproxies": []},
            {"id": 2, "name": "other", "workMode": "RS_LIST"},
        ]
        self.tasks = {}
        self.takeovers = []
        self.fail_at = {}  # host id: how often its task fails at "Start"
        self.prohibit_rollback = False
        self.faults = {}  # (method, end of the path, n): see the top of this file
        self.late_by = 0  # seconds after a request until OCP does its work if the fault is "late"
        self.later = []  # (seconds on the clock, function to call then)
        self.finds_hosts = True  # whether the list's hostId filter finds a takeover's task
        self.requests = []

    # -- the client's side

    def get(self, path, **params):
        params = {name: value for name, value in params.items() if value is not None}
        return self._request("GET", path, lambda: self._get(path, params))

    def post(self, path, body=None, timeout=0):
        return self._request("POST", path, lambda: self._post(path, body), timeout)

    def patch(self, path, body):
        return self._request("PATCH", path, lambda: self._patch(path, body))

    def delete(self, path):
        return self._request("DELETE", path, lambda: self._delete(path))

    def pages(self, path, size=2000, **params):
        found, at = self.get(path, **params)["contents"], 0
        while True:
            yield found[at : at + size], len(found)
            at += size
            if at >= len(found):
                return
            self.requests.append(("GET", path))

    def list(self, path, **params):
        return [item for contents, _total in self.pages(path, **params) for item in contents]

    def count(self, method, end=""):
        """Return the number of requests with this method and end of path."""
        return sum(1 for its_method, path in self.requests if its_method == method and path.endswith(end))

    def _request(self, method, path, work, timeout=0):
        self.requests.append((method, path))
        self.clock.now += 0.01
        fault = self._fault(method, path)
        if fault == "before":
            self._broken(method)
        if fault == "late":
            self.later.append((self.clock.now + self.late_by, work))
            self.clock.now += max(30, timeout)
            self._broken(method)
        if isinstance(fault, Exception):
            raise fault
        self._advance()
        answer = work()
        if fault == "after":
            self._broken(method)
        return answer

    def _fault(self, method, path):
        for (its_method, end, nth), fault in self.faults.items():
            if method == its_method and path.endswith(end) and self.count(method, end) == nth:
                return fault
        return None

    def _broken(self, method):
        raise OcpError("connection", "OCP broke off the connection.", maybe_done=method != "GET")

    # -- OCP's side

    def _get(self, path, params):
        if path.endswith("/clusters"):
            return {"contents": self.clusters}
        if path.endswith("/hosts"):
            return {"contents": self.hosts}
        if path.endswith("/instances"):
            found = list(self.tasks.values())
            if "status" in params:
                found = [task for task in found if task["status"] in params["status"].split(",")]
            if "hostId" in params:
                found = [task for task in found if params["hostId"] in task["hosts"]] if self.finds_hosts else []
            if params.get("sort") == "id,desc":
                found.reverse()
            keys = ("id", "name", "status", "startTime", "creator")
            return {
                "contents": [
                    {
                        **{key: task[key] for key in keys},
                        "subtasks": [
                            {key: sub[key] for key in ("id", "name", "status", "operation")} for sub in task["subtasks"]
                        ],
                    }
                    for task in found
                ]
            }
        if path.endswith("/log"):
            return {"log": "starting\ncannot connect to the proxy"}
        return self._wrapped(self._task(path.split("/")[-1]))

    def _post(self, path, body):
        if path.endswith("/takeOver"):
            return {"contents": [self._instance(task) for task in self._take_over(body["hosts"])]}
        task_id, *rest = path.split("/instances/")[1].split("/")
        task, operation = self._task(task_id), rest[-1]
        if operation in ("retry", "rollback") and task["status"] != "FAILED":
            raise OcpError("rejected", "not in this state", code="4007")
        if operation == "rollback" and self.prohibit_rollback:
            raise OcpError("rejected", "cannot be rolled back", code="4009")
        if operation == "skip":
            raise OcpError("rejected", "cannot be skipped", code="4010")
        if operation == "cancel":
            task.update(status="FAILED", operation="CANCEL")
            return None
        task.update(status="RUNNING", operation=operation.upper(), begun=self.clock.now)
        return self._wrapped(task)

    def _task(self, task_id):
        try:
            return self.tasks[int(task_id)]
        except KeyError:
            raise OcpError("not_found", "no such task", code="4001") from None

    def _take_over(self, wanted):
        for entry in wanted:
            busy = [t for t in self.tasks.values() if entry["hostId"] in t["hosts"] and t["status"] == "RUNNING"]
            if busy:
                raise OcpError("conflict", "another task is in progress on the host", code="20021")
            if self.managed(entry["hostId"]):
                raise OcpError("rejected", "already managed")
        groups = [wanted] if self.one_task else [[entry] for entry in wanted]
        tasks = []
        for group in groups:
            hosts = [entry["hostId"] for entry in group]
            self.takeovers += hosts
            for entry in group:
                self.clusters[0]["obproxies"].append(
                    {
                        "hostId": entry["hostId"],
                        "ip": f"10.0.0.{entry['hostId']}",
                        "sqlPort": entry["sqlPort"],
                        "status": "TAKINGOVER",
                    }
                )
            tasks.append(self.start("Install obproxy", hosts))
        return tasks

    def managed(self, host_id):
        return any(proxy["hostId"] == host_id for proxy in self.clusters[0]["obproxies"])

    def undo(self, task_id):
        """End a task as a rollback does: it is SUCCESSFUL, its subtasks are PENDING again, and its proxies are gone."""
        task = self.tasks[task_id]
        task.update(status="SUCCESSFUL", operation="ROLLBACK")
        for subtask in task["subtasks"]:
            subtask["status"] = "PENDING"
        proxies = self.clusters[0]["obproxies"]
        proxies[:] = [proxy for proxy in proxies if proxy["hostId"] not in task["hosts"]]

    def start(self, name, hosts, seconds=None, then=None):
        """Start a task on hosts ([None]: on no host), which calls `then` when it succeeds."""
        task_id = 33001 + len(self.tasks)
        ids = [task_id * 10 + n for n in range(len(SUBTASKS))]
        subtasks = [
            {
                "id": ids[n],
                "name": SUBTASKS[n],
                "status": "PENDING",
                "operation": "EXECUTE",
                "seriesId": len(SUBTASKS) - n,
                "upstreams": ids[n - 1 : n] if n else [],
                "downstreams": ids[n + 1 : n + 2],
            }
            for n in range(len(SUBTASKS))
        ]
        subtasks = subtasks[2:] + subtasks[:2]  # the array's order is not the order of execution
        self.tasks[task_id] = {
            "id": task_id,
            "name": name,
            "status": "RUNNING",
            "operation": "EXECUTE",
            "hosts": hosts,
            "subtasks": subtasks,
            "begun": self.clock.now,
            "seconds": seconds or self.task_seconds,
            "then": then,
            "startTime": "2026-01-01T00:00:00+08:00",
            "creator": {"id": 1, "name": "admin"},
        }
        return self.tasks[task_id]

    def _advance(self):
        due = [work for seconds, work in self.later if seconds <= self.clock.now]
        self.later = [(seconds, work) for seconds, work in self.later if seconds > self.clock.now]
        for work in due:
            work()
        for task in self.tasks.values():
            if task["status"] != "RUNNING":
                continue
            done = int((self.clock.now - task["begun"]) / task["seconds"] * len(SUBTASKS))
            failing = any(self.fail_at.get(host) for host in task["hosts"])
            for n, name in enumerate(SUBTASKS):
                subtask = next(sub for sub in task["subtasks"] if sub["name"] == name)
                subtask["status"] = "SUCCESSFUL" if n < done else "RUNNING" if n == done else "PENDING"
                if failing and name == "Start" and n <= done:
                    subtask["status"] = task["status"] = "FAILED"
                    self.fail_at[task["hosts"][0]] -= 1
                    break
            else:
                if done >= len(SUBTASKS):
                    task["status"] = "SUCCESSFUL"
                    if task["then"] and task["operation"] != "ROLLBACK":
                        task["then"]()
                    for cluster in self.clusters:
                        for proxy in [p for p in cluster.get("obproxies", []) if p["hostId"] in task["hosts"]]:
                            proxy["status"] = "RUNNING"
                            if task["operation"] == "ROLLBACK":
                                cluster["obproxies"].remove(proxy)

    def _instance(self, task):
        return {
            **{key: task[key] for key in ("id", "name", "status", "operation", "startTime", "subtasks")},
            "hostId": task["hosts"][0],
            "creator": "admin",
            "context": {"stringMap": {"proxysys_password": "secret-of-the-context"}},
        }

    def _wrapped(self, task):
        keys = ("id", "name", "status", "operation", "startTime", "creator", "subtasks")
        return {**{key: task[key] for key in keys}, "prohibitRollback": self.prohibit_rollback}
