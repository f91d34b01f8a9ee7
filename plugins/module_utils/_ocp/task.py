# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A task of OCP: one form for its three shapes in OCP's answers."""

from typing import Any, Dict, Iterable, List, Optional, Set

from .values import id_of, integer, items, text

#: A task's page in OCP's console, after the URL of OCP.
PAGE = "/task/%d"

ROLLBACK = "ROLLBACK"
SUCCESSFUL = "SUCCESSFUL"
FAILED = "FAILED"
RUNNING = "RUNNING"
#: The statuses that end a task. With any other, known or not, the wait continues up to the limit.
TERMINAL = (SUCCESSFUL, FAILED)

#: How many checks in a row must miss a task before it counts as gone.
MISSES = 3

#: For the name of a task the place of each subtask's name.
Ranks = Dict[Optional[str], Dict[Optional[str], int]]


def order_of(subtasks: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    """Subtasks in the order of execution, which only their links show.

    Neither their position in the array nor seriesId is that order. Without links, the order of the array is kept.
    Contradictory links lose no subtask.
    """
    by_id = {id_of(subtask): subtask for subtask in subtasks}
    before = {key: set(others) for key, others in upstreams_of(subtasks).items()}
    ordered, left = [], list(by_id)
    while left:
        ready = [key for key in left if not before[key] & set(left)] or left
        ordered.append(ready[0])
        left.remove(ready[0])
    return [by_id[key] for key in ordered]


def upstreams_of(subtasks: List[Dict[str, Any]]) -> Dict[Optional[int], List[int]]:
    """The ids of the subtasks directly before each one, by its id. OCP may show a link at either end."""
    before: Dict[Optional[int], Set[Any]] = {id_of(subtask): set() for subtask in subtasks}
    for subtask in subtasks:
        before[id_of(subtask)].update(other for other in _ids(subtask.get("upstreams")) if other in before)
        for other in _ids(subtask.get("downstreams")):
            if other in before:
                before[other].add(id_of(subtask))
    return {key: sorted(others) for key, others in before.items()}


def linked(subtasks: Iterable[Dict[str, Any]]) -> bool:
    return any(_ids(subtask.get("upstreams")) or _ids(subtask.get("downstreams")) for subtask in subtasks)


def _ids(value: Any) -> List[int]:
    return [value for value in map(integer, value) if value is not None] if isinstance(value, list) else []


class Task:
    """What is known about one task, from all answers that contained it."""

    def __init__(self, task_id: int) -> None:
        self.id = task_id
        self.name: Optional[str] = None
        self.status: Optional[str] = None
        self.operation: Optional[str] = None
        self.host_id: Optional[int] = None
        self.address: Optional[str] = None  # of its host
        self.started: Optional[str] = None
        self.finished: Optional[str] = None
        self.subtasks: List[Dict[str, Any]] = []
        self.logs: Dict[int, Optional[str]] = {}
        self.misses = 0
        self.in_order = False

    @property
    def ended(self) -> bool:
        return self.status in TERMINAL or self.gone

    @property
    def gone(self) -> bool:
        """Whether OCP no longer knows it."""
        return self.misses >= MISSES

    @property
    def rolled_back(self) -> bool:
        """Whether it has been rolled back. OCP calls that SUCCESSFUL and makes every subtask PENDING again."""
        if self.status != SUCCESSFUL:
            return False
        # OCP's list lacks a task's operation.
        return self.operation == ROLLBACK or (bool(self.subtasks) and self.done == 0)

    @property
    def host(self) -> Optional[Dict[str, Any]]:
        """What is known about its host, as part of a failure."""
        return {"host_id": self.host_id, "address": self.address, "name": None} if self.host_id else None

    @property
    def failed_subtasks(self) -> List[Dict[str, Any]]:
        return [subtask for subtask in self.subtasks if subtask["status"] == FAILED]

    @property
    def done(self) -> int:
        """How many of its subtasks have been carried out."""
        return sum(subtask["status"] == SUCCESSFUL for subtask in self.subtasks)

    @property
    def current(self) -> Optional[Dict[str, Any]]:
        """The current subtask: one that failed, is running, or comes next, in this order. None at the end."""
        if self.status == SUCCESSFUL:
            return None
        for status in (FAILED, RUNNING):
            for subtask in self.subtasks:
                if subtask["status"] == status:
                    return subtask
        return next((subtask for subtask in self.subtasks if subtask["status"] != SUCCESSFUL), None)

    def read(self, raw: Dict[str, Any], ranks: Ranks) -> None:
        """Takes the data of an answer. What its shape lacks stays as it was.

        ranks: see sort().
        """
        self.misses = 0
        self.name = text(raw.get("name")) or self.name
        self.status = text(raw.get("status")) or self.status
        self.operation = text(raw.get("operation")) or self.operation
        self.host_id = integer(raw.get("hostId")) or self.host_id
        self.started = text(raw.get("startTime")) or self.started
        # A task that was retried keeps the time of its last end while it runs.
        self.finished = text(raw.get("finishTime")) if self.status in TERMINAL else None
        found = [subtask for subtask in items(raw.get("subtasks")) if id_of(subtask) is not None]
        if not found:
            return
        if linked(found):
            found = order_of(found)
            names = [text(subtask.get("name")) for subtask in found]
            if len(set(names)) == len(names):
                ranks[self.name] = {name: place for place, name in enumerate(names)}
            self.in_order = True
        else:
            places = {subtask["id"]: place for place, subtask in enumerate(self.subtasks)} if self.in_order else {}
            if len(found) == 1 or all(id_of(subtask) in places for subtask in found):
                found.sort(key=lambda subtask: places.get(id_of(subtask), 0))
                self.in_order = True
        # Only the answer for one task alone has the links; they stay.
        links = (
            upstreams_of(found) if linked(found) else {subtask["id"]: subtask["upstreams"] for subtask in self.subtasks}
        )
        self.subtasks = [
            {
                "id": id_of(subtask),
                "name": text(subtask.get("name")),
                "status": text(subtask.get("status")),
                "operation": text(subtask.get("operation")),
                "upstreams": links.get(id_of(subtask), []),
            }
            for subtask in found
        ]
        self.sort(ranks)

    def sort(self, ranks: Ranks) -> None:
        """Puts the subtasks in the order that another task of its name has.

        ranks: for the name of a task the place of each subtask's name, learned from tasks with links.
        """
        places = ranks.get(self.name, {})
        if not self.in_order and all(subtask["name"] in places for subtask in self.subtasks):
            self.subtasks.sort(key=lambda subtask: places[subtask["name"]])
            self.in_order = True

    def public(self, base_url: str) -> Dict[str, Any]:
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

    def url(self, base_url: str) -> str:
        """Its page in OCP's console."""
        return base_url + PAGE % self.id
