# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The three shapes in which the API shows a task."""

from __future__ import annotations

import json

from ..clock import stamp
from ..schemas import tasks as schemas
from .model import Subtask, Task

# OCP's samples also mask the address of the server that runs the task.
EXECUTOR = "xxx.xxx.xxx.xxx"


def instance(task: Task, context_as: str = "object") -> schemas.TaskInstance:
    """Return the shape in responses to POSTs, with exactly the keys of OCP's sample."""
    context = schemas.Context(
        list_map=task.work.lists(), string_map=task.work.strings(), parallel=False, parallel_idx=-1
    )
    return schemas.TaskInstance(
        id=task.id,
        name=task.name,
        type=task.type,
        status=task.shown or task.status,
        operation=task.operation,
        creator=task.creator.username,
        executor=EXECUTOR,
        host_id=task.host_ids[0] if len(task.host_ids) == 1 else None,
        context=context if context_as == "object" else json.dumps(context.model_dump(by_alias=True)),
        start_time=stamp(task.created),
        finish_time=_stamp(task.finished),
        task_definition_id=-1,
        subtasks=[subtask(each) for each in task.listed],
    )


def wrapped(task: Task) -> schemas.WrappedTaskInstance:
    return schemas.WrappedTaskInstance(
        id=task.id,
        name=task.name,
        task_definition_id=-1,
        type=task.type,
        status=task.shown or task.status,
        operation=task.operation,
        executor=EXECUTOR,
        prohibit_rollback=task.prohibit_rollback,
        create_time=stamp(task.created),
        start_time=stamp(task.created),
        finish_time=_stamp(task.finished),
        creator=_creator(task),
        cluster=schemas.Reference(name=task.cluster_name),
        tenant=schemas.Reference(),
        subtasks=[subtask(each) for each in task.listed],
    )


def basic(task: Task) -> schemas.BasicTaskInstance:
    return schemas.BasicTaskInstance(
        id=task.id,
        name=task.name,
        status=task.shown or task.status,
        start_time=stamp(task.created),
        finish_time=_stamp(task.finished),
        creator=_creator(task),
        cluster=schemas.Reference(name=task.cluster_name),
        tenant=schemas.Reference(),
        subtasks=[
            schemas.BasicSubtask(
                id=each.id,
                name=each.step.name,
                description=each.step.description or each.step.name,
                status=each.shown or each.status,
                operation=each.operation,
            )
            for each in task.listed
        ],
    )


def subtask(each: Subtask) -> schemas.Subtask:
    return schemas.Subtask(
        id=each.id,
        name=each.step.name,
        class_name=each.step.class_name,
        description=each.step.description or each.step.name,
        series_id=each.series_id,
        status=each.shown or each.status,
        operation=each.operation,
        node_type="JAVA_TASK",
        timeout=each.step.timeout,
        run_time=each.run_time,
        start_time=_stamp(each.started),
        finish_time=_stamp(each.finished),
        parallel_idx=-1,
        prohibit_rollback=False,
        upstreams=each.upstreams,
        downstreams=each.downstreams,
    )


def _creator(task: Task) -> schemas.Person:
    return schemas.Person(id=task.creator.id or 0, name=task.creator.username)


def _stamp(moment: float | None) -> str | None:
    return None if moment is None else stamp(moment)
