# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creates tasks, with IDs, links, the order in which responses list the subtasks, and the fault of the task."""

from __future__ import annotations

import itertools
import random

from ..services.base import Work
from ..state import Host, State, User
from .faults import TaskFault
from .model import Subtask, Task
from .templates import Template

# As in OCP's sample, IDs do not start from 1, and tasks and subtasks are numbered separately.
FIRST_TASK, FIRST_SUBTASK = 33001, 34796


class Factory:
    def __init__(self, state: State, seed: int) -> None:
        self._state = state
        self._random = random.Random(seed)
        self._next_task = FIRST_TASK
        self._next_subtask = FIRST_SUBTASK
        self._next_fault = 1
        self.task_faults: list[TaskFault] = []
        for fault in state.task_faults:
            self.order(fault)

    def order(self, fault: TaskFault) -> TaskFault:
        """Order a fault for the next matching task."""
        fault.id = self._next_fault
        self._next_fault += 1
        self.task_faults.append(fault)
        return fault

    def make(
        self,
        template: Template,
        work: Work,
        creator: User,
        hosts: list[Host],
        now: float,
        task_id: int | None = None,
        *,
        faulty: bool = True,
    ) -> Task:
        steps = template.steps
        ids = list(range(self._next_subtask, self._next_subtask + len(steps)))
        self._next_subtask += len(steps)
        series = list(range(len(steps)))
        # Neither the IDs, nor seriesId, nor the position in the array show the order. Only the links do.
        self._random.shuffle(ids)
        self._random.shuffle(series)
        subtasks = [Subtask(ids[n], step, series[n]) for n, step in enumerate(steps)]
        for earlier, later in itertools.pairwise(subtasks):
            earlier.downstreams, later.upstreams = [later.id], [earlier.id]
        listed = list(subtasks)
        self._random.shuffle(listed)
        fault = self._fault(hosts) if faulty else None
        settings = self._state.settings
        task = Task(
            id=task_id or self._next_task,
            name=template.name,
            creator=creator,
            work=work,
            subtasks=subtasks,
            listed=listed,
            created=now,
            seconds=fault.seconds if fault and fault.seconds is not None else settings.task_seconds,
            host_ids=[host.id for host in hosts],
            prohibit_rollback=settings.prohibit_rollback,
            fault=fault,
            engine_retries=settings.engine_retries,
        )
        self._next_task = max(self._next_task, task.id + 1)
        task.start(list(subtasks), now)
        return task

    def _fault(self, hosts: list[Host]) -> TaskFault | None:
        for fault in self.task_faults:
            if fault.host is None or any(fault.host in (host.id, host.address, host.name) for host in hosts):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times == 0:
                        self.task_faults.remove(fault)
                # A copy, so that the task is independent of the remaining order.
                return fault.model_copy()
        return next((host.task_fault for host in hosts if host.task_fault), None)
