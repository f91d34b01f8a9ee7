# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The call with which an OBProxy cluster takes over OBProxies."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter

from ..errors import Ordered, Problem, error
from ..schemas.base import Long
from ..schemas.envelopes import Contents, Success
from ..schemas.obproxy import TakeOver as Body
from ..schemas.obproxy import TakeOverHost
from ..schemas.tasks import TaskInstance
from ..services.takeover import TakeOver, Target
from ..simulation import Simulation
from ..state import Host, ObproxyCluster
from ..tasks import shapes
from .common import (
    LOG_IN,
    Caller,
    Reply,
    Sim,
    errors,
    must_be_free,
    must_be_idle,
    must_be_usable,
    need_cluster,
    need_host,
)

router = APIRouter(prefix="/api/v2/obproxy/clusters", tags=["OBProxy clusters"], dependencies=LOG_IN)

Tasks = Success[Contents[TaskInstance]]
OneTask = Success[TaskInstance]


@router.post("/{id}/takeOver", responses=errors(403, 404, 409), response_model_exclude_none=True)
async def take_over(simulation: Sim, caller: Caller, reply: Reply, id: Long, body: Body) -> Tasks | OneTask:
    """If one host cannot be taken over, the whole call is refused, and no task is started."""
    settings = simulation.settings
    if settings.takeover_answer_after:
        # The caller may have disconnected by then. OCP continues anyway.
        await asyncio.sleep(settings.takeover_answer_after)
    if refusal := simulation.next_refusal():
        raise Ordered(refusal.code, refusal.status, refusal.message)
    cluster = need_cluster(simulation, id)
    hosts = _admissible(simulation, body)
    if settings.refuse_at == "call":
        await _look(simulation, cluster, hosts, body)
        # Another call may have started a task during the checks.
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
            raise error(Problem.BAD_ARGUMENT, "hostId", reason=f"host {host.id} is named more than once")
        must_be_idle(busy, host)
        must_be_usable(host)
        must_be_free(managed, host)
        hosts[host.id] = host
    return list(hosts.values())


def _target(simulation: Simulation, host: Host, wanted: TakeOverHost) -> Target:
    proxy = simulation.new_proxy(host, wanted.sql_port, status="TAKINGOVER", operate_status="OPERATING")
    return Target(host, proxy, wanted.proxysys_passwd)


async def _look(simulation: Simulation, cluster: ObproxyCluster, hosts: list[Host], body: Body) -> None:
    looks = [
        asyncio.to_thread(TakeOver(simulation.state, cluster, [_target(simulation, host, wanted)]).look)
        for host, wanted in zip(hosts, body.hosts, strict=True)
    ]
    for problem, reason in filter(None, await asyncio.gather(*looks)):
        raise error(problem, "hostId", reason=reason)
