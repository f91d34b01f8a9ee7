# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls that add, delete, restart and upgrade OBProxies. Their tasks run, but no real proxy is touched."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Path

from ..errors import Problem, error
from ..schemas import obproxy as schemas
from ..schemas.base import Long
from ..schemas.envelopes import Contents, Success
from ..schemas.tasks import TaskInstance
from ..services.proxies import Add, Change, Delete
from ..simulation import Simulation
from ..state import Host, ObproxyCluster, Proxy
from ..tasks import shapes, templates
from ..tasks.model import Task
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

router = APIRouter(prefix="/api/v2/obproxy/clusters/{id}/obproxies", tags=["OBProxies"], dependencies=LOG_IN)
servers = APIRouter(prefix="/api/v2/obproxy/clusters/{id}/servers", tags=["OBProxies"], dependencies=LOG_IN)

Ids = Annotated[str, Path(pattern=r"^[0-9]{1,18}(,[0-9]{1,18})*$", description="One or several, joined by comma.")]
OneTask = Success[TaskInstance]


@router.post("/batchAdd", responses=errors(403, 404, 409), response_model_exclude_none=True)
async def add(
    simulation: Sim, caller: Caller, reply: Reply, id: Long, body: schemas.BatchAdd
) -> Success[Contents[TaskInstance]]:
    cluster = need_cluster(simulation, id)
    hosts = [need_host(simulation, host_id, "hostIds") for host_id in dict.fromkeys(body.host_ids)]
    busy, managed = simulation.busy(), simulation.managed()
    for host in hosts:
        must_be_idle(busy, host)
        must_be_usable(host)
        must_be_free(managed, host)
    tasks = []
    for host in hosts:
        proxy = simulation.new_proxy(host, body.sql_port, exporter_port=body.exporter_port)
        tasks.append(simulation.start(templates.ADD, Add(cluster, [proxy], body.version), caller, [host]))
    shown = [shapes.instance(task, simulation.settings.context_as) for task in tasks]
    return reply.contents(Success[Contents[TaskInstance]], shown)


@router.delete("/{ids}", responses=errors(403, 404, 409), response_model_exclude_none=True)
async def delete(simulation: Sim, caller: Caller, reply: Reply, id: Long, ids: Ids) -> OneTask:
    cluster, proxies, hosts = _chosen(simulation, id, ids)
    return _answer(simulation, reply, simulation.start(templates.DELETE, Delete(cluster, proxies), caller, hosts))


@servers.post("/delete", responses=errors(404, 409), response_model_exclude_none=True)
async def delete_servers(
    simulation: Sim, caller: Caller, reply: Reply, id: Long, body: schemas.ServersDelete
) -> OneTask:
    """This call deletes OBProxies in V4.3 and later."""
    return await delete(simulation, caller, reply, id, ",".join(map(str, body.obproxy_server_ids)))


@router.post("/{ids}/restart", responses=errors(403, 404, 409), response_model_exclude_none=True)
async def restart(simulation: Sim, caller: Caller, reply: Reply, id: Long, ids: Ids) -> OneTask:
    cluster, proxies, hosts = _chosen(simulation, id, ids)
    work = Change(cluster, proxies, "RESTARTING")
    return _answer(simulation, reply, simulation.start(templates.RESTART, work, caller, hosts))


@router.post("/{ids}/upgrade", responses=errors(403, 404, 409), response_model_exclude_none=True)
async def upgrade(simulation: Sim, caller: Caller, reply: Reply, id: Long, ids: Ids, body: schemas.Upgrade) -> OneTask:
    cluster, proxies, hosts = _chosen(simulation, id, ids)
    # VERSION-RELEASE without the dist tag, as in OCP's list of proxies.
    version = re.match(r"obproxy(?:-ce)?-([0-9.]+(?:-[0-9]+)?)", body.short_rpm_name)
    work = Change(cluster, proxies, "UPGRADING", version.group(1) if version else None)
    return _answer(simulation, reply, simulation.start(templates.UPGRADE, work, caller, hosts))


def _chosen(simulation: Simulation, cluster_id: int, ids: str) -> tuple[ObproxyCluster, list[Proxy], list[Host]]:
    cluster = need_cluster(simulation, cluster_id)
    proxies: list[Proxy] = []
    for wanted in dict.fromkeys(int(part) for part in ids.split(",")):
        proxy = next((proxy for proxy in cluster.obproxies if proxy.id == wanted), None)
        if proxy is None:
            raise error(Problem.PROXY_NOT_FOUND, "ids", obproxy=wanted)
        proxies.append(proxy)
    hosts = [need_host(simulation, proxy.host_id) for proxy in proxies]
    busy = simulation.busy()
    for host in hosts:
        must_be_idle(busy, host)
    return cluster, proxies, hosts


def _answer(simulation: Simulation, reply: Reply, task: Task) -> OneTask:
    return reply.data(OneTask, shapes.instance(task, simulation.settings.context_as))
