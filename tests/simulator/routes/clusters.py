# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OBProxy clusters: list, look at, create."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlencode

from fastapi import APIRouter

from ..answers import page_of
from ..clock import stamp
from ..errors import Problem, error
from ..simulation import Simulation
from ..tasks import shapes, templates
from ..wire import obproxy as wire
from ..wire.base import Long
from ..wire.envelopes import Paged, Success
from ..wire.tasks import TaskInstance
from ..work.base import Work
from ..world import ObLink, ObproxyCluster, Proxy
from .common import LOG_IN, Caller, PageNumber, PageSize, Reply, Sim, Sort, errors, need_cluster, paging, sorted_by

router = APIRouter(prefix="/api/v2/obproxy/clusters", tags=["OBProxy clusters"], dependencies=LOG_IN)


@router.get("", responses=errors(), response_model_exclude_none=True)
async def list_clusters(
    simulation: Sim, reply: Reply, page: PageNumber = 1, size: PageSize = None, sort: Sort = "id,asc"
) -> Success[Paged[wire.ObproxyCluster]]:
    simulation.engine.advance()
    clusters, where = page_of(sorted_by(simulation.world.obproxy_clusters, sort), page, paging(simulation, size))
    shown = [show(simulation, cluster) for cluster in clusters]
    return reply.data(Success[Paged[wire.ObproxyCluster]], {"contents": shown, "page": where})


@router.get("/{id}", responses=errors(404), response_model_exclude_none=True)
async def get_cluster(simulation: Sim, reply: Reply, id: Long) -> Success[wire.ObproxyCluster]:
    return reply.data(Success[wire.ObproxyCluster], show(simulation, need_cluster(simulation, id)))


@router.post("", responses=errors(403, 409), response_model_exclude_none=True)
async def create_cluster(simulation: Sim, caller: Caller, reply: Reply, body: wire.NewCluster) -> Success[TaskInstance]:
    if any(cluster.name == body.name for cluster in simulation.world.obproxy_clusters):
        raise error(Problem.CLUSTER_EXISTS, "name", cluster=body.name)
    now = simulation.clock.now()
    cluster = ObproxyCluster(
        id=1 + max((cluster.id or 0 for cluster in simulation.world.obproxy_clusters), default=0),
        name=body.name,
        work_mode=body.work_mode,
        address=body.address,
        port=body.port,
        ob_links=[
            ObLink(cluster_name=link.cluster_name, ob_cluster_id=link.ob_cluster_id, username=link.username)
            for link in body.ob_links
        ],
        created=now,
        updated=now,
    )
    simulation.world.obproxy_clusters.append(cluster)
    task = simulation.start(templates.CREATE_CLUSTER, Work(), caller, [])
    return reply.data(Success[TaskInstance], shapes.instance(task, simulation.settings.context_as))


def show(simulation: Simulation, cluster: ObproxyCluster) -> wire.ObproxyCluster:
    proxies = [_show_proxy(simulation, cluster, proxy) for proxy in cluster.obproxies]
    versions = Counter(proxy.version for proxy in proxies if proxy.version)
    places = Counter(proxy.idc_name for proxy in proxies)
    return wire.ObproxyCluster(
        id=cluster.id,
        name=cluster.name,
        work_mode=cluster.work_mode,
        config_url=config_url(simulation.public_url, cluster) if cluster.work_mode == "CONFIG_URL" else None,
        address=cluster.address,
        port=cluster.port,
        ob_links=[
            wire.ObLink(
                cluster_name=link.cluster_name,
                ob_cluster_id=link.ob_cluster_id,
                username=link.username,
                status=link.status,
            )
            for link in cluster.ob_links
        ],
        versions=[wire.VersionCount(version=version, count=count) for version, count in sorted(versions.items())],
        topo=[wire.IdcCount(idc_name=name, count=count) for name, count in sorted(places.items())],
        obproxies=proxies,
        parameter_version=cluster.parameter_version,
        create_time=stamp(cluster.created or 0),
        update_time=stamp(cluster.updated or 0),
    )


def config_url(public_url: str, cluster: ObproxyCluster) -> str:
    query = {
        "Action": "GetObProxyConfig",
        "User_ID": "alibaba",
        "UID": "ocpmaster",
        "ObproxyClusterName": cluster.name,
    }
    return f"{public_url}/services?{urlencode(query)}"


def _show_proxy(simulation: Simulation, cluster: ObproxyCluster, proxy: Proxy) -> wire.Obproxy:
    host = simulation.host(proxy.host_id)
    assert host is not None
    return wire.Obproxy(
        id=proxy.id,
        cluster_id=cluster.id,
        host_id=host.id,
        ip=host.address,
        sql_port=proxy.sql_port,
        exporter_port=proxy.exporter_port,
        version=proxy.version,
        status=proxy.status,
        operate_status=proxy.operate_status,
        idc_name=host.idc_name,
        last_active_time=stamp(simulation.clock.now()) if proxy.status == "RUNNING" else None,
        parameter_version=proxy.parameter_version,
        architecture=host.architecture,
    )
