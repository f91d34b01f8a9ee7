# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""OBProxy clusters and hosts as the info modules return them: OCP's own words in Ansible's spelling."""

from . import _api, _plan


def cluster_info(client, cluster_id=None, name=None):
    """The result of ocp_obproxy_cluster_info: one cluster, or all of them."""
    found = _api.clusters(client)
    if cluster_id is not None or name is not None:
        found = [_plan.find_cluster(found, cluster_id, name)]
    return {"changed": False, "clusters": [cluster(raw) for raw in found]}


def cluster(raw):
    return {
        "id": _api.id_of(raw),
        "name": raw.get("name"),
        "work_mode": raw.get("workMode"),
        "config_url": raw.get("configUrl"),
        "address": raw.get("address"),
        "port": _api.integer(raw.get("port")),
        "versions": [
            {"version": entry.get("version"), "count": _api.integer(entry.get("count"))}
            for entry in _api.items(raw.get("versions"))
        ],
        "ob_links": [
            {
                "cluster_name": link.get("clusterName"),
                "ob_cluster_id": link.get("obClusterId"),
                "username": link.get("username"),
                "status": link.get("status"),
            }
            for link in _api.items(raw.get("obLinks"))
        ],
        "obproxies": [
            {
                "id": _api.id_of(proxy),
                "host_id": _api.integer(proxy.get("hostId")),
                "address": proxy.get("ip"),
                "sql_port": _api.integer(proxy.get("sqlPort")),
                "exporter_port": _api.integer(proxy.get("exporterPort")),
                "version": proxy.get("version"),
                "status": proxy.get("status"),
            }
            for proxy in _api.items(raw.get("obproxies"))
        ],
    }


def host_info(client, wanted=None):
    """The result of ocp_host_info: the hosts that are meant by `wanted`, or all of them."""
    found = _api.hosts(client)
    if wanted is not None:
        found = find_hosts(found, wanted)
    return {"changed": False, "hosts": [host(raw) for raw in found]}


def find_hosts(hosts, wanted):
    """OCP's hosts with these addresses, names or ids, each once, in the order asked for.

    An address or a name must be exactly the same. A number is an id when no host has it as its name.
    """
    found, unknown = [], []
    for word in wanted:
        fitting = [raw for raw in hosts if word in (raw.get("innerIpAddress"), raw.get("name"))]
        fitting = fitting or [raw for raw in hosts if word == str(_api.id_of(raw))]
        found += [raw for raw in fitting if raw not in found]
        if not fitting:
            unknown.append(word)
    if unknown:
        wanted = {"host_id": None, "address": unknown[0], "name": None}
        raise _plan.unknown_host("hosts: OCP knows no host %s" % _plan.some(unknown), hosts, wanted)
    return found


def host(raw):
    return {
        "id": _api.id_of(raw),
        "name": raw.get("name"),
        "address": raw.get("innerIpAddress"),
        "ssh_port": _api.integer(raw.get("sshPort")),
        "kind": raw.get("kind"),
        "status": raw.get("status"),
        "services": [
            {"name": service.get("name"), "version": service.get("version"), "type": service.get("type")}
            for service in _api.items(raw.get("services"))
        ],
        "agent_status": raw.get("hostAgentStatus"),
        "operating_system": raw.get("operatingSystem"),
        "architecture": raw.get("architecture"),
        "idc_id": _api.integer(raw.get("idcId")),
        "idc_name": raw.get("idcName"),
        "region_name": raw.get("regionName"),
    }
