# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What the inventory plugin makes of OCP's hosts and OBProxy clusters. Pure: no OCP and no Ansible."""

from __future__ import annotations

import re
from collections import Counter

#: What filters and groups look at: the values that a host has for each of them.
CRITERIA = {
    "cluster": lambda host: [proxy["cluster"] for proxy in host["obproxies"]],
    "work_mode": lambda host: [proxy["work_mode"] for proxy in host["obproxies"]],
    "proxy_status": lambda host: [proxy["status"] for proxy in host["obproxies"]],
    "status": lambda host: [host["status"]],
    "idc": lambda host: [host["idc_name"]],
}


def join(hosts, clusters):
    """The hosts (as ocp_host_info returns them), each with the proxies that the clusters have on it."""
    proxies = {}
    for cluster in clusters:
        for proxy in cluster["obproxies"]:
            told = {key: proxy[key] for key in ("id", "sql_port", "exporter_port", "version", "status")}
            told.update(cluster=cluster["name"], cluster_id=cluster["id"], work_mode=cluster["work_mode"])
            # Some OCPs tell a proxy's host by its address only.
            proxies.setdefault(proxy["host_id"] or proxy["address"], []).append(told)
    return [{**host, "obproxies": proxies.get(host["id"], proxies.get(host["address"], []))} for host in hosts]


def wanted(host, filters):
    """Whether a host passes all filters: for each criterion one of its values is among those named."""
    return all(set(CRITERIA[name](host)) & set(values) for name, values in filters.items())


def groups(host):
    """The groups of a host, before their names are made safe: ocp_cluster_demo, ocp_status_ONLINE and so on."""
    found = ["ocp_obproxy"] if host["obproxies"] else []
    for name, values in CRITERIA.items():
        found += [f"ocp_{name}_{value}" for value in values(host) if value]
    return list(dict.fromkeys(found))


def names(hosts, preference):
    """Each host's name in the inventory, by its id: the first of the preferred keys that no other host has as well.

    Only what looks like a host name or an address will do: Ansible takes a name as a template wherever it is used.
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
