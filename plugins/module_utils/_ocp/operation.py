# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Operates an OCP task: retry, rollback, and for a subtask skip and cancel. Once, whatever breaks.

Steps: check the task; decide whether there is anything to do; post it; check that OCP does it; wait for the task to
end. After a lost answer, the operation is looked for and not posted again.
"""

from typing import Any, Dict, List, Optional, Tuple

from . import api
from .client import Client
from .errors import OcpError
from .messages import describe, not_found
from .operable import Target, needed
from .progress import Progress
from .task import FAILED, RUNNING, Task
from .tasks import Tasks
from .values import id_of, items
from .wait import follow, judge, look_closer, look_until

#: What the first line of progress says.
DOING = {"retry": "Retrying", "rollback": "Rolling back", "skip": "Skipping", "cancel": "Cancelling"}
#: How long OCP may take, in seconds, to show an operation that it has accepted, and one that it never answered.
SHOWN_WITHIN = 10
SEARCH_FOR = 30

#: What an operation changes: of the task, and of each subtask.
Shown = Tuple[List[Any], List[List[Any]]]


class Operation:
    """One operation on a task, or on one of its subtasks.

    client: its limit applies to the whole run. progress: shows what happens (see progress.py). interval: the longest
    pause between two checks, in seconds.
    """

    def __init__(
        self,
        client: Client,
        progress: Progress,
        task_id: int,
        operation: str,
        subtask_id: Optional[int] = None,
        interval: float = 5,
    ) -> None:
        if operation == "rollback" and subtask_id is not None:
            raise OcpError("rejected", "subtask_id: only a whole task can be rolled back.", next="Omit it.")
        self._client = client
        self._task_id = task_id
        self._operation = operation
        self._subtask_id = subtask_id
        self._progress = progress
        self._interval = interval
        self._tasks = Tasks(client)
        self._task = Task(task_id)
        self._raw: Dict[str, Any] = {}
        self._changed = False
        self._started = client.limit.elapsed

    def run(self, check: bool = False, wait: bool = True) -> Dict[str, Any]:
        """The result of ocp_task. An OcpError contains the partial result."""
        try:
            self._look()
            to_do = self._needed()
            if wait and not check:
                look_closer(self._tasks)
            self._progress.doing(self._doing())
            self._progress.looked(self._tasks)
            if check:
                self._changed = to_do
                return self.result()
            if to_do and self._runs():
                self._apply()
            else:
                self._progress.say("%s: nothing to %s." % (describe(self._task), self._operation))
            if wait:
                self._wait()
        except OcpError as error:
            error.result = self.result()
            raise
        return self.result()

    def result(self) -> Dict[str, Any]:
        return {
            "changed": self._changed,
            "tasks": self._tasks.public(),
            "elapsed": round(self._client.limit.elapsed - self._started, 1),
        }

    def _look(self) -> None:
        """Reads the task."""
        try:
            raw = api.task(self._client, self._task_id)
        except OcpError as error:
            if error.kind == "not_found":
                raise not_found("task_id", [self._task_id]) from None
            raise
        if not isinstance(raw, dict) or id_of(raw) != self._task_id:
            raise OcpError("protocol", "OCP's answer for task %d does not contain this task." % self._task_id)
        self._raw = raw
        self._task = self._tasks.add(raw)

    @property
    def _target(self) -> Target:
        return Target(self._task, self._subtask_id, self._tasks.reference(self._task))

    def _needed(self) -> bool:
        return needed(self._operation, self._target, self._raw.get("prohibitRollback") is True)

    def _doing(self) -> str:
        words, subtask = DOING[self._operation], self._target.subtask
        return "%s subtask %d (%s)" % (words, subtask["id"], subtask["name"]) if subtask else words

    def _runs(self) -> bool:
        """Waits until a subtask to cancel is running. Returns whether it still has to be cancelled then."""
        limit, pause, said = self._client.limit, 0.5, False
        while self._operation == "cancel" and self._target.status == "READY":
            if limit.expired:
                raise OcpError(
                    "timeout",
                    "After %d s (wait_timeout), %s, and OCP cancels only what is RUNNING."
                    % (limit.seconds, self._target.words),
                    task=self._tasks.reference(self._task),
                    subtask=self._target.subtask,
                    next="Run this again when the subtask is running.",
                )
            if not said:
                self._progress.say("%s. Waiting until it is running." % self._target.words)
            said = True
            limit.pause(max(pause, self._client.pace))
            pause = min(pause * 2, self._interval)
            self._look()
        return self._needed()

    def _apply(self) -> None:
        """Posts the operation, once."""
        before = self._state()
        try:
            api.operate(self._client, self._task_id, self._operation, self._subtask_id)
        except OcpError as error:
            if error.unanswered:
                self._progress.say("%s Checking whether OCP does it anyway." % error.message)
                if not self._appears(before, SEARCH_FOR):
                    raise self._lost(error) from None
            elif error.maybe_done or error.kind in ("conflict", "rejected"):
                if not self._begun_all_the_same(error, before):
                    return
            else:
                raise
        else:
            self._changed = True
            self._appears(before, SHOWN_WITHIN)
        self._changed = True
        self._progress.looked(self._tasks)

    def _appears(self, before: Shown, within: float) -> bool:
        """Checks until the task has changed. Returns whether it did."""

        def settled() -> bool:
            self._look()
            return self._state() != before and not self._lags

        return look_until(settled, self._client.limit, within, self._interval) or self._state() != before

    @property
    def _lags(self) -> bool:
        """Whether OCP still calls the task FAILED while one of its subtasks is about to run again."""
        again = ("READY", RUNNING)
        return (
            self._operation != "cancel"
            and self._task.status == FAILED
            and any(subtask["status"] in again for subtask in self._task.subtasks)
        )

    def _state(self) -> Shown:
        """What an operation changes for certain, if not the status then how often or when something ran."""
        raw, keys = self._raw, ("id", "status", "operation", "runTime", "startTime", "finishTime")
        subtasks = [[subtask.get(key) for key in keys] for subtask in items(raw.get("subtasks"))]
        return [raw.get(key) for key in keys], sorted(subtasks, key=repr)

    def _lost(self, error: OcpError) -> OcpError:
        error.message += " OCP does not show that it has begun to %s task %s." % (
            self._operation,
            describe(self._task),
        )
        error.task, error.subtask = self._tasks.reference(self._task), self._target.subtask
        error.next = "Run this again. It checks the task again, and requests the operation only if it is still needed."
        return error

    def _begun_all_the_same(self, error: OcpError, before: Shown) -> bool:
        """After a refusal: whether OCP did it anyway, or someone else was faster. Otherwise raises an error with what
        to do."""
        self._look()
        if error.maybe_done and self._state() != before:
            return True
        try:
            to_do = self._needed()
        except OcpError as refusal:
            error.message += " By now: " + refusal.message
            error.next = refusal.next
            to_do = True
        if not to_do:
            self._progress.say("%s: someone else was faster." % describe(self._task))
            return False
        error.task, error.subtask = self._tasks.reference(self._task), self._target.subtask
        error.next = "%s The task is at %s." % (error.next or "Check the task in OCP.", error.task["url"])
        raise error

    def _wait(self) -> None:
        follow(self._client, self._tasks, self._interval, self._progress)
        # A cancelled task ends as FAILED, which is what was requested.
        if self._operation != "cancel" or self._task.gone:
            judge(self._tasks, [task for task in self._tasks if self._operation != "rollback" and task.rolled_back])
