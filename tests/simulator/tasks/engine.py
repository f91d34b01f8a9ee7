# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Advances tasks. The state of a task is computed from the clock when it is read; no task has a thread or a timer.

Only the checks of real proxies run in a pool of threads. A step with such a check lasts until the check has finished.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ..clock import Clock
from ..services.base import Finding
from .faults import TaskFault
from .model import Subtask, Task

# The share of a step's time during which it is READY, before it runs.
READY_SHARE = 0.1
# How long a skipped subtask is READY, and how long the engine waits before an automatic retry.
SKIP_SECONDS = ENGINE_RETRY_SECONDS = 1.0
SKIPS = ("SKIP", "ROLLBACK_SKIP")


class Engine:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pool = ThreadPoolExecutor(max_workers=64, thread_name_prefix="proxy-check")
        self._tasks: dict[int, Task] = {}
        self._running: dict[int, Task] = {}

    def add(self, task: Task) -> None:
        self._tasks[task.id] = task
        self.watch(task)

    def watch(self, task: Task) -> None:
        if task.status == "RUNNING":
            self._running[task.id] = task

    def get(self, task_id: int) -> Task | None:
        self.advance()
        task = self._tasks.get(task_id)
        return None if task is None or task.gone else task

    def all(self) -> list[Task]:
        self.advance()
        return [task for task in self._tasks.values() if not task.gone]

    def clear(self) -> None:
        self._tasks.clear()
        self._running.clear()

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def advance(self) -> None:
        now = self._clock.now()
        for task in list(self._running.values()):
            while not task.gone and task.status == "RUNNING" and self._step(task, now):
                pass
            if task.gone or task.status != "RUNNING":
                del self._running[task.id]

    def _step(self, task: Task, now: float) -> bool:
        """Perform the next due change of this task. Return False if nothing is due."""
        if not task.plan:
            self._finish(task)
            return True
        subtask = task.plan[0]
        begin = task.entered + task.step_seconds * READY_SHARE
        end = task.entered + task.step_seconds
        if subtask.status == "CANCELING":
            return self._cancelled(task, subtask, now)
        if subtask.status == "FAILED":
            return self._retry_by_itself(task, subtask, now)
        if subtask.operation in SKIPS:
            return self._skipped(task, subtask, now)
        if subtask.status != "RUNNING":
            if now < begin:
                return False
            return self._begin(task, subtask, begin)
        if self._stuck(task, subtask) or now < end:
            return False
        if subtask.check is not None:
            if not subtask.check.done():
                return False
            finding, seen = subtask.check.result()
            self._end(task, subtask, finding, max(end, seen))
        else:
            known = task.work.know(subtask.step.key) if task.operation != "ROLLBACK" else None
            self._end(task, subtask, known or Finding(""), end)
        return True

    def _begin(self, task: Task, subtask: Subtask, begin: float) -> bool:
        subtask.status, subtask.started = "RUNNING", begin
        task.log_context(subtask, begin)
        subtask.note(begin, f"INFO  {subtask.step.name}: {subtask.operation.lower()}, run {subtask.run_time}")
        fault = self._fault(task, subtask)
        if fault and fault.kind == "vanish":
            task.gone = True
            return False
        if fault and fault.kind == "status":
            subtask.shown, task.shown = fault.status, fault.task_status
        look = task.work.check(subtask.step.key) if task.operation != "ROLLBACK" else None
        if look is not None:
            subtask.check = self._pool.submit(self._look, look)
        return True

    def _look(self, look: Callable[[], Finding]) -> tuple[Finding, float]:
        try:
            return look(), self._clock.now()
        except Exception as failure:  # a bug in a check must end the subtask, not leave it running forever
            return Finding("", f"the simulator's check failed: {failure!r}"), self._clock.now()

    @staticmethod
    def _fault(task: Task, subtask: Subtask) -> TaskFault | None:
        fault = task.fault
        if fault is None or task.subtasks.index(subtask) + 1 != fault.subtask:
            return None
        return fault if fault.during_rollback == (task.operation == "ROLLBACK") else None

    def _stuck(self, task: Task, subtask: Subtask) -> bool:
        fault = self._fault(task, subtask)
        return fault is not None and (fault.kind == "hang" or (fault.kind == "status" and fault.stay))

    def _end(self, task: Task, subtask: Subtask, finding: Finding, moment: float) -> None:
        task.shown = subtask.shown = subtask.check = None
        if finding.log:
            subtask.note(moment, finding.log)
        problem = finding.problem
        fault = self._fault(task, subtask)
        if fault and fault.kind == "fail" and (fault.attempts is None or task.fault_uses < fault.attempts):
            task.fault_uses += 1
            problem = fault.log or f"{subtask.step.name} failed: ordered by a fault of the simulator"
        if fault and fault.kind == "rolled_back":
            problem = fault.log or f"{subtask.step.name} failed: ordered by a fault of the simulator"
        subtask.finished = moment
        if problem:
            subtask.note(moment, f"ERROR {problem}")
            subtask.status = "FAILED"
            if task.engine_retries == 0:
                task.status, task.finished = "FAILED", moment
            if fault and fault.kind == "rolled_back":
                # Another user rolls the task back before the one who follows it can react.
                task.roll_back(moment)
            return
        subtask.note(moment, f"INFO  {subtask.step.name}: done")
        # After a rollback, a subtask looks as if it had never run.
        subtask.status = "PENDING" if task.operation == "ROLLBACK" else "SUCCESSFUL"
        self._next(task, moment)

    @staticmethod
    def _retry_by_itself(task: Task, subtask: Subtask, now: float) -> bool:
        """Retry a subtask automatically. Until then, the subtask is FAILED and its task is RUNNING."""
        moment = subtask.finished + ENGINE_RETRY_SECONDS
        if now < moment:
            return False
        task.engine_retries -= 1
        operation = subtask.operation
        subtask.reset(operation)
        subtask.run_time += 1
        subtask.status, task.entered = "READY", moment
        return True

    def _skipped(self, task: Task, subtask: Subtask, now: float) -> bool:
        moment = task.entered + SKIP_SECONDS
        if now < moment:
            return False
        subtask.finished = moment
        subtask.note(moment, "INFO  skipped")
        subtask.status = "PENDING" if task.operation == "ROLLBACK" else "SUCCESSFUL"
        self._next(task, moment)
        return True

    @staticmethod
    def _next(task: Task, moment: float) -> None:
        task.plan.pop(0)
        task.entered = moment
        if task.plan:
            task.plan[0].status = "READY"

    @staticmethod
    def _cancelled(task: Task, subtask: Subtask, now: float) -> bool:
        assert subtask.cancelled is not None
        moment = subtask.cancelled + min(1.0, task.step_seconds)
        if now < moment:
            return False
        subtask.status = task.status = "FAILED"
        subtask.finished = task.finished = moment
        subtask.shown = task.shown = subtask.check = None
        subtask.note(moment, "ERROR cancelled")
        return True

    @staticmethod
    def _finish(task: Task) -> None:
        task.status, task.finished = "SUCCESSFUL", task.entered
        if task.operation == "ROLLBACK":
            for subtask in task.subtasks:
                subtask.status = "PENDING"
            task.work.rolled_back()
        else:
            task.work.succeeded()
