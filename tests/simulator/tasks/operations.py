# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Retry, rollback, skip and cancel: their preconditions and their effects."""

from __future__ import annotations

from ..clock import Clock
from ..errors import OcpError, Problem, error
from .engine import SKIPS, Engine
from .model import Subtask, Task


class Operations:
    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def find(self, task_id: int) -> Task:
        task = self._engine.get(task_id)
        if task is None:
            raise error(Problem.TASK_NOT_FOUND, "id", task=task_id)
        return task

    def find_subtask(self, task_id: int, subtask_id: int) -> tuple[Task, Subtask]:
        task = self.find(task_id)
        subtask = task.subtask(subtask_id)
        if subtask is None:
            raise error(Problem.SUBTASK_NOT_FOUND, "subtaskId", task=task_id, subtask=subtask_id)
        return task, subtask

    def retry(self, task_id: int) -> Task:
        task = self.find(task_id)
        failed = next((subtask for subtask in task.subtasks if subtask.status == "FAILED"), None)
        if task.status != "FAILED" or failed is None:
            raise _refused("retry", "task", task.status)
        _not_rolled_back(task)
        task.operation = "RETRY"
        self._again(task, failed)
        return task

    def retry_subtask(self, task_id: int, subtask_id: int) -> Subtask:
        task, subtask = self.find_subtask(task_id, subtask_id)
        if subtask.status != "FAILED":
            raise _refused("retry", "subtask", subtask.status)
        _not_rolled_back(task)
        self._again(task, subtask)
        return subtask

    def rollback(self, task_id: int) -> Task:
        task = self.find(task_id)
        if task.status != "FAILED":
            raise _refused("rollback", "task", task.status)
        if task.prohibit_rollback:
            raise error(Problem.NO_ROLLBACK, "id", task=task_id)
        task.roll_back(self._clock.now())
        self._engine.watch(task)
        return task

    def skip(self, task_id: int, subtask_id: int) -> None:
        task, subtask = self.find_subtask(task_id, subtask_id)
        if subtask.operation in SKIPS and subtask.status != "FAILED":
            # Skipping a skipped subtask again is not an error.
            return
        if subtask.status != "FAILED":
            raise _refused("skip", "subtask", subtask.status)
        if not subtask.step.skippable:
            raise error(Problem.NO_SKIP, "subtaskId", subtask=subtask_id)
        subtask.reset("ROLLBACK_SKIP" if task.operation == "ROLLBACK" else "SKIP")
        self._go(task, task.plan)

    def cancel(self, task_id: int, subtask_id: int) -> None:
        task, subtask = self.find_subtask(task_id, subtask_id)
        if subtask.status != "RUNNING":
            raise _refused("cancel", "subtask", subtask.status)
        now = self._clock.now()
        subtask.status, subtask.operation, subtask.cancelled = "CANCELING", "CANCEL", now
        subtask.shown = None
        subtask.note(now, "WARN  cancel asked for")
        self._engine.watch(task)

    def _again(self, task: Task, subtask: Subtask) -> None:
        subtask.reset("RETRY")
        subtask.run_time += 1
        self._go(task, task.plan)

    def _go(self, task: Task, plan: list[Subtask]) -> None:
        task.start(plan, self._clock.now())
        self._engine.watch(task)


def _not_rolled_back(task: Task) -> None:
    if task.operation == "ROLLBACK":
        raise _refused("retry", "task", "rolled back: roll it back again, or skip the subtask")


def _refused(operation: str, what: str, status: str) -> OcpError:
    return error(Problem.TASK_STATE, "id", operation=operation, what=what, status=status)
