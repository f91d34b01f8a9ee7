# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls that list, get, create, change and delete OBProxy clusters."""

from __future__ import annotations

from fastapi import APIRouter

from ..answers import page_of
from ..errors import Problem, error
from ..schemas import obproxy as schemas
from ..schemas.base import Long
from ..schemas.envelopes import Paged, Success
from ..schemas.tasks import TaskInstance
from ..services.clusters import CreateCluster, DeleteCluster
from ..simulation import Simulation
from ..state import Host, ObLink, ObproxyCluster
from ..tasks import shapes, templates
from .cluster_shape import show
from .common import (
    LOG_IN,
    Caller,
    PageNumber,
    PageSize,
    Reply,
    Sim,
    Sort,
    errors,
    must_be_free,
    must_be_idle,
    must_be_usable,
    need_cluster,
    need_host,
    paging,
    sorted_by,
)

router = APIRouter(prefix="/api/v2/obproxy/clusters", tags=["OBProxy clusters"], dependencies=LOG_IN)


@router.get("", responses=errors(), response_model_exclude_none=True)
async def list_clusters(
    simulation: Sim, reply: Reply, page: PageNumber = 1, size: PageSize = None, sort: Sort = "id,asc"
) -> Success[Paged[schemas.ObproxyCluster]]:
    simulation.engine.advance()
    clusters, where = page_of(sorted_by(simulation.state.obproxy_clusters, sort), page, paging(simulation, size))
    shown = [show(simulation, cluster) for cluster in clusters]
    return reply.data(Success[Paged[schemas.ObproxyCluster]], {"contents": shown, "page": where})


@router.get("/{id}", responses=errors(404), response_model_exclude_none=True)
async def get_cluster(simulation: Sim, reply: Reply, id: Long) -> Success[schemas.ObproxyCluster]:
    return reply.data(Success[schemas.ObproxyCluster], show(simulation, need_cluster(simulation, id)))


@router.post("", responses=errors(404, 409), response_model_exclude_none=True)
async def create_cluster(
    simulation: Sim, caller: Caller, reply: Reply, body: schemas.NewCluster
) -> Success[TaskInstance]:
    """The response does not contain the new cluster's ID. Find the cluster by its name after the task has ended."""
    simulation.engine.advance()
    _must_be_new(simulation, body.name)
    if body.work_mode == "RS_LIST" and len(body.ob_links) != 1:
        raise error(Problem.BAD_ARGUMENT, "obLinks", reason="an RS_LIST cluster links exactly one OB cluster")
    hosts = _hosts(simulation, body.obproxy_install_param)
    now = simulation.clock.now()
    cluster = ObproxyCluster(
        id=simulation.next_cluster_id(),
        name=body.name,
        work_mode=body.work_mode,
        address=body.address,
        port=body.port,
        ob_links=[
            ObLink(cluster_name=link.cluster_name, ob_cluster_id=link.ob_cluster_id, username=link.username)
            for link in body.ob_links
        ],
        parameters={each.name: each.value for each in (*body.startup_parameters, *body.parameters)},
        proxysys_password=body.password,
        created=now,
        updated=now,
    )
    asked = body.obproxy_install_param
    proxies = [
        simulation.new_proxy(host, asked.sql_port, exporter_port=asked.exporter_port, status="CREATING")
        for host in hosts
    ]
    work = CreateCluster(simulation.state, cluster, proxies, asked.version)
    task = simulation.start(templates.CREATE_CLUSTER, work, caller, hosts)
    return reply.data(Success[TaskInstance], shapes.instance(task, simulation.settings.context_as))


@router.patch("/{id}", responses=errors(404), response_model_exclude_none=True)
async def change_cluster(
    simulation: Sim, reply: Reply, id: Long, body: schemas.ClusterChange
) -> Success[schemas.ObproxyCluster]:
    cluster = need_cluster(simulation, id)
    cluster.address = body.address if body.address is not None else cluster.address
    cluster.port = body.port if body.port is not None else cluster.port
    cluster.updated = simulation.clock.now()
    return reply.data(Success[schemas.ObproxyCluster], show(simulation, cluster))


@router.delete("/{id}", responses=errors(404, 409), response_model_exclude_none=True)
async def delete_cluster(simulation: Sim, caller: Caller, reply: Reply, id: Long) -> Success[TaskInstance]:
    """This call uninstalls all proxies of the cluster."""
    cluster = need_cluster(simulation, id)
    hosts = [need_host(simulation, proxy.host_id) for proxy in cluster.obproxies]
    busy = simulation.busy()
    for host in hosts:
        must_be_idle(busy, host)
    work = DeleteCluster(simulation.state, cluster)
    task = simulation.start(templates.DELETE_CLUSTER, work, caller, hosts)
    return reply.data(Success[TaskInstance], shapes.instance(task, simulation.settings.context_as))


def _must_be_new(simulation: Simulation, name: str) -> None:
    """Require a name that no cluster has, including those that are being created."""
    making = [
        task.work.cluster
        for task in simulation.engine.all()
        if task.status != "SUCCESSFUL" and isinstance(task.work, CreateCluster)
    ]
    if any(cluster.name == name for cluster in (*simulation.state.obproxy_clusters, *making)):
        raise error(Problem.NAME_EXISTS, "name", name=name)


def _hosts(simulation: Simulation, asked: schemas.InstallParam) -> list[Host]:
    for name, value in (
        ("sqlPort", asked.sql_port),
        ("exporterPort", asked.exporter_port),
        ("version", asked.version),
    ):
        if asked.host_ids and value is None:
            raise error(Problem.BAD_ARGUMENT, f"obproxyInstallParam.{name}", reason=f"{name} is missing")
    busy, managed = simulation.busy(), simulation.managed()
    hosts = [need_host(simulation, number, "obproxyInstallParam.hostIds") for number in dict.fromkeys(asked.host_ids)]
    for host in hosts:
        must_be_idle(busy, host)
        must_be_usable(host)
        must_be_free(managed, host)
    return hosts
