# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What keeps OCP from taking a proxy over, as far as OCP can tell. Pure: no OCP and no Ansible.

The other half, which the proxy's own host tells, is in module_utils/_blockers.py. Together they are the ten
preconditions of OCP's user guide and of its page of common takeover problems.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from ..module_utils._blockers import blocker

#: The statuses of a host on which OCP works.
USABLE = ("AVAILABLE", "ONLINE")
#: OCP's name of each start mode, by the one that obproxy_info gives.
WORK_MODES = {"config_url": "CONFIG_URL", "rs_list": "RS_LIST"}


def in_ocp(address, sql_port, cluster, clusters, hosts):
    """The blockers that OCP's own records show for one proxy.

    address: by which OCP knows the host. cluster: the one that is to take the proxy over. clusters, hosts: all that
    OCP has, as ocp_obproxy_cluster_info and ocp_host_info return them.
    """
    known = [host for host in hosts if address in (host["address"], host["name"])]
    if not known:
        return [
            blocker(
                "host_not_in_ocp",
                f"OCP knows no host {address}",
                "a host of exactly this address or name",
                "Add the host to OCP, or set obproxy_ocp_address to the address or name that OCP has for it.",
            )
        ]
    if len(known) > 1:
        ids = ", ".join(str(host["id"]) for host in known)
        return [
            blocker(
                "host_ambiguous",
                f"{address} fits {len(known)} hosts of OCP: {ids}",
                "exactly one",
                "Set obproxy_ocp_address to what only one of them has.",
            )
        ]
    return _host(known[0]) + _managed(known[0], sql_port, cluster, clusters)


def managed(address, sql_port, cluster, hosts):
    """Whether the cluster has the proxy already, so that nothing is left to be taken over."""
    return any(
        _is(proxy, host, sql_port) and proxy["status"] not in ("TAKINGOVER", "DELETING")
        for host in hosts
        if address in (host["address"], host["name"])
        for proxy in cluster["obproxies"]
    )


def between(host, cluster, clusters):
    """The blockers that show when what the host tells is held against the cluster.

    host: `obproxy` of obproxy_info, with exactly one proxy; otherwise there is nothing to compare.
    """
    proxies = [process for process in host["processes"] if process["kind"] == "proxy"]
    found = _version(host["packages"], cluster)
    if len(proxies) == 1:
        found += _start_mode(proxies[0], cluster, clusters)
    if (host.get("login") or {}).get("outcome") == "denied":
        found.append(
            blocker(
                "wrong_password",
                "root@proxysys cannot log in with the password given",
                "the password that the proxy has",
                "Set obproxy_proxysys_password to it.",
            )
        )
    return found


def _host(host):
    if host["status"] and host["status"] not in USABLE:
        return [
            blocker(
                "host_not_usable",
                f"OCP shows the host as {host['status']}",
                " or ".join(USABLE),
                "See to the host in OCP until it is online.",
            )
        ]
    if host["agent_status"] and host["agent_status"] not in ("RUNNING", "AVAILABLE", "ONLINE", "NORMAL"):
        return [
            blocker(
                "agent_not_running",
                f"OCP shows its agent on the host as {host['agent_status']}",
                "a running agent, through which OCP works on the host",
                "Start OCP's agent on the host, or install it again from OCP.",
            )
        ]
    return []


def _managed(host, sql_port, cluster, clusters):
    for other in clusters:
        for proxy in other["obproxies"]:
            if not _is(proxy, host, sql_port):
                continue
            if other["id"] != cluster["id"]:
                return [
                    blocker(
                        "managed_elsewhere",
                        f"the OBProxy cluster {other['name']} ({other['id']}) manages the proxy",
                        f"none, or {cluster['name']}",
                        "Take it over into that cluster, or remove it from there in OCP first.",
                    )
                ]
            if proxy["status"] == "DELETING":
                return [
                    blocker(
                        "being_removed",
                        "OCP is removing the proxy from the cluster (DELETING)",
                        "a proxy that is not known to the cluster",
                        "Run again when it is gone.",
                    )
                ]
    return []


def _is(proxy, host, sql_port):
    return proxy["sql_port"] == sql_port and (
        proxy["host_id"] == host["id"] or (proxy["host_id"] is None and proxy["address"] == host["address"])
    )


def _version(packages, cluster):
    """1.8.0 or later; and from 4.0.0 on only into clusters of 4.0.0 or later, below only into lower ones."""
    if len(packages) != 1:
        return []
    version = _numbers(packages[0]["version"])
    if version < (1, 8):
        return [
            blocker(
                "version_too_low",
                f"the version is {packages[0]['version']}",
                "1.8.0 or later",
                "Upgrade the proxy first.",
            )
        ]
    versions = [_numbers(entry["version"]) for entry in cluster["versions"] if entry["version"]]
    if not versions:
        return []
    four = max(versions) >= (4,)
    if four == (version >= (4,)):
        return []
    return [
        blocker(
            "version_mismatch",
            f"the version is {packages[0]['version']}",
            f"4.0.0 or later, as the cluster {cluster['name']} has"
            if four
            else f"below 4.0.0, as {cluster['name']} has",
            "Install a version that the cluster takes, or take the proxy over into another cluster.",
        )
    ]


def _start_mode(proxy, cluster, clusters):
    mode = WORK_MODES.get(proxy["start_mode"])
    if mode is None:
        return []
    if cluster["work_mode"] and mode != cluster["work_mode"]:
        return [
            blocker(
                "start_mode",
                f"the proxy was started in the mode {mode}",
                f"{cluster['work_mode']}, the mode of the cluster {cluster['name']}",
                f"Start the proxy in that mode, or take it over into an empty OBProxy cluster of the mode {mode}.",
            )
        ]
    linked = {link["cluster_name"] for link in cluster["ob_links"]}
    mine = set(_ob_clusters(proxy, clusters))
    if mode == "CONFIG_URL" and mine - linked:
        needed = "only OB clusters that the OBProxy cluster links"
    elif mode == "RS_LIST" and mine and mine != linked:
        needed = "exactly the OB clusters that the OBProxy cluster links"
    else:
        return []
    return [
        blocker(
            "ob_clusters",
            f"the proxy serves {_names(mine)}",
            f"{needed}: {_names(linked)}",
            "Link these OB clusters to the OBProxy cluster in OCP (take the OB cluster over first if OCP does not "
            "manage it), or take the proxy over into an empty OBProxy cluster of the same mode.",
        )
    ]


def _ob_clusters(proxy, clusters):
    """The OB clusters that a proxy serves: those it was started with, or those of the cluster its config URL names."""
    if proxy.get("ob_clusters"):
        return proxy["ob_clusters"]
    names = parse_qs(urlsplit(proxy.get("config_url") or "").query).get("ObproxyClusterName", [])
    return [link["cluster_name"] for other in clusters if other["name"] in names for link in other["ob_links"]]


def _names(words):
    return ", ".join(sorted(words)) or "none"


def _numbers(version):
    return tuple(int(part) for part in re.findall(r"\d+", version.split("-")[0]))
