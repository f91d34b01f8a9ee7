# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Operating a task of OCP: retry, rollback, and for a subtask skip and cancel. Once, whatever breaks.

The course of it: look at the task; decide whether there is anything to do; post it; see that OCP does it; wait for the
task's end. An answer that never came is looked for, not posted again.
"""

from . import _api
from ._errors import OcpError
from ._task import FAILED, RUNNING, SUCCESSFUL
from ._task_wait import judge
from ._tasks import Tasks
from ._wait import describe, wait_for

ROLLBACK = "ROLLBACK"
#: For each operation: the states in which there is something to do, and those in which there is nothing left to do.
STATES = {
    "retry": ((FAILED,), (RUNNING, "READY", SUCCESSFUL)),
    "rollback": ((FAILED,), ()),
    "skip": ((FAILED,), (SUCCESSFUL,)),
    "cancel": ((RUNNING, "READY"), ("CANCELING", FAILED, SUCCESSFUL)),
}
#: How long OCP may take, in seconds, to show an operation that it has accepted, and one that it never answered.
SHOWN_WITHIN = 10
SEARCH_FOR = 30
#: What to do after a refusal, by OCP's error code in both of its formats.
CURES = {
    ("4009", "TSK10009"): "OCP forbids to roll it back. Mend the cause and have it go on with operation: retry.",
    ("4010", "TSK10010"): "OCP forbids to skip it. Mend the cause and have it go on with operation: retry.",
}


class Operation:
    """One operation on a task, or on one of its subtasks.

    client: its limit bounds the whole. progress: is told what happens (see _progress). interval: the longest pause
    between two looks, in seconds.
    """

    def __init__(self, client, task_id, operation, subtask_id=None, progress=None, interval=5):
        if operation == "rollback" and subtask_id is not None:
            raise OcpError("rejected", "subtask_id: only a whole task can be rolled back.", next="Leave it out.")
        self._client = client
        self._task_id = task_id
        self._operation = operation
        self._subtask_id = subtask_id
        self._progress = progress
        self._interval = interval
        self._tasks = Tasks(client)
        self._task = None
        self._raw = {}
        self._changed = False
        self._started = client.limit.elapsed

    def run(self, check=False, wait=True):
        """The result of ocp_task. An OcpError has the result as far as it came."""
        try:
            self._look()
            needed = self._needed()
            self._progress.looked(self._tasks)
            if check:
                self._changed = needed
                return self.result()
            if needed:
                self._apply()
            else:
                self._progress.say("%s: nothing to %s." % (describe(self._task), self._operation))
            if wait:
                self._wait()
        except OcpError as error:
            error.result = self.result()
            raise
        return self.result()

    def result(self):
        return {
            "changed": self._changed,
            "tasks": self._tasks.public(),
            "elapsed": round(self._client.limit.elapsed - self._started, 1),
        }

    def _look(self):
        """Reads the task."""
        try:
            raw = _api.task(self._client, self._task_id)
        except OcpError as error:
            if error.kind == "not_found":
                error.message = "task_id: OCP knows no task %d." % self._task_id
                error.next = "Look for it with obops.oceanbase.ocp_task_info, by name or host_id."
            raise
        if not isinstance(raw, dict) or _api.id_of(raw) != self._task_id:
            raise OcpError("protocol", "OCP's answer for task %d holds no such task." % self._task_id)
        self._raw = raw
        self._task = self._tasks.add(raw)

    @property
    def _target(self):
        """What is operated: the subtask, or the task; (its name for a person, status, operation)."""
        task = self._task
        if self._subtask_id is None:
            return "task " + describe(task), task.status, task.operation
        for subtask in task.subtasks:
            if subtask["id"] == self._subtask_id:
                words = "subtask %d (%s) of task %d" % (subtask["id"], subtask["name"], task.id)
                return "%s %s" % (words, subtask["status"]), subtask["status"], subtask["operation"]
        there = ["%d (%s) %s" % (subtask["id"], subtask["name"], subtask["status"]) for subtask in task.subtasks]
        raise OcpError(
            "not_found",
            "subtask_id: task %d has no subtask %d. It has: %s."
            % (task.id, self._subtask_id, "; ".join(there) or "none"),
            task=self._tasks.reference(task),
        )

    def _needed(self):
        """Whether OCP is to be told; False when that has been done; an error when OCP would refuse it."""
        words, status, operation = self._target
        operated, done = STATES[self._operation]
        if operation == ROLLBACK and status != FAILED:
            if self._operation == "rollback":
                return False
            raise self._refusal("%s has been rolled back, or is being so" % words, "Start anew what it did.")
        if self._operation == "rollback" and self._raw.get("prohibitRollback") is True:
            raise self._refusal("%s, and OCP forbids to roll it back" % words, CURES[("4009", "TSK10009")])
        if status in operated:
            return True
        # What was retried waits for its turn as PENDING.
        if status in done or (status == "PENDING" and operation == self._operation.upper()):
            return False
        raise self._refusal(
            "%s needs one that is %s, and this is %s" % (self._operation, " or ".join(operated), words),
            "Wait for its end with obops.oceanbase.ocp_task_wait first." if self._task.status == RUNNING else None,
        )

    def _refusal(self, found, cure):
        task = self._tasks.reference(self._task)
        cure = cure or "Look at the task in OCP: %s." % task["url"]
        return OcpError("rejected", "operation: %s." % found, task=task, subtask=self._ref, next=cure)

    @property
    def _ref(self):
        """What a failure says of the subtask that was named."""
        return next(
            ({"id": sub["id"], "name": sub["name"]} for sub in self._task.subtasks if sub["id"] == self._subtask_id),
            None,
        )

    def _apply(self):
        """Posts the operation, once."""
        before = self._state()
        try:
            _api.operate(self._client, self._task_id, self._operation, self._subtask_id)
        except OcpError as error:
            if error.maybe_done:
                self._progress.say("%s Looking whether OCP does it all the same." % error.message)
                if not self._appears(before, SEARCH_FOR):
                    raise self._lost(error) from None
            elif error.kind in ("conflict", "rejected"):
                self._refused(error)
                return
            else:
                raise
        else:
            self._changed = True
            self._appears(before, SHOWN_WITHIN)
        self._changed = True
        self._progress.looked(self._tasks)

    def _appears(self, before, within):
        """Looks until the task is another than before; whether it came to be."""
        limit, pause = self._client.limit, 0.2
        until = limit.elapsed + within
        while True:
            self._look()
            if self._state() != before:
                return True
            if limit.elapsed >= until or limit.expired:
                return False
            limit.pause(pause)
            pause = min(pause * 2, self._interval)

    def _state(self):
        """What an operation changes for certain, if not the status then how often or when something ran."""
        raw, keys = self._raw, ("id", "status", "operation", "runTime", "startTime", "finishTime")
        subtasks = [[subtask.get(key) for key in keys] for subtask in _api.items(raw.get("subtasks"))]
        return [raw.get(key) for key in keys], sorted(subtasks, key=repr)

    def _lost(self, error):
        error.message += " Nothing in OCP shows that it has begun to %s task %s." % (
            self._operation,
            describe(self._task),
        )
        error.task, error.subtask = self._tasks.reference(self._task), self._ref
        error.next = "Run the same again: it looks at the task once more, and operates it only where that is needed."
        return error

    def _refused(self, error):
        """After a refusal: goes on when somebody else was faster, otherwise raises what to do."""
        self._look()
        try:
            needed = self._needed()
        except OcpError as refusal:
            error.message += " By now: " + refusal.message
            error.next = refusal.next
            needed = True
        if not needed:
            self._progress.say("%s: somebody else was faster." % describe(self._task))
            return
        error.task, error.subtask = self._tasks.reference(self._task), self._ref
        error.next = error.next or next((cure for codes, cure in CURES.items() if error.code in codes), None)
        error.next = error.next or "Look at the task in OCP: %s." % error.task["url"]
        raise error

    def _wait(self):
        wait_for(
            self._tasks,
            self._client.limit,
            self._interval,
            pace=lambda: self._client.pace,
            on_look=lambda: self._progress.looked(self._tasks),
        )
        # A cancelled task ends as FAILED: just what was asked for.
        if self._operation != "cancel" or self._task.gone:
            judge(self._tasks)
