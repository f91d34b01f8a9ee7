# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compute hosts: list, look at, add."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from ..answers import page_of
from ..errors import Problem, error
from ..tasks import shapes, templates
from ..wire import hosts as wire
from ..wire.base import Long
from ..wire.envelopes import Contents, Paged, Success
from ..wire.tasks import TaskInstance
from ..work.proxies import AddHosts
from ..world import Host
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
) -> Success[Paged[wire.Host]]:
    simulation.engine.advance()
    part, statuses = (keyword or "").lower(), listed(status)
    found = [
        host
        for host in simulation.world.hosts
        if (part in host.address.lower() or part in (host.name or "").lower())
        and (not statuses or host.status in statuses)
    ]
    hosts, where = page_of(sorted_by(found, sort), page, paging(simulation, size))
    return reply.data(Success[Paged[wire.Host]], {"contents": [_show(host) for host in hosts], "page": where})


@router.get("/{id}", responses=errors(404), response_model_exclude_none=True)
async def get_host(simulation: Sim, reply: Reply, id: Long) -> Success[wire.Host]:
    return reply.data(Success[wire.Host], _show(need_host(simulation, id, "id")))


@router.post("/batchCreate", responses=errors(403, 409), response_model_exclude_none=True)
async def create_hosts(
    simulation: Sim, caller: Caller, reply: Reply, body: wire.HostBatchCreate
) -> Success[Contents[TaskInstance]]:
    addresses = list(dict.fromkeys(data.inner_ip_address for data in body.host_basic_data_list))
    for host in simulation.world.hosts:
        if host.address in addresses:
            raise error(Problem.HOST_EXISTS, "innerIpAddress", host=host.address)
    tasks = []
    for address in addresses:
        number = 1 + max((host.id or 0 for host in simulation.world.hosts), default=0)
        host = Host(
            id=number,
            address=address,
            name=f"host-{number}",
            status="NEW",
            ssh_port=body.ssh_port,
            kind=body.kind,
            idc_id=body.idc_id,
        )
        simulation.world.hosts.append(host)
        tasks.append(simulation.start(templates.ADD_HOSTS, AddHosts([host]), caller, [host]))
    shown = [shapes.instance(task, simulation.settings.context_as) for task in tasks]
    return reply.contents(Success[Contents[TaskInstance]], shown)


def _show(host: Host) -> wire.Host:
    return wire.Host(
        id=host.id,
        name=host.name,
        inner_ip_address=host.address,
        ssh_port=host.ssh_port,
        kind=host.kind,
        status=host.status,
        services=[wire.Service(name=each.name, version=each.version, type=each.type) for each in host.services],
        host_agent_status=host.agent_status,
        operating_system=host.operating_system,
        architecture=host.architecture,
        idc_id=host.idc_id,
        idc_name=host.idc_name,
        region_name=host.region_name,
    )
