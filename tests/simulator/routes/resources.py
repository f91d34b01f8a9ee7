# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls for regions, data centres, host types and credentials. A call that adds hosts refers to them by ID."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter

from ..answers import page_of
from ..errors import Problem, error
from ..resources import Credential, HostType, Idc, Part, Region
from ..schemas import hosts as schemas
from ..schemas.envelopes import Contents, Paged, Success
from ..simulation import Simulation
from .common import LOG_IN, Caller, PageNumber, PageSize, Reply, Sim, Sort, errors, need, paging, sorted_by

router = APIRouter(prefix="/api/v2", tags=["Hosts"], dependencies=LOG_IN)

Named = Success[schemas.NamedThing]


@router.get("/compute/regions", responses=errors(), response_model_exclude_none=True)
async def list_regions(
    simulation: Sim, reply: Reply, page: PageNumber = 1, size: PageSize = None, sort: Sort = "id,asc"
) -> Success[Paged[schemas.NamedThing]]:
    data = _page(simulation, simulation.state.regions, schemas.NamedThing, page, size, sort)
    return reply.data(Success[Paged[schemas.NamedThing]], data)


@router.post("/compute/regions", responses=errors(409), response_model_exclude_none=True)
async def create_region(simulation: Sim, reply: Reply, body: schemas.NewNamedThing) -> Named:
    made = _add(simulation.state.regions, Region(name=body.name))
    return reply.data(Named, _show(made, schemas.NamedThing))


@router.get("/compute/idcs", responses=errors(), response_model_exclude_none=True)
async def list_idcs(
    simulation: Sim, reply: Reply, page: PageNumber = 1, size: PageSize = None, sort: Sort = "id,asc"
) -> Success[Paged[schemas.Idc]]:
    data = _page(simulation, simulation.state.idcs, schemas.Idc, page, size, sort)
    return reply.data(Success[Paged[schemas.Idc]], data)


@router.post("/compute/idcs", responses=errors(404, 409), response_model_exclude_none=True)
async def create_idc(simulation: Sim, reply: Reply, body: schemas.NewIdc) -> Success[schemas.Idc]:
    need(simulation.state.regions, "region", body.region_id)
    made = _add(simulation.state.idcs, Idc(name=body.name, region_id=body.region_id))
    return reply.data(Success[schemas.Idc], _show(made, schemas.Idc))


@router.get("/compute/hostTypes", responses=errors(), response_model_exclude_none=True)
async def list_host_types(
    simulation: Sim, reply: Reply, page: PageNumber = 1, size: PageSize = None, sort: Sort = "id,asc"
) -> Success[Paged[schemas.NamedThing]]:
    data = _page(simulation, simulation.state.host_types, schemas.NamedThing, page, size, sort)
    return reply.data(Success[Paged[schemas.NamedThing]], data)


@router.post("/compute/hostTypes", responses=errors(409), response_model_exclude_none=True)
async def create_host_type(simulation: Sim, reply: Reply, body: schemas.NewNamedThing) -> Named:
    made = _add(simulation.state.host_types, HostType(name=body.name))
    return reply.data(Named, _show(made, schemas.NamedThing))


@router.get("/profiles/me/credentials", responses=errors(), response_model_exclude_none=True)
async def list_credentials(
    simulation: Sim, caller: Caller, reply: Reply, targetType: Literal["HOST"] | None = None
) -> Success[Contents[schemas.Credential]]:
    """Only the caller's own credentials are listed."""
    mine = [each for each in simulation.state.credentials if each.owner == caller.username]
    wanted = [each for each in mine if targetType in (None, each.target_type)]
    return reply.contents(Success[Contents[schemas.Credential]], [_show(each, schemas.Credential) for each in wanted])


@router.post("/profiles/me/credentials", responses=errors(409), response_model_exclude_none=True)
async def create_credential(
    simulation: Sim, caller: Caller, reply: Reply, body: schemas.NewCredential
) -> Success[schemas.Credential]:
    ssh = body.ssh_credential_property
    new = Credential(name=body.name, owner=caller.username, type=ssh.type, username=ssh.username)
    mine = [each for each in simulation.state.credentials if each.owner == caller.username]
    _must_be_new(mine, body.name)
    new.id = 1 + max((each.id or 0 for each in simulation.state.credentials), default=0)
    simulation.state.credentials.append(new)
    return reply.data(Success[schemas.Credential], _show(new, schemas.Credential))


def _page(
    simulation: Simulation, things: list[Any], shape: type[schemas.NamedThing], page: int, size: int | None, sort: str
) -> dict[str, Any]:
    shown, where = page_of(sorted_by(things, sort), page, paging(simulation, size))
    return {"contents": [_show(thing, shape) for thing in shown], "page": where}


def _show(thing: Part, shape: type[schemas.NamedThing]) -> schemas.NamedThing:
    return shape.model_validate(thing.model_dump(include=set(shape.model_fields)))


def _add(things: list[Any], new: Any) -> Any:
    _must_be_new(things, new.name)
    new.id = 1 + max((thing.id or 0 for thing in things), default=0)
    things.append(new)
    return new


def _must_be_new(things: list[Any], name: str) -> None:
    if any(thing.name == name for thing in things):
        raise error(Problem.NAME_EXISTS, "name", name=name)
