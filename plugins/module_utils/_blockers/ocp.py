# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What keeps OCP from taking over a proxy, as far as OCP shows. Pure: no OCP and no Ansible.

The other half, which the proxy's own host shows, is in host.py. Together they are the ten preconditions in OCP's user
guide and its page of common takeover problems.
"""

from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, List, Mapping, Optional, Set, Union
from urllib.parse import parse_qs, urlsplit

from .._host.records import Record
from .._ocp.objects import DELETING, TAKING_OVER, Cluster, Host, Place, Places, hosts_called
from .host import numbers
from .texts import Blockers
from .texts import blocker as _blocker

#: The statuses of a host that OCP can work on.
USABLE = ("AVAILABLE", "ONLINE")
#: The addresses from which a proxy accepts root@proxysys by default (tested on 4.2.3).
LET_IN = (ip_network("127.0.0.0/8"), ip_network("192.168.0.0/16"))
#: The statuses of a working agent.
AGENT_RUNS = ("RUNNING", "AVAILABLE", "ONLINE", "NORMAL")
#: OCP's name for each start mode of obproxy_info.
WORK_MODES = {"config_url": "CONFIG_URL", "rs_list": "RS_LIST"}

#: Each blocker by its name, as in host.py.
TEXTS = {
    "host_not_in_ocp": (
        "OCP knows no host {address}",
        "a host with this address or name",
        "Add the host to OCP, or set obproxy_ocp_address to the address or name that OCP has for it.",
    ),
    "host_ambiguous": (
        "{address} matches {number} hosts in OCP: {ids}",
        "exactly one",
        "Set obproxy_ocp_address to an address or name that only one of them has.",
    ),
    "host_not_usable": (
        "OCP shows the host as {status}",
        " or ".join(USABLE),
        "Bring the host online in OCP.",
    ),
    "agent_not_running": (
        "OCP shows its agent on the host as {status}",
        "a running agent, which OCP needs to work on the host",
        "Start OCP's agent on the host, or reinstall it from OCP.",
    ),
    "managed_elsewhere": (
        "the OBProxy cluster {other} ({number}) manages the proxy",
        "none, or {cluster}",
        "Set obproxy_cluster to {other}, or leave the host out. Removing the proxy from {other} in OCP would stop and "
        "uninstall it.",
    ),
    "being_removed": (
        "OCP is removing the proxy from the cluster (DELETING), which uninstalls it",
        "a proxy that the cluster does not have",
        "Wait until it is gone, then install the proxy again.",
    ),
    "proxysys_private_only": (
        "the proxy accepts root@proxysys only from 127.0.0.1 and 192.168.x.x, but OCP is at {address}",
        "a login from OCP's address",
        "Set skip_proxy_sys_private_check to true in obproxy_extra_options, or log in on the host as root@proxysys and "
        "run ALTER PROXYCONFIG SET skip_proxy_sys_private_check = true.",
    ),
    "version_too_low": (
        "the version is {version}",
        "1.8.0 or later",
        "Upgrade the proxy first.",
    ),
    "version_mismatch": (
        "the version is {version}",
        "{wanted}, as in the cluster {cluster}",
        "Install a version that the cluster accepts, or take over the proxy into another cluster.",
    ),
    "start_mode": (
        "the proxy was started in the mode {mode}",
        "{wanted}, the mode of the cluster {cluster}",
        "Start the proxy in that mode, or take it over into an empty OBProxy cluster in the mode {mode}.",
    ),
    "config_url": (
        "the proxy's config URL belongs to the OBProxy cluster {named}, which this OCP does not have",
        "OB clusters that this OCP manages",
        "Start the proxy with the config URL of the cluster {cluster}, or take it over into the OCP of its config URL.",
    ),
    "no_ob_cluster": (
        "the proxy serves no OB cluster, since the OBProxy cluster {named} of its config URL links to none",
        "at least one OB cluster that this OCP manages",
        "In OCP, link {named} to an OB cluster.",
    ),
    "ob_clusters": (
        "the proxy serves {mine}",
        "{how} the OB clusters that the OBProxy cluster links to: {linked}",
        "In OCP, link the OBProxy cluster to these OB clusters (take over the OB cluster first if OCP does not manage "
        "it), or take over the proxy into an empty OBProxy cluster in the same mode.",
    ),
}
blocker = partial(_blocker, TEXTS)


def in_ocp(address: str, sql_port: int, cluster: Cluster, clusters: List[Cluster], hosts: List[Host]) -> Blockers:
    """The blockers that OCP's own records show for one proxy.

    address: the address that OCP has for the host. cluster: the cluster that should take over the proxy. clusters,
    hosts: all clusters and hosts in OCP.
    """
    return recorded(address, sql_port, cluster, hosts_called(hosts, address), Places(clusters))


def recorded(address: str, sql_port: int, cluster: Cluster, known: List[Host], places: Places) -> Blockers:
    """The same, if the hosts with this address and the places of proxies in OCP are already known."""
    if not known:
        return [blocker("host_not_in_ocp", address=address)]
    if len(known) > 1:
        ids = ", ".join(str(host.id) for host in known)
        return [blocker("host_ambiguous", address=address, number=len(known), ids=ids)]
    place = places.of(known[0].id, known[0].address, sql_port, cluster.id)
    return _host(known[0]) + _place(place, cluster)


def managed(address: str, sql_port: int, cluster: Cluster, hosts: List[Host]) -> bool:
    """Whether the cluster already has the proxy, so that nothing is left to take over."""
    places = Places([cluster])
    found = [places.of(host.id, host.address, sql_port, cluster.id) for host in hosts_called(hosts, address)]
    return any(place and manages(place, cluster) for place in found)


def manages(place: Place, cluster: Cluster) -> bool:
    """Whether a proxy is permanently in this cluster."""
    return place.cluster.id == cluster.id and place.proxy.status not in (TAKING_OVER, DELETING)


def managing(address: str, sql_ports: List[int], clusters: List[Cluster], hosts: List[Host]) -> List[Cluster]:
    """The clusters that have a proxy of this host on one of these ports, whatever its status.

    Considers every name and address that OCP has for the host, and this one, since OCP may have lost the host itself.
    """
    known = hosts_called(hosts, address)
    places = Places(clusters).on_host([host.id for host in known], [address] + [host.address for host in known])
    found = [place.cluster for place in places if place.proxy.sql_port in sql_ports]
    return [cluster for cluster in clusters if cluster in found]


def between(host: Record, cluster: Cluster, clusters: List[Cluster]) -> Blockers:
    """The blockers that result from comparing what runs on the host with the cluster.

    host: `obproxy` of obproxy_info, with exactly one proxy; otherwise there is nothing to compare.
    """
    proxies = [process for process in host["processes"] if process["kind"] == "proxy"]
    found = _version(host["packages"], cluster)
    if len(proxies) == 1:
        found += _door(proxies[0], cluster) + _start_mode(proxies[0], cluster, clusters)
    return found


def served(proxy: Mapping[str, Any], clusters: List[Cluster]) -> Set[Optional[str]]:
    """The OB clusters that a proxy serves, by its arguments, or by the OBProxy cluster of its config URL."""
    if WORK_MODES.get(proxy["start_mode"]) != "CONFIG_URL":
        return set(proxy["ob_clusters"])
    own = _linking(_named(proxy["config_url"]), clusters)
    return {link.cluster_name for other in own for link in other.ob_links}


def _host(host: Host) -> Blockers:
    if host.status and host.status not in USABLE:
        return [blocker("host_not_usable", status=host.status)]
    if host.agent_status and host.agent_status not in AGENT_RUNS:
        return [blocker("agent_not_running", status=host.agent_status)]
    return []


def _place(place: Optional[Place], cluster: Cluster) -> Blockers:
    if place and place.cluster.id != cluster.id:
        other = place.cluster
        return [blocker("managed_elsewhere", other=other.name, number=other.id, cluster=cluster.name)]
    if place and place.proxy.status == DELETING:
        return [blocker("being_removed")]
    return []


def _version(packages: List[Record], cluster: Cluster) -> Blockers:
    """1.8.0 or later. Versions from 4.0.0 on only fit clusters of 4.0.0 or later, and lower versions only lower
    ones."""
    if len(packages) != 1:
        return []
    text = packages[0]["version"]
    version = numbers(text)
    if version < (1, 8):
        return [blocker("version_too_low", version=text)]
    versions = [numbers(entry.version) for entry in cluster.versions if entry.version]
    if not versions:
        return []
    four = max(versions) >= (4,)
    if four == (version >= (4,)):
        return []
    wanted = "4.0.0 or later" if four else "below 4.0.0"
    return [blocker("version_mismatch", version=text, wanted=wanted, cluster=cluster.name)]


def _door(proxy: Mapping[str, Any], cluster: Cluster) -> Blockers:
    """OCP's address is that of its config URL. A name there may stand for any address."""
    address = _address(urlsplit(cluster.config_url or "").hostname)
    if not proxy["proxysys_private_only"] or address is None or any(address in net for net in LET_IN):
        return []
    return [blocker("proxysys_private_only", address=address)]


