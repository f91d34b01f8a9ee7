# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Whether an operation on an OCP task has anything to do, based on a check of the task.

What has been done or is in progress is not requested again. What OCP would refuse is refused here, with the cure.
"""

from typing import Any, Dict, Optional

from . import codes
from .errors import OcpError
from .messages import describe
from .task import FAILED, ROLLBACK, RUNNING, SUCCESSFUL, Task

#: For each operation: the states in which there is something to do, and those in which there is nothing left to do.
STATES = {
    "retry": ((FAILED,), (RUNNING, "READY", SUCCESSFUL)),
    "rollback": ((FAILED,), ()),
    "skip": ((FAILED,), (SUCCESSFUL,)),
    # OCP cancels only running subtasks, so the module waits for one that is about to run.
    "cancel": ((RUNNING, "READY"), ("CANCELING", FAILED, SUCCESSFUL)),
}
#: What OCP calls a subtask's operation after each of ours, while the subtask waits for its turn.
UNDER_WAY = {"retry": ("RETRY",), "rollback": (), "skip": ("SKIP", "ROLLBACK_SKIP"), "cancel": ("CANCEL",)}


class Target:
    """The object of the operation: a task, or one of its subtasks. words: its name in messages; status, operation: its
    own.

    reference: what a failure says of the task.
    """

    def __init__(self, task: Task, subtask_id: Optional[int], reference: Dict[str, Any]) -> None:
        self.task = task
        self.reference = reference
        self.subtask = None  # type: Optional[Dict[str, Any]]
        if subtask_id is None:
            self.words = "task " + describe(task)
            self.status, self.operation = task.status, task.operation
            return
        found = next((subtask for subtask in task.subtasks if subtask["id"] == subtask_id), None)
        if found is None:
            there = ["%d (%s) %s" % (subtask["id"], subtask["name"], subtask["status"]) for subtask in task.subtasks]
            raise OcpError(
                "not_found",
                "subtask_id: task %d has no subtask %d. It has: %s."
                % (task.id, subtask_id, "; ".join(there) or "none"),
                task=reference,
            )
        self.subtask = {"id": found["id"], "name": found["name"]}
        self.words = "subtask %d (%s) of task %d %s" % (found["id"], found["name"], task.id, found["status"])
        self.status, self.operation = found["status"], found["operation"]


def needed(operation: str, target: Target, prohibit_rollback: bool) -> bool:
    """Whether OCP has anything to do. False if it has been done. Raises an error if OCP would refuse it."""
    task, status = target.task, target.status
    operated, done = STATES[operation]
    if operation == "rollback":
        if task.operation == ROLLBACK and status != FAILED:
            return False
        if prohibit_rollback:
            raise _refusal(target, "%s, and OCP does not roll it back" % target.words, codes.cure("4009"))
    elif operation == "retry" and task.operation == ROLLBACK:
        raise _no_retry(target)
    # What OCP is going to retry or to skip waits for its turn.
    if status in ("PENDING", "READY") and target.operation in UNDER_WAY[operation]:
        return False
    if status in operated:
        return True
    if status in done:
        return False
    raise _refusal(
        target,
        "%s requires the status %s, but this is %s" % (operation, " or ".join(operated), target.words),
        "Wait for it to end with obops.oceanbase.ocp_task_wait first." if task.status == RUNNING else None,
    )


def _no_retry(target: Target) -> OcpError:
    """The refusal of a retry after a rollback."""
    task = target.task
    if task.status == FAILED:
        return _refusal(
            target,
            "%s: its rollback failed, and OCP does not retry a task after that" % target.words,
            "Fix the cause, then roll it back again with operation: rollback, or skip the failed subtask with "
            "operation: skip.",
        )
    state = "has been rolled back" if task.ended else "is being rolled back"
    return _refusal(
        target,
        "task %d (%s) %s, so there is nothing to retry" % (task.id, task.name, state),
        "Start the operation again; for a takeover, run it again.",
    )


def _refusal(target: Target, found: str, cure: Optional[str]) -> OcpError:
    cure = cure or "Check the task in OCP: %s." % target.reference["url"]
    return OcpError("rejected", "operation: %s." % found, task=target.reference, subtask=target.subtask, next=cure)
