# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A task of OCP: one form for the three shapes that it comes in."""

from . import _api

SUCCESSFUL = "SUCCESSFUL"
FAILED = "FAILED"
RUNNING = "RUNNING"
#: What ends a task. Any other status, known or not, is waited on within the limit.
TERMINAL = (SUCCESSFUL, FAILED)

#: How many looks in a row must miss a task before it counts as gone.
MISSES = 3


def order_of(subtasks):
    """Subtasks in the order of execution, which only their links tell.

    Neither their place in the array nor seriesId does. Without links the array's order stays; links that contradict
    each other lose nobody.
    """
    by_id = {_api.id_of(subtask): subtask for subtask in subtasks}
    before = {key: set() for key in by_id}
    for key, subtask in by_id.items():
        for other in _ids(subtask.get("upstreams")):
            if other in by_id:
                before[key].add(other)
        for other in _ids(subtask.get("downstreams")):
            if other in by_id:
                before[other].add(key)
    ordered, left = [], list(by_id)
    while left:
        ready = [key for key in left if not before[key] & set(left)] or left
        ordered.append(ready[0])
        left.remove(ready[0])
    return [by_id[key] for key in ordered]


def linked(subtasks):
    return any(_ids(subtask.get("upstreams")) or _ids(subtask.get("downstreams")) for subtask in subtasks)


def _ids(value):
    return [value for value in map(_api.integer, value) if value is not None] if isinstance(value, list) else []


class Task:
    """What is known of one task, from whichever answers told of it."""

    def __init__(self, task_id):
        self.id = task_id
        self.name = None
        self.status = None
        self.operation = None
        self.host_id = None
        self.started = None
        self.finished = None
        self.subtasks = []
        self.logs = {}
        self.misses = 0
        self.in_order = False

    @property
    def ended(self):
        return self.status in TERMINAL or self.gone

    @property
    def gone(self):
        """Whether OCP no longer knows it."""
        return self.misses >= MISSES

    @property
    def failed_subtasks(self):
        return [subtask for subtask in self.subtasks if subtask["status"] == FAILED]

    @property
    def done(self):
        """How many of its subtasks are behind it."""
        return sum(subtask["status"] == SUCCESSFUL for subtask in self.subtasks)

    @property
    def current(self):
        """The subtask that matters now: one that failed, else runs, else comes next; None at the end."""
        for status in (FAILED, RUNNING):
            for subtask in self.subtasks:
                if subtask["status"] == status:
                    return subtask
        return next((subtask for subtask in self.subtasks if subtask["status"] != SUCCESSFUL), None)

    def read(self, raw, ranks):
        """Takes over what an answer tells; what its shape lacks stays as it was known.

        ranks: see sort().
        """
        self.misses = 0
        self.name = _api.text(raw.get("name")) or self.name
        self.status = _api.text(raw.get("status")) or self.status
        self.operation = _api.text(raw.get("operation")) or self.operation
        self.host_id = _api.integer(raw.get("hostId")) or self.host_id
        self.started = _api.text(raw.get("startTime")) or self.started
        # Absent while it runs, and again after a retry.
        self.finished = _api.text(raw.get("finishTime"))
        found = [subtask for subtask in _api.items(raw.get("subtasks")) if _api.id_of(subtask) is not None]
        if not found:
            return
        if linked(found):
            found = order_of(found)
            names = [_api.text(subtask.get("name")) for subtask in found]
            if len(set(names)) == len(names):
                ranks[self.name] = {name: place for place, name in enumerate(names)}
            self.in_order = True
        else:
            places = {subtask["id"]: place for place, subtask in enumerate(self.subtasks)} if self.in_order else {}
            if len(found) == 1 or all(_api.id_of(subtask) in places for subtask in found):
                found.sort(key=lambda subtask: places.get(_api.id_of(subtask), 0))
                self.in_order = True
        self.subtasks = [
            {
                "id": _api.id_of(subtask),
                "name": _api.text(subtask.get("name")),
                "status": _api.text(subtask.get("status")),
                "operation": _api.text(subtask.get("operation")),
            }
            for subtask in found
        ]
        self.sort(ranks)

    def sort(self, ranks):
        """Puts the subtasks in order as another task of its name has them.

        ranks: for the name of a task the place of each subtask's name, learned from tasks with links.
        """
        places = ranks.get(self.name, {})
        if not self.in_order and all(subtask["name"] in places for subtask in self.subtasks):
            self.subtasks.sort(key=lambda subtask: places[subtask["name"]])
            self.in_order = True

    def public(self, base_url):
        """The task as a module returns it. Never its context, which may hold passwords."""
        return {
            "id": self.id,
            "name": self.name,
            "status": self.status,
            "operation": self.operation,
            "host_id": self.host_id,
            "started": self.started,
            "finished": self.finished,
            "subtasks": [dict(subtask) for subtask in self.subtasks],
            "failed_subtasks": [
                {"id": subtask["id"], "name": subtask["name"], "log": self.logs.get(subtask["id"])}
                for subtask in self.failed_subtasks
            ],
            "url": self.url(base_url),
        }

    def url(self, base_url):
        return "%s%s/%d" % (base_url, _api.TASKS, self.id)
