# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task and its subtasks while they run. shapes.py contains their shapes in the API."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field

from ..clock import stamp
from ..schemas.tasks import Kind, Operation
from ..services.base import Finding, Work
from ..state import User
from .faults import TaskFault
from .templates import Step


@dataclass
class Subtask:
    id: int
    step: Step
    series_id: int
    upstreams: list[int] = field(default_factory=list)
    downstreams: list[int] = field(default_factory=list)
    status: str = "PENDING"
    operation: Operation = "EXECUTE"
    run_time: int = 1
    started: float | None = None
    finished: float | None = None
    log: list[str] = field(default_factory=list)
    # The status that a fault shows instead.
    shown: str | None = None
    cancelled: float | None = None
    check: Future[tuple[Finding, float]] | None = None

    def note(self, moment: float, text: str) -> None:
        self.log.extend(f"{stamp(moment)} {line}" for line in text.splitlines())

    def reset(self, operation: Operation) -> None:
        self.status, self.operation = "PENDING", operation
        self.started = self.finished = self.cancelled = None
        self.shown = self.check = None


@dataclass
class Task:
    id: int
    name: str
    creator: User
    work: Work
    # In the order of execution, and in the order in which responses list them.
    subtasks: list[Subtask]
    listed: list[Subtask]
    created: float
    seconds: float
    host_ids: list[int] = field(default_factory=list)
    cluster_name: str | None = None
    type: Kind = "MANUAL"
    status: str = "RUNNING"
    operation: Operation = "EXECUTE"
    finished: float | None = None
    prohibit_rollback: bool = False
    fault: TaskFault | None = None
    fault_uses: int = 0
    # The number of automatic retries of failed subtasks that are left.
    engine_retries: int = 0
    # Not started by a caller of the simulator, such as a backup or an inspection.
    foreign: bool = False
    shown: str | None = None
    gone: bool = False
    # The remaining subtasks, and the time at which the first of them was reached.
    plan: list[Subtask] = field(default_factory=list)
    entered: float = 0

    @property
    def step_seconds(self) -> float:
        return self.seconds / len(self.subtasks)

    def subtask(self, subtask_id: int) -> Subtask | None:
        return next((subtask for subtask in self.subtasks if subtask.id == subtask_id), None)

    def after(self, subtask: Subtask) -> list[Subtask]:
        return self.subtasks[self.subtasks.index(subtask) + 1 :]

    def start(self, plan: list[Subtask], moment: float) -> None:
        """Start to run these subtasks. The first one is READY immediately, as in OCP's sample response."""
        # A task that runs again keeps its previous finish time.
        self.status = "RUNNING"
        self.plan, self.entered = plan, moment
        if plan:
            plan[0].status = "READY"

    def log_context(self, subtask: Subtask, moment: float) -> None:
        """Log the context with all secrets, as OCP's engine does at the start of each run."""
        subtask.note(moment, f"INFO  Run subtask, id={subtask.id}, context={self.work.logged_context()}")

    def roll_back(self, moment: float) -> None:
        """Undo what has run, in reverse order. A failed rollback continues where it failed."""
        if self.operation == "ROLLBACK":
            left = self.plan
        else:
            left = [subtask for subtask in self.subtasks if subtask.status != "PENDING"][::-1]
        for subtask in left:
            subtask.reset("ROLLBACK")
        self.operation = "ROLLBACK"
        self.start(left, moment)
