# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Finds OCP's tasks, and follows many of them with few requests."""

from typing import Any, Dict, Iterable, Iterator, List, Optional, Set, Tuple

from . import api
from .client import Client
from .errors import OcpError
from .logs import end_of
from .messages import not_found
from .objects import TAKING_OVER
from .response import PAGE_SIZE
from .task import FAILED, Ranks, Task
from .values import id_of

#: The maximum number of logs of failed subtasks to request. A fleet that fails for one reason needs no more.
LOGS = 10
#: How many hosts that are being taken over are asked for their tasks at the most, to learn which host a task concerns.
HOSTS = 20


class Tasks:
    """Tasks that are followed together."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._tasks: Dict[int, Task] = {}
        self._ranks: Ranks = {}
        self._newer = 0  # how many tasks of others stand above ours in OCP's list

    def __iter__(self) -> Iterator[Task]:
        return iter(self._tasks.values())

    def __len__(self) -> int:
        return len(self._tasks)

    def get(self, task_id: int) -> Optional[Task]:
        return self._tasks.get(task_id)

    def add(self, raw: Dict[str, Any], host_id: Optional[int] = None) -> Task:
        """Follows a task from an answer.

        host_id: of its host, if it was found in the list of one host's tasks. That has no links, so one more request
        for all tasks of this name shows the order of their subtasks.
        """
        task = self.add_id(int(raw["id"]))
        task.read(raw, self._ranks)
        task.host_id = task.host_id or host_id
        if host_id is not None:
            self.order(most=1)
        return task

    def add_id(self, task_id: int) -> Task:
        """Follows a task of which only the id is known."""
        return self._tasks.setdefault(task_id, Task(task_id))

    def forget(self, task: Task) -> None:
        """Follows a task no longer."""
        self._tasks.pop(task.id)

    def public(self) -> List[Dict[str, Any]]:
        """All of them as a module returns them."""
        return [task.public(self._client.url) for task in self]

    def reference(self, task: Task) -> Dict[str, Any]:
        """A task as part of a failure."""
        return {"id": task.id, "name": task.name, "url": task.url(self._client.url)}

    @property
    def unfinished(self) -> List[Task]:
        return [task for task in self if not task.ended]

    @property
    def failed(self) -> List[Task]:
        return [task for task in self if task.status == FAILED]

    def look(self) -> None:
        """Reads all tasks that have not ended: a single one by its id, many by OCP's list, whose cost grows with its
        pages."""
        wanted = {task.id: task for task in self.unfinished}
        if len(wanted) > 1:
            for raw in self._listed(set(wanted)):
                wanted.pop(int(raw["id"])).read(raw, self._ranks)
        self._look_at_each(wanted.values())
        self.order(most=1)

    def order(self, most: Optional[int] = None) -> None:
        """Learns the order of subtasks where it is not known: only the answer for one task alone has the links.

        most: how many tasks are asked for at the most.
        """
        for task in self:
            if not task.subtasks or task.in_order:
                continue
            task.sort(self._ranks)
            if task.in_order:
                continue
            if most == 0:
                return
            most = most and most - 1
            self._look_at_each([task])
            task.in_order = True  # asked for once: a task without links stays as it came

    def _look_at_each(self, tasks: Iterable[Task]) -> None:
        for task in tasks:
            try:
                raw = api.task(self._client, task.id)
            except OcpError as error:
                if error.kind != "not_found":
                    raise
                task.misses += 1
            else:
                if not isinstance(raw, dict) or id_of(raw) != task.id:
                    raise OcpError("protocol", "OCP's answer for task %d does not contain this task." % task.id)
                task.read(raw, self._ranks)

    def _listed(self, wanted: Set[int]) -> Iterator[Dict[str, Any]]:
        """The wanted tasks as OCP's list shows them, newest first."""
        oldest, above, seen, found = min(wanted), 0, 0, set()
        size = min(len(wanted) + self._newer + 10, PAGE_SIZE)
        pages = self._client.pages(api.TASKS, size=size, sort="id,desc")
        # Ours are the newest or nearly so. Should the order be another than asked for, each is asked for by its id.
        for (page, _total), _number in zip(pages, range(len(wanted) // size + 3)):
            ids = [id_of(raw) for raw in page]
            seen += len(ids)
            above += sum(1 for task_id in ids if task_id is not None and task_id > max(wanted))
            for raw in page:
                if id_of(raw) in wanted and id_of(raw) not in found:
                    found.add(id_of(raw))
                    yield raw
            if len(found) == len(wanted) or (ids and ids[-1] is not None and ids[-1] < oldest):
                break
        self._newer = max(self._newer, above if len(found) == len(wanted) else seen)

    def find_hosts(self) -> None:
        """Learns which hosts the tasks concern, where that is not known: from the hosts that are being taken over.

        This is for display only. What this user may not read, or OCP does not answer, stays unknown.
        """
        unknown = [task for task in self if task.host_id is None]
        if not unknown:
            return
        try:
            for host_id, address in _being_taken_over(self._client)[:HOSTS]:
                there = {id_of(raw) for raw in api.tasks_of_host(self._client, host_id)}
                for task in unknown:
                    if task.id in there:
                        task.host_id, task.address = host_id, address
                if all(task.host_id for task in unknown):
                    return
        except OcpError as error:
            if error.kind == "timeout":  # the play is gone
                raise

    def retry(self, task: Task) -> None:
        """Requests OCP to retry a failed task. If that fails, a check of the task shows what happened."""
        task.logs = {}
        try:
            raw = api.retry_task(self._client, task.id)
        except OcpError as error:
            if error.kind not in ("connection", "conflict", "rejected", "protocol"):
                raise
            raw = None
        if isinstance(raw, dict) and id_of(raw) == task.id:
            task.read(raw, self._ranks)
        else:
            self._look_at_each([task])

    def read_logs(self, most: Optional[int] = LOGS) -> None:
        """Gets the end of the logs of failed subtasks. A log that is unavailable is not another failure."""
        missing = [
            (task, subtask)
            for task in self.failed
            for subtask in task.failed_subtasks
            if subtask["id"] not in task.logs
        ]
        for task, subtask in missing[:most]:
            try:
                log = api.subtask_log(self._client, task.id, subtask["id"])
            except OcpError:
                log = None
            task.logs[subtask["id"]] = end_of(log) if log else None


def find(
    client: Client,
    task_ids: Optional[List[int]] = None,
    ignore_unknown: bool = False,
    status: Optional[List[str]] = None,
    name: Optional[str] = None,
    host_id: Optional[int] = None,
    limit: int = 100,
    logs: bool = False,
    hosts: bool = False,
) -> Dict[str, Any]:
    """The result of ocp_task_info: the tasks with these ids, else the newest that fit the filters."""
    if limit < 1:
        raise OcpError("rejected", "limit: %d is less than 1." % limit)
    unknown: List[int] = []
    if task_ids is not None:
        tasks = known(client, task_ids, ignore_unknown)
        unknown = [task_id for task_id in task_ids if tasks.get(task_id) is None]
        total = len(tasks)
    else:
        tasks = Tasks(client)
        found, total = api.find_tasks(
            client, limit, status=",".join(status) if status else None, name=name or None, hostId=host_id
        )
        for raw in found:
            tasks.add(raw, host_id)
    tasks.order()
    if hosts:
        tasks.find_hosts()
    if logs:
        tasks.read_logs(most=None)
    return {"changed": False, "tasks": tasks.public(), "unknown": unknown, "total": total}


def _being_taken_over(client: Client) -> List[Tuple[int, Optional[str]]]:
    """The hosts whose proxies OCP is taking over: (id, address)."""
    return [
        (proxy.host_id, proxy.address)
        for cluster in api.clusters(client)
        for proxy in cluster.obproxies
        if proxy.status == TAKING_OVER and proxy.host_id is not None
    ]


def known(client: Client, task_ids: List[int], ignore_unknown: bool = False) -> Tasks:
    """The tasks with these ids, each checked once. Raises an error for an unknown one unless it is ignored."""
    tasks = Tasks(client)
    for task_id in task_ids:
        tasks.add_id(task_id)
    tasks.look()
    unknown = [task for task in tasks if task.misses]
    if unknown and not ignore_unknown:
        raise not_found("task_ids", [task.id for task in unknown], tasks.reference(unknown[0]))
    for task in unknown:
        tasks.forget(task)
    return tasks
