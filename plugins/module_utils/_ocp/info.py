# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The results of ocp_obproxy_cluster_info and ocp_host_info."""

from typing import Any, Dict, List, Optional

from . import api
from .client import Client
from .errors import OcpError
from .objects import Host, find_cluster, hosts_called, public, unknown_host
from .values import is_secret


def cluster_info(
    client: Client, cluster_id: Optional[int] = None, name: Optional[str] = None, parameters: bool = False
) -> Dict[str, Any]:
    """One OBProxy cluster, or all of them, with their parameters if requested, which takes one request for each."""
    found = api.clusters(client)
    if cluster_id is not None or name is not None:
        found = [find_cluster(found, name, cluster_id)]
    shown = [public(cluster) for cluster in found]
    if parameters:
        shown = [dict(cluster, parameters=_parameters(client, cluster["id"])) for cluster in shown]
    return {"changed": False, "clusters": shown}


def _parameters(client: Client, cluster_id: int) -> Optional[List[Dict[str, Any]]]:
    """The parameters of a cluster by name, without secrets. None if OCP does not show them (to this user)."""
    try:
        all_of_them = list(api.parameters(client, cluster_id))
    except OcpError as error:
        if error.kind not in ("not_found", "permission", "rejected"):
            raise
        return None
    found = []
    for parameter in all_of_them:
        if not parameter.name or is_secret(parameter.name):
            continue
        if parameter.value is None and len(parameter.by_proxy) == 1:
            parameter = parameter._replace(value=parameter.by_proxy[0].value)
        found.append(public(parameter))
    return sorted(found, key=lambda parameter: parameter["name"])


def host_info(client: Client, wanted: Optional[List[str]] = None) -> Dict[str, Any]:
    """The hosts with these addresses, names or ids, or all of them."""
    found = api.hosts(client)
    if wanted is not None:
        found = _find_hosts(found, wanted)
    return {"changed": False, "hosts": [public(host) for host in found]}


def _find_hosts(hosts: List[Host], wanted: List[str]) -> List[Host]:
    """These hosts, without duplicates, in the given order. A number is an id if no host has it as its name."""
    found: List[Host] = []
    unknown = []
    for word in wanted:
        meant = hosts_called(hosts, word) or [host for host in hosts if str(host.id) == word.strip()]
        found += [host for host in meant if host not in found]
        if not meant:
            unknown.append(word)
    if unknown:
        raise unknown_host("hosts", unknown, hosts)
    return found
