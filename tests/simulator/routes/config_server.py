# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration server, from which OBProxies get the OB clusters' root servers. Not part of OCP's REST API."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query

from ..simulation import Simulation
from ..state import ObLink
from .common import Sim

router = APIRouter(include_in_schema=False)


@router.api_route("/services", methods=["GET", "POST"])
async def services(
    simulation: Sim,
    action: Annotated[str, Query(alias="Action")],
    cluster: Annotated[str | None, Query(alias="ObproxyClusterName")] = None,
    region: Annotated[str | None, Query(alias="ObRegion")] = None,
    ob_cluster: Annotated[str | None, Query(alias="ObCluster")] = None,
    version_only: Annotated[bool, Query(alias="VersionOnly")] = False,
) -> dict[str, Any]:
    if action == "GetObProxyConfig":
        links = _links(simulation, cluster)
        if links is None:
            return _answer(404, f"no OBProxy cluster {cluster}")
        config = _config(simulation, links)
        return _answer(200, "successful", {"Version": config["Version"]} if version_only else config)
    if action == "ObRootServiceInfo":
        name = ob_cluster or region
        for each in simulation.state.obproxy_clusters:
            for link in each.ob_links:
                if link.cluster_name == name:
                    return _answer(200, "successful", _root_servers(link))
        return _answer(404, f"no OB cluster {name}")
    return _answer(400, f"no action {action}")


def _links(simulation: Simulation, name: str | None) -> list[ObLink] | None:
    for cluster in simulation.state.obproxy_clusters:
        if name in (None, cluster.name):
            return cluster.ob_links
    return None


def _config(simulation: Simulation, links: list[ObLink]) -> dict[str, Any]:
    def url(name: str) -> str:
        query = {"Action": "ObRootServiceInfo", "User_ID": "alibaba", "UID": "ocpmaster", "ObRegion": name}
        return f"{simulation.public_url}/services?{urlencode(query)}"

    regions = [{"ObRegion": link.cluster_name, "ObRootServiceInfoUrl": url(link.cluster_name)} for link in links]
    return {
        "ObProxyBinUrl": f"{simulation.public_url}/client?Action=GetObProxy",
        "ObProxyDatabaseInfo": {
            "DataBase": "obproxy",
            "MetaDataBase": url("obdv1"),
            "Password": "",
            "User": "root@obproxy",
        },
        "ObRootServiceInfoUrlList": regions,
        # A proxy reloads the list when this changes.
        "Version": hashlib.md5(repr(regions).encode(), usedforsecurity=False).hexdigest(),
    }


def _root_servers(link: ObLink) -> dict[str, Any]:
    servers = [
        {"address": address, "role": "FOLLOWER" if n else "LEADER", "sql_port": 2881}
        for n, address in enumerate(link.root_servers)
    ]
    return {
        "ObRegion": link.cluster_name,
        "ObCluster": link.cluster_name,
        "ObRegionId": link.ob_cluster_id,
        "ObClusterId": link.ob_cluster_id,
        "Type": "PRIMARY",
        "RsList": servers,
        "ReadonlyRsList": [],
    }


def _answer(code: int, message: str, data: dict[str, Any] | None = None) -> dict[str, Any]:
    answer: dict[str, Any] = {"Code": code, "Message": message, "Success": code == 200, "Cost": 1}
    if data is not None:
        answer["Data"] = data
    return answer
