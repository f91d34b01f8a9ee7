# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Hosts, groups and names of the inventory plugin, from OCP's hosts and OBProxy clusters. Pure: no OCP and no
Ansible."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..module_utils._ocp.objects import Cluster, Host, Place, Places, public

#: The criteria of filters and groups: the values that a host has for each of them.
CRITERIA: dict[str, Callable[[Mapping[str, Any]], list[Any]]] = {
    "cluster": lambda host: [proxy["cluster"] for proxy in host["obproxies"]],
    "work_mode": lambda host: [proxy["work_mode"] for proxy in host["obproxies"]],
    "proxy_status": lambda host: [proxy["status"] for proxy in host["obproxies"]],
    "status": lambda host: [host["status"]],
    "idc": lambda host: [host["idc_name"]],
}


def join(hosts: list[Host], clusters: list[Cluster]) -> list[dict[str, Any]]:
    """The hosts as ocp_host_info returns them, each with the proxies that the clusters have on it."""
    places = Places(clusters)
    return [
        {**public(host), "obproxies": [_proxy(place) for place in places.on_host([host.id], [host.address])]}
        for host in hosts
    ]


def _proxy(place: Place) -> dict[str, Any]:
    proxy, cluster = place.proxy, place.cluster
    return {
        "id": proxy.id,
        "sql_port": proxy.sql_port,
        "exporter_port": proxy.exporter_port,
        "version": proxy.version,
        "status": proxy.status,
        "cluster": cluster.name,
        "cluster_id": cluster.id,
        "work_mode": cluster.work_mode,
    }


def wanted(host: Mapping[str, Any], filters: Mapping[str, Iterable[Any]]) -> bool:
    """Whether a host matches all filters: for each criterion, one of its values must be listed."""
    return all(set(CRITERIA[name](host)) & set(values) for name, values in filters.items())


def groups(host: Mapping[str, Any]) -> list[str]:
    """The groups of a host, before their names are sanitized: ocp_cluster_demo, ocp_status_ONLINE and so on."""
    found = ["ocp_obproxy"] if host["obproxies"] else []
    for name, values in CRITERIA.items():
        found += [f"ocp_{name}_{value}" for value in values(host) if value]
    return list(dict.fromkeys(found))


def names(hosts: list[dict[str, Any]], preference: list[str]) -> dict[int, str]:
    """Each host's name in the inventory, by its id: the first of the preferred keys that no other host has.

    Only values that look like a host name or an address are used, since Ansible evaluates a name as a template wherever
    it is used.
    """
    counts = {key: Counter(host[key] for host in hosts) for key in preference}
    return {
        host["id"]: next(
            (
                str(host[key])
                for key in preference
                if re.fullmatch(r"[\w.:-]+", str(host[key] or "")) and counts[key][host[key]] == 1
            ),
            f"ocp-host-{host['id']}",
        )
        for host in hosts
    }
