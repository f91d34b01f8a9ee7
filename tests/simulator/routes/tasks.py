# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls that list, get, retry and roll back tasks, and that retry, skip and cancel subtasks and return their logs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from ..answers import page_of
from ..schemas import tasks as schemas
from ..schemas.base import Long
from ..schemas.envelopes import Done, Paged, Success
from ..services.takeover import TakeOver
from ..simulation import Simulation
from ..tasks import shapes
from ..tasks.model import Task
from .common import LOG_IN, PageNumber, PageSize, Reply, Sim, Sort, Statuses, errors, listed, paging, sorted_by

router = APIRouter(prefix="/api/v2/tasks/instances", tags=["Tasks"], dependencies=LOG_IN)

Fuzzy = Annotated[str | None, Query(description="Fuzzy.")]


@router.get("", responses=errors(), response_model_exclude_none=True)
async def list_tasks(
    simulation: Sim,
    reply: Reply,
    name: Fuzzy = None,
    status: Statuses = None,
    type: Annotated[str | None, Query()] = None,
    cluster_name: Annotated[str | None, Query(alias="clusterName", description="Fuzzy.")] = None,
    host_id: Annotated[Long | None, Query(alias="hostId")] = None,
    page: PageNumber = 1,
    size: PageSize = None,
    sort: Sort = "id,desc",
) -> Success[Paged[schemas.BasicTaskInstance]]:
    statuses, types = listed(status), listed(type)

    def fits(task: Task) -> bool:
        return (
            _contains(task.name, name)
            and _contains(task.cluster_name or "", cluster_name)
            and (not statuses or (task.shown or task.status) in statuses)
            and (not types or task.type in types)
            and (host_id is None or (host_id in task.host_ids and _found_by_host(simulation, task)))
        )

    found = sorted_by([task for task in simulation.engine.all() if fits(task)], sort)
    tasks, where = page_of(found, page, paging(simulation, size))
    data = {"contents": [shapes.basic(task) for task in tasks], "page": where}
    return reply.data(Success[Paged[schemas.BasicTaskInstance]], data)


@router.get("/{id}", responses=errors(404), response_model_exclude_none=True)
async def get_task(simulation: Sim, reply: Reply, id: Long) -> Success[schemas.WrappedTaskInstance]:
    return reply.data(Success[schemas.WrappedTaskInstance], shapes.wrapped(simulation.operations.find(id)))


@router.post("/{id}/retry", responses=errors(403, 404, 409), response_model_exclude_none=True)
async def retry(simulation: Sim, reply: Reply, id: Long) -> Success[schemas.WrappedTaskInstance]:
    return reply.data(Success[schemas.WrappedTaskInstance], shapes.wrapped(simulation.operations.retry(id)))


@router.post("/{id}/rollback", responses=errors(403, 404, 409), response_model_exclude_none=True)
async def rollback(simulation: Sim, reply: Reply, id: Long) -> Success[schemas.WrappedTaskInstance] | Done:
    task = simulation.operations.rollback(id)
    if simulation.settings.rollback_answer == "nothing":
        return reply.done()
    return reply.data(Success[schemas.WrappedTaskInstance], shapes.wrapped(task))


@router.post("/{id}/subtasks/{subtaskId}/retry", responses=errors(403, 404, 409), response_model_exclude_none=True)
async def retry_subtask(simulation: Sim, reply: Reply, id: Long, subtaskId: Long) -> Success[schemas.Subtask]:
    return reply.data(Success[schemas.Subtask], shapes.subtask(simulation.operations.retry_subtask(id, subtaskId)))


@router.post("/{id}/subtasks/{subtaskId}/skip", responses=errors(403, 404, 409), response_model_exclude_none=True)
async def skip(simulation: Sim, reply: Reply, id: Long, subtaskId: Long) -> Done:
    simulation.operations.skip(id, subtaskId)
    return reply.done()


@router.post("/{id}/subtasks/{subtaskId}/cancel", responses=errors(403, 404, 409), response_model_exclude_none=True)
async def cancel(simulation: Sim, reply: Reply, id: Long, subtaskId: Long) -> Done:
    simulation.operations.cancel(id, subtaskId)
    return reply.done()


@router.get("/{id}/subtasks/{subtaskId}/log", responses=errors(404), response_model_exclude_none=True)
async def log(simulation: Sim, reply: Reply, id: Long, subtaskId: Long) -> Success[schemas.SubtaskLog]:
    _, subtask = simulation.operations.find_subtask(id, subtaskId)
    return reply.data(Success[schemas.SubtaskLog], schemas.SubtaskLog(log="".join(f"{line}\n" for line in subtask.log)))


def _found_by_host(simulation: Simulation, task: Task) -> bool:
    return simulation.settings.host_filter_finds_takeovers or not isinstance(task.work, TakeOver)


def _contains(text: str, part: str | None) -> bool:
    return part is None or part.lower() in text.lower()
