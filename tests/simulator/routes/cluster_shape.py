# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shape of an OBProxy cluster in responses."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlencode

from ..clock import stamp
from ..schemas import obproxy as schemas
from ..simulation import Simulation
from ..state import ObproxyCluster, Proxy


def show(simulation: Simulation, cluster: ObproxyCluster) -> schemas.ObproxyCluster:
    proxies = [_show_proxy(simulation, cluster, proxy) for proxy in cluster.obproxies]
    versions = Counter(proxy.version for proxy in proxies if proxy.version)
    places = Counter(proxy.idc_name for proxy in proxies)
    return schemas.ObproxyCluster(
        id=cluster.id,
        name=cluster.name,
        work_mode=cluster.work_mode,
        config_url=config_url(simulation.public_url, cluster) if cluster.work_mode == "CONFIG_URL" else None,
        address=cluster.address,
        port=cluster.port,
        ob_links=[
            schemas.ObLink(
                cluster_name=link.cluster_name,
                ob_cluster_id=link.ob_cluster_id,
                username=link.username,
                status=link.status,
            )
            for link in cluster.ob_links
        ],
        versions=[schemas.VersionCount(version=version, count=count) for version, count in sorted(versions.items())],
        topo=[schemas.IdcCount(idc_name=name, count=count) for name, count in sorted(places.items())],
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


def _show_proxy(simulation: Simulation, cluster: ObproxyCluster, proxy: Proxy) -> schemas.Obproxy:
    host = simulation.host(proxy.host_id)
    assert host is not None
    return schemas.Obproxy(
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
