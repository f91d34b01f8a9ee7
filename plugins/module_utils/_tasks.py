# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Following many of OCP's tasks with few requests."""

from . import _api
from ._answer import PAGE_SIZE
from ._errors import OcpError
from ._task import FAILED, Task

#: How many failed subtasks' logs are asked for at the most: a fleet that fails for one reason needs no more.
LOGS = 10
#: The end of a log that is shown, in characters.
LOG_END = 2000


class Tasks:
    """Tasks that are followed together."""

    def __init__(self, client):
        self._client = client
        self._tasks = {}
        self._ranks = {}
        self._newer = 0  # how many tasks of others stand above ours in OCP's list

    def __iter__(self):
        return iter(self._tasks.values())

    def __len__(self):
        return len(self._tasks)

    def get(self, task_id):
        return self._tasks.get(task_id)

    def add(self, raw):
        """Follows a task that an answer told of."""
        task = self._tasks.setdefault(_api.id_of(raw), Task(_api.id_of(raw)))
        task.read(raw, self._ranks)
        return task

    def add_id(self, task_id):
        """Follows a task of which only the id is known."""
        return self._tasks.setdefault(task_id, Task(task_id))

    def public(self):
        """All of them as a module returns them."""
        return [task.public(self._client.url) for task in self]

    def reference(self, task):
        """What a failure says of a task."""
        return {"id": task.id, "name": task.name, "url": task.url(self._client.url)}

    @property
    def unfinished(self):
        return [task for task in self if not task.ended]

    @property
    def failed(self):
        return [task for task in self if task.status == FAILED]

    def look(self):
        """Reads all that has not ended: one by its id, many by OCP's list, whose cost grows with pages."""
        wanted = {task.id: task for task in self.unfinished}
        if len(wanted) > 1:
            for raw in self._listed(set(wanted)):
                wanted.pop(_api.id_of(raw)).read(raw, self._ranks)
        self._look_at_each(wanted.values())
        self.order(most=1)

    def order(self, most=None):
        """Learns the order of subtasks where it is not known: the answer for one task alone has the links.

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

    def _look_at_each(self, tasks):
        for task in tasks:
            try:
                raw = _api.task(self._client, task.id)
            except OcpError as error:
                if error.kind != "not_found":
                    raise
                task.misses += 1
            else:
                if not isinstance(raw, dict) or _api.id_of(raw) != task.id:
                    raise OcpError("protocol", "OCP's answer for task %d holds no such task." % task.id)
                task.read(raw, self._ranks)

    def _listed(self, wanted):
        """The wanted tasks as OCP's list shows them, newest first."""
        oldest, above, found = min(wanted), 0, set()
        size = min(len(wanted) + self._newer + 10, PAGE_SIZE)
        pages = self._client.pages(_api.TASKS, size=size, sort="id,desc")
        # Ours are the newest or nearly so. Should the order be another than asked for, each is asked for by its id.
        for (page, _total), _number in zip(pages, range(len(wanted) // size + 3)):
            ids = [_api.id_of(raw) for raw in page]
            above += sum(1 for task_id in ids if task_id is not None and task_id > max(wanted))
            for raw in page:
                if _api.id_of(raw) in wanted and _api.id_of(raw) not in found:
                    found.add(_api.id_of(raw))
                    yield raw
            if len(found) == len(wanted) or (ids and ids[-1] is not None and ids[-1] < oldest):
                break
        self._newer = max(self._newer, above)

    def retry(self, task):
        """Has OCP go on with a failed task. Should that fail, a look at the task shows what became of it."""
        task.logs = {}
        try:
            raw = _api.retry_task(self._client, task.id)
        except OcpError as error:
            if error.kind not in ("connection", "conflict", "rejected", "protocol"):
                raise
            raw = None
        if isinstance(raw, dict) and _api.id_of(raw) == task.id:
            task.read(raw, self._ranks)
        else:
            self._look_at_each([task])

    def read_logs(self, most=LOGS):
        """Fetches the end of the logs of what failed; a log that cannot be had is no further failure."""
        missing = [
            (task, subtask)
            for task in self.failed
            for subtask in task.failed_subtasks
            if subtask["id"] not in task.logs
        ]
        for task, subtask in missing[:most]:
            try:
                log = _api.subtask_log(self._client, task.id, subtask["id"])
            except OcpError:
                log = None
            task.logs[subtask["id"]] = log[-LOG_END:].strip() if log else None
