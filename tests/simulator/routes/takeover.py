# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The call that all this exists for: an OBProxy cluster takes over OBProxies."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter

from .. import preconditions
from ..errors import OcpError, Problem, error
from ..simulation import Simulation
from ..tasks import shapes
from ..wire.base import Long
from ..wire.envelopes import Contents, Success
from ..wire.obproxy import TakeOver as Body
from ..wire.tasks import TaskInstance
from ..work.takeover import TakeOver, Target
from ..world import Host, ObproxyCluster, Proxy
from .common import LOG_IN, Caller, Reply, Sim, errors, must_be_idle, must_be_usable, need_cluster, need_host

router = APIRouter(prefix="/api/v2/obproxy/clusters", tags=["OBProxy clusters"], dependencies=LOG_IN)

Tasks = Success[Contents[TaskInstance]]
OneTask = Success[TaskInstance]


@router.post("/{id}/takeOver", responses=errors(403, 404, 409), response_model_exclude_none=True)
async def take_over(simulation: Sim, caller: Caller, reply: Reply, id: Long, body: Body) -> Tasks | OneTask:
    """One host that cannot be taken over refuses the whole call: nothing has begun then."""
    cluster = need_cluster(simulation, id)
    hosts = _admissible(simulation, body)
    settings = simulation.settings
    if settings.refuse_at == "call":
        await _look(simulation, cluster, hosts, body)
        # The looks took a while, in which another call may have begun.
        hosts = _admissible(simulation, body)
    targets = [_target(simulation, host, wanted) for host, wanted in zip(hosts, body.hosts, strict=True)]
    if settings.tasks_per_host and settings.takeover_answer == "contents":
        groups = [[target] for target in targets]
    else:
        groups = [targets]
    tasks = [simulation.take_over(cluster, group, caller) for group in groups]
    shown = [shapes.instance(task, settings.context_as) for task in tasks]
    if settings.takeover_answer == "object":
        return reply.data(OneTask, shown[0])
    return reply.contents(Tasks, shown)


def _admissible(simulation: Simulation, body: Body) -> list[Host]:
    hosts: dict[int, Host] = {}
    busy, managed = simulation.busy(), simulation.managed()
    for wanted in body.hosts:
        host = need_host(simulation, wanted.host_id)
        if host.id in hosts:
            raise error(Problem.DUPLICATE_HOST, "hostId", host=host.id)
        must_be_idle(busy, host)
        must_be_usable(host, preconditions.USABLE)
        if host.id in managed:
            raise _not_free(*managed[host.id], host, wanted.sql_port)
        hosts[host.id] = host
    return list(hosts.values())


def _not_free(cluster: ObproxyCluster, proxy: Proxy, host: Host, sql_port: int) -> OcpError:
    if proxy.sql_port != sql_port:
        reason = f"host {host.address} already has an OBProxy of cluster {cluster.name}, at port {proxy.sql_port}"
        return error(Problem.PRECONDITION, "sqlPort", reason=reason)
    return error(
        Problem.ALREADY_MANAGED,
        "hostId",
        address=host.address,
        port=sql_port,
        cluster=cluster.name,
        status=proxy.status,
    )


def _target(simulation: Simulation, host: Host, wanted) -> Target:
    proxy = simulation.new_proxy(host, wanted.sql_port, status="TAKINGOVER", operate_status="OPERATING")
    return Target(host, proxy, wanted.proxysys_passwd)


async def _look(simulation: Simulation, cluster: ObproxyCluster, hosts: list[Host], body: Body) -> None:
    looks = [
        asyncio.to_thread(TakeOver(simulation.world, cluster, [_target(simulation, host, wanted)]).look)
        for host, wanted in zip(hosts, body.hosts, strict=True)
    ]
    for problem, reason in filter(None, await asyncio.gather(*looks)):
        raise error(problem, "hostId", reason=reason)