def _address(text: Optional[str]) -> Optional[Union[IPv4Address, IPv6Address]]:
    try:
        return ip_address(text or "")
    except ValueError:
        return None


def _start_mode(proxy: Mapping[str, Any], cluster: Cluster, clusters: List[Cluster]) -> Blockers:
    """The mode, and whether the OB clusters that the proxy serves are among those that the cluster links."""
    mode = WORK_MODES.get(proxy["start_mode"])
    if mode is None:
        return []
    if cluster.work_mode and mode != cluster.work_mode:
        return [blocker("start_mode", mode=mode, wanted=cluster.work_mode, cluster=cluster.name)]
    mine = served(proxy, clusters)
    if mode == "CONFIG_URL":
        named = _named(proxy["config_url"])
        # A URL that names no OBProxy cluster is not one of OCP's, so its links are unknown here.
        if named and not _linking(named, clusters):
            return [blocker("config_url", named=named, cluster=cluster.name)]
        if named and not mine:
            return [blocker("no_ob_cluster", named=named)]
    linked = {link.cluster_name for link in cluster.ob_links}
    # The target of a link without a name is unknown here, too.
    if None in mine | linked:
        return []
    # An empty cluster accepts the proxies of any OB cluster. OCP itself suggests this as the solution.
    if not linked or not mine or (mine <= linked if mode == "CONFIG_URL" else mine == linked):
        return []
    how = "only" if mode == "CONFIG_URL" else "exactly"
    return [blocker("ob_clusters", mine=_names(mine), how=how, linked=_names(linked))]


def _linking(named: Optional[str], clusters: List[Cluster]) -> List[Cluster]:
    return [other for other in clusters if named and other.name == named]


def _named(config_url: Optional[str]) -> Optional[str]:
    """The OBProxy cluster that a config URL of OCP's is for, or None."""
    names = parse_qs(urlsplit(config_url or "").query).get("ObproxyClusterName")
    return names[0] if names else None


def _names(words: Set[Optional[str]]) -> str:
    return ", ".join(sorted(filter(None, words))) or "none"
