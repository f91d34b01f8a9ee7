# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls that list, get, add and delete compute hosts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from ..answers import page_of
from ..errors import Problem, error
from ..schemas import hosts as schemas
from ..schemas.base import Long
from ..schemas.envelopes import Contents, Done, Paged, Success
from ..schemas.tasks import TaskInstance
from ..services.hosts import AddHost, found_at, refusal
from ..simulation import Simulation
from ..state import Host
from ..tasks import shapes, templates
from .common import (
    LOG_IN,
    Caller,
    PageNumber,
    PageSize,
    Reply,
    Sim,
    Sort,
    Statuses,
    errors,
    listed,
    need,
    need_host,
    paging,
    sorted_by,
)

router = APIRouter(prefix="/api/v2/compute/hosts", tags=["Hosts"], dependencies=LOG_IN)


@router.get("", responses=errors(), response_model_exclude_none=True)
async def list_hosts(
    simulation: Sim,
    reply: Reply,
    keyword: Annotated[str | None, Query(description="Fuzzy: a part of the address or of the name.")] = None,
    status: Statuses = None,
    page: PageNumber = 1,
    size: PageSize = None,
    sort: Sort = "id,asc",
) -> Success[Paged[schemas.Host]]:
    simulation.engine.advance()
    part, statuses = (keyword or "").lower(), listed(status)
    found = [
        host
        for host in simulation.state.hosts
        if (part in host.address.lower() or part in (host.name or "").lower())
        and (not statuses or host.status in statuses)
    ]
    hosts, where = page_of(sorted_by(found, sort), page, paging(simulation, size))
    return reply.data(Success[Paged[schemas.Host]], {"contents": [_show(host) for host in hosts], "page": where})


@router.get("/{id}", responses=errors(404), response_model_exclude_none=True)
async def get_host(simulation: Sim, reply: Reply, id: Long) -> Success[schemas.Host]:
    return reply.data(Success[schemas.Host], _show(need_host(simulation, id, "id")))


@router.post("/batchCreate", responses=errors(404, 409), response_model_exclude_none=True)
async def create_hosts(
    simulation: Sim, caller: Caller, reply: Reply, body: schemas.HostBatchCreate
) -> Success[Contents[TaskInstance]]:
    """If one host cannot be added, the whole call is refused."""
    state = simulation.state
    addresses = _addresses(simulation, body)
    idc = need(state.idcs, "IDC", body.idc_id)
    need(state.host_types, "host type", body.type_id)
    need([each for each in state.credentials if each.owner == caller.username], "credential", body.credential_id)
    region = need(state.regions, "region", idc.region_id)
    found = [found_at(state, address) for address in addresses]
    if simulation.settings.refuse_at == "call" and (problems := list(filter(None, map(refusal, found)))):
        raise problems[0]
    if len({each.operating_system for each in found}) > 1:
        raise error(Problem.NEW_HOSTS_SYSTEMS)
    if len({each.architecture for each in found}) > 1:
        raise error(Problem.NEW_HOSTS_ARCHITECTURES)
    tasks = []
    for each in found:
        number = simulation.next_host_id()
        host = Host(
            id=number,
            address=each.address,
            name=body.alias or f"host-{number}",
            status="NEW",
            ssh_port=body.ssh_port,
            kind=body.kind,
            operating_system=each.operating_system,
            architecture=each.architecture,
            idc_id=body.idc_id,
            idc_name=idc.name,
            region_name=region.name,
        )
        state.hosts.append(host)
        tasks.append(simulation.start(templates.ADD_HOST, AddHost(state, host, each), caller, [host]))
    shown = [shapes.instance(task, simulation.settings.context_as) for task in tasks]
    return reply.contents(Success[Contents[TaskInstance]], shown)


@router.post("/batchDelete", responses=errors(404, 409), response_model_exclude_none=True)
async def delete_hosts(simulation: Sim, reply: Reply, body: schemas.HostBatchDelete) -> Done:
    _delete(simulation, [need_host(simulation, number, "hostIdList") for number in dict.fromkeys(body.host_id_list)])
    return reply.done()


@router.delete("/{id}", responses=errors(404, 409), response_model_exclude_none=True)
async def delete_host(simulation: Sim, reply: Reply, id: Long) -> Done:
    _delete(simulation, [need_host(simulation, id, "id")])
    return reply.done()


def _addresses(simulation: Simulation, body: schemas.HostBatchCreate) -> list[str]:
    addresses = [data.inner_ip_address for data in body.host_basic_data_list]
    if len(set(addresses)) < len(addresses):
        raise error(Problem.PRECONDITION, "hostBasicDataList", reason="a host is named more than once")
    if body.alias and len(addresses) > 1:
        raise error(Problem.PRECONDITION, "alias", reason="an alias is for one host only")
    for host in simulation.state.hosts:
        if host.address in addresses:
            raise error(Problem.HOST_EXISTS, "innerIpAddress", host=host.address)
    return addresses


def _delete(simulation: Simulation, hosts: list[Host]) -> None:
    busy, managed = simulation.busy(), simulation.managed()
    for host in hosts:
        if host.id in managed:
            reason = f"OBProxy cluster {managed[host.id][0].name} has an OBProxy there"
            raise error(Problem.HOST_IN_USE, "hostId", host=host.address, reason=reason)
        if host.id in busy:
            raise error(Problem.HOST_IN_USE, "hostId", host=host.address, reason=f"task {busy[host.id].id} runs")
    gone = {host.id for host in hosts}
    simulation.state.hosts = [host for host in simulation.state.hosts if host.id not in gone]


def _show(host: Host) -> schemas.Host:
    return schemas.Host(
        id=host.id,
        name=host.name,
        inner_ip_address=host.address,
        ssh_port=host.ssh_port,
        kind=host.kind,
        status=host.status,
        services=[schemas.Service(name=each.name, version=each.version, type=each.type) for each in host.services],
        host_agent_status=host.agent_status,
        operating_system=host.operating_system,
        architecture=host.architecture,
        idc_id=host.idc_id,
        idc_name=host.idc_name,
        region_name=host.region_name,
    )
