# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control path, for tests and for trying out the simulator. Real OCP has no such path."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..clock import stamp
from ..faults import Fault
from ..journal import Accepted, Asking
from ..settings import Settings
from ..state import State
from ..tasks.faults import TaskFault
from .common import Sim

router = APIRouter(prefix="/_simulator", include_in_schema=False)


class ClockChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    frozen: bool | None = None
    advance: float = Field(0, ge=0)


class TaskChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    seconds: float | None = Field(None, ge=0)
    fault: TaskFault | None = None
    gone: bool | None = None


@router.get("/state")
async def get_state(simulation: Sim) -> State:
    simulation.engine.advance()
    now = {"faults": simulation.faults.faults, "task_faults": simulation.factory.task_faults, "tasks": []}
    return simulation.state.model_copy(update=now)


@router.put("/state")
async def put_state(simulation: Sim, state: State) -> State:
    simulation.reset(state)
    return await get_state(simulation)


@router.get("/settings")
async def get_settings(simulation: Sim) -> Settings:
    return simulation.settings


@router.patch("/settings")
async def patch_settings(simulation: Sim, change: Annotated[dict[str, Any], Body()]) -> Settings:
    try:
        simulation.state.settings = Settings.model_validate({**simulation.settings.model_dump(), **change})
    except ValidationError as problem:
        raise HTTPException(422, problem.errors(include_url=False, include_context=False)) from problem
    simulation.other_tasks()
    return simulation.settings


@router.get("/requests")
async def get_requests(simulation: Sim, since: Annotated[int, Query()] = 0) -> list[Asking]:
    """Return all requests to OCP so far, in order. `since` leaves out the IDs up to this one."""
    return [asking for asking in simulation.journal.requests if asking.id > since]


@router.delete("/requests", status_code=204, response_model=None)
async def delete_requests(simulation: Sim) -> None:
    simulation.journal.requests.clear()


@router.get("/takeovers")
async def get_takeovers(simulation: Sim) -> list[Accepted]:
    return simulation.journal.takeovers


@router.get("/faults")
async def get_faults(simulation: Sim) -> list[Fault]:
    return simulation.faults.faults


@router.post("/faults")
async def post_fault(simulation: Sim, fault: Fault) -> Fault:
    return simulation.faults.add(fault)


@router.delete("/faults", status_code=204, response_model=None)
async def delete_faults(simulation: Sim) -> None:
    simulation.faults.remove(None)


@router.delete("/faults/{number}", status_code=204, response_model=None)
async def delete_fault(simulation: Sim, number: int) -> None:
    if not simulation.faults.remove(number):
        raise HTTPException(404, f"there is no fault {number}")


@router.get("/task-faults")
async def get_task_faults(simulation: Sim) -> list[TaskFault]:
    return simulation.factory.task_faults


@router.post("/task-faults")
async def post_task_fault(simulation: Sim, fault: TaskFault) -> TaskFault:
    return simulation.order(fault)


@router.delete("/task-faults", status_code=204, response_model=None)
async def delete_task_faults(simulation: Sim) -> None:
    simulation.factory.task_faults.clear()


@router.get("/tasks")
async def get_tasks(simulation: Sim) -> list[dict[str, Any]]:
    return [
        {
            "id": task.id,
            "name": task.name,
            "status": task.status,
            "operation": task.operation,
            "host_ids": task.host_ids,
            "subtasks": [
                {"id": subtask.id, "name": subtask.step.name, "status": subtask.status} for subtask in task.subtasks
            ],
        }
        for task in simulation.engine.all()
        if not task.foreign
    ]


@router.patch("/tasks/{number}")
async def patch_task(simulation: Sim, number: int, change: TaskChange) -> dict[str, Any]:
    """Change a running task: its pace, its fault (null removes it), or whether it exists at all."""
    task = simulation.engine.get(number)
    if task is None:
        raise HTTPException(404, f"there is no task {number}")
    if "fault" in change.model_fields_set:
        task.fault, task.fault_uses, task.shown = change.fault, 0, None
        for subtask in task.subtasks:
            subtask.shown = None
    if change.seconds is not None:
        task.seconds = change.seconds
    task.gone = change.gone if change.gone is not None else task.gone
    return {"id": task.id, "status": task.status, "gone": task.gone}


@router.get("/clock")
async def get_clock(simulation: Sim) -> dict[str, Any]:
    return {"time": stamp(simulation.clock.now()), "frozen": simulation.clock.frozen}


@router.put("/clock")
async def put_clock(simulation: Sim, change: ClockChange) -> dict[str, Any]:
    if change.frozen is True:
        simulation.clock.freeze()
    elif change.frozen is False:
        simulation.clock.thaw()
    simulation.clock.advance(change.advance)
    simulation.engine.advance()
    return await get_clock(simulation)
