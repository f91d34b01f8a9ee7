# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""OCP's clusters, proxies, parameters and hosts: the only place that reads their JSON and answers questions about them.

The info modules return the same objects as dictionaries. public() creates these, and from_public() reads them, so that
filters follow the same rules.
"""

from difflib import get_close_matches
from typing import Any, Callable, Dict, Iterable, List, NamedTuple, Optional, Type, TypeVar

from .errors import OcpError
from .values import boolean, comparable, id_of, integer, items, text, words

#: A kind of record: Cluster, Host, Parameter.
T = TypeVar("T")

#: The statuses of a proxy that OCP is taking over, whoever requested it, and of one that it is removing.
TAKING_OVER = "TAKINGOVER"
DELETING = "DELETING"


class Proxy(NamedTuple):
    """A proxy as its OBProxy cluster lists it."""

    id: Optional[int]
    host_id: Optional[int]
    address: Optional[str]
    sql_port: Optional[int]
    exporter_port: Optional[int]
    version: Optional[str]
    status: Optional[str]

    @property
    def label(self) -> str:
        return "%s:%s" % (self.address or "host %s" % self.host_id, self.sql_port)


class Version(NamedTuple):
    version: Optional[str]
    count: Optional[int]  # type: ignore[assignment]  # and not the method of a tuple


class ObLink(NamedTuple):
    cluster_name: Optional[str]
    ob_cluster_id: Optional[int]
    username: Optional[str]
    status: Optional[str]


class Cluster(NamedTuple):
    """An OBProxy cluster."""

    id: int
    name: Optional[str]
    work_mode: Optional[str]
    config_url: Optional[str]
    address: Optional[str]
    port: Optional[int]
    versions: List[Version]
    ob_links: List[ObLink]
    obproxies: List[Proxy]

    @property
    def label(self) -> str:
        return "%s (%s)" % (self.name, self.id)


class ParameterValue(NamedTuple):
    """A value of a parameter, and the addresses of the proxies that have it."""

    value: Optional[str]
    obproxies: List[str]


class Parameter(NamedTuple):
    """A parameter of an OBProxy cluster."""

    name: Optional[str]
    value: Optional[str]
    by_proxy: List[ParameterValue]
    needs_restart: bool
    description: Optional[str]


class Service(NamedTuple):
    name: Optional[str]
    version: Optional[str]
    type: Optional[str]


class Host(NamedTuple):
    """A host that has been added to OCP."""

    id: int
    name: Optional[str]
    address: Optional[str]
    ssh_port: Optional[int]
    kind: Optional[str]
    status: Optional[str]
    services: List[Service]
    agent_status: Optional[str]
    operating_system: Optional[str]
    architecture: Optional[str]
    idc_id: Optional[int]
    idc_name: Optional[str]
    region_name: Optional[str]

    @property
    def label(self) -> str:
        name = self.name or self.address
        return "%s (%sid %s)" % (name, "%s, " % self.address if self.address not in (None, name) else "", self.id)


class Place(NamedTuple):
    """Where OCP has a proxy."""

    cluster: Cluster
    proxy: Proxy


#: What each field is read by: another record for a list of them.
_READERS: Dict[Any, Any] = {
    int: integer,
    Optional[int]: integer,
    Optional[str]: text,
    bool: boolean,
    List[str]: words,
    List[Version]: Version,
    List[ObLink]: ObLink,
    List[Proxy]: Proxy,
    List[ParameterValue]: ParameterValue,
    List[Service]: Service,
}
#: OCP's name for each field is ours in camel case (sqlPort for sql_port), except for these.
_NAMES = {
    (Proxy, "address"): "ip",
    (Parameter, "value"): "valueString",
    (Parameter, "by_proxy"): "values",
    (Parameter, "needs_restart"): "needReboot",
    (Host, "address"): "innerIpAddress",
    (Host, "agent_status"): "hostAgentStatus",
}


def read_all(kind: Type[T], raws: Iterable[Dict[str, Any]]) -> List[T]:
    """Clusters or hosts from an OCP list, without duplicates: a list that grows while it is read repeats some."""
    by_id = {id_of(raw): raw for raw in raws}
    return [read(kind, raw) for number, raw in by_id.items() if number is not None]


def read(kind: Type[T], raw: Dict[str, Any]) -> T:
    """One object of OCP."""
    found: T = _read(kind, raw, _name_in_ocp)
    return found


def _read(kind: Any, raw: Dict[str, Any], name_of: Callable[[Any, str], str]) -> Any:
    values = []
    for field in kind._fields:
        reader = _READERS[kind.__annotations__[field]]
        value = raw.get(name_of(kind, field))
        records = isinstance(reader, type)
        values.append([_read(reader, item, name_of) for item in items(value)] if records else reader(value))
    return kind(*values)


def _name_in_ocp(kind: Any, field: str) -> str:
    first, *others = field.split("_")
    return _NAMES.get((kind, field)) or first + "".join(map(str.capitalize, others))


def from_public(kind: Type[T], data: Dict[str, Any]) -> T:
    """A cluster or a host from the result of an info module."""
    found: T = _read(kind, data, lambda kind, field: field)
    return found


def public(record: Any) -> Dict[str, Any]:
    """A cluster, a parameter or a host as the info modules return it."""
    return {name: _public(value) for name, value in zip(record._fields, record)}


def _public(value: Any) -> Any:
    if isinstance(value, list):
        return [_public(item) for item in value]
    return public(value) if hasattr(value, "_fields") else value


def find_cluster(clusters: Iterable[Cluster], name: Optional[str] = None, cluster_id: Optional[int] = None) -> Cluster:
    """The OBProxy cluster with this id or name."""
    clusters = list(clusters)
    if cluster_id is not None:
        option, word = "cluster_id", str(cluster_id)
        found = [cluster for cluster in clusters if cluster.id == cluster_id]
    elif comparable(name) is None:
        raise OcpError("rejected", "cluster and cluster_id are both empty.", next="Specify an OBProxy cluster of OCP.")
    else:
        option, word = "cluster", str(name)
        found = clusters_called(clusters, name)
    if not found:
        raise OcpError(
            "not_found",
            "%s: OCP has no OBProxy cluster %s. It has: %s."
            % (option, word, some([cluster.label for cluster in clusters]) or "none"),
            next="Use one of these, or create the cluster in OCP first.",
        )
    if len(found) > 1:
        raise OcpError(
            "rejected",
            "%s: %s matches %d OBProxy clusters: %s."
            % (option, word, len(found), some([cluster.label for cluster in found])),
            next="Specify it by cluster_id instead.",
        )
    return found[0]


def clusters_called(clusters: Iterable[Cluster], name: Optional[str]) -> List[Cluster]:
    """The OBProxy clusters with this name. One with exactly this spelling comes first."""
    clusters = [cluster for cluster in clusters if comparable(cluster.name) == comparable(name)]
    return [cluster for cluster in clusters if cluster.name == name] or clusters


def hosts_called(hosts: Iterable[Host], word: Optional[str]) -> List[Host]:
    """The hosts with this address or name."""
    key = comparable(word)
    return [host for host in hosts if key is not None and key in (comparable(host.address), comparable(host.name))]


def find_host(hosts: List[Host], word: Optional[str] = None, host_id: Optional[int] = None, option: str = "") -> Host:
    """The host with this id, or with this address or name. option: its name in an error, such as "hosts[1]."."""
    if host_id is not None:
        option, wanted = option + "host_id", str(host_id)
        found = [host for host in hosts if host.id == host_id]
    else:
        option, wanted = option + "host", word or ""
        found = hosts_called(hosts, word)
    if not found:
        raise unknown_host(option, [wanted], hosts, host_id)
    if len(found) > 1:
        raise OcpError(
            "rejected",
            "%s: %s matches %d hosts in OCP: %s." % (option, wanted, len(found), some([host.label for host in found])),
            next="Specify it by host_id, or by an address or a name that only one of them has.",
        )
    return found[0]


def unknown_host(option: str, wanted: List[str], hosts: List[Host], host_id: Optional[int] = None) -> OcpError:
    """The error for hosts that OCP does not know, with those that it has, similar ones first."""
    labels = {comparable(word): host.label for host in reversed(hosts) for word in (host.address, host.name) if word}
    texts = {str(key): label for key, label in labels.items()}
    alike = [texts[key] for key in get_close_matches(str(comparable(wanted[0])), texts)]
    there = list(dict.fromkeys(alike + [host.label for host in hosts]))
    return OcpError(
        "not_found",
        "%s: OCP knows no host %s. It has %d: %s." % (option, some(wanted), len(hosts), some(there) or "none"),
        host={"host_id": host_id, "address": None if host_id is not None else wanted[0], "name": None},
        next="Add the host to OCP first, or specify an existing one by its address, name or id in OCP.",
    )


class Places:
    """Which OBProxy cluster has which proxy: the only answer to whether a proxy is managed, and by which cluster."""

    def __init__(self, clusters: Iterable[Cluster]) -> None:
        self._of_host: Dict[Any, List[Place]] = {}
        for cluster in clusters:
            for proxy in cluster.obproxies:
                # A host that was removed and added again has another id; some OCPs list the address only.
                for key in (proxy.host_id, comparable(proxy.address)):
                    if key is not None:
                        self._of_host.setdefault(key, []).append(Place(cluster, proxy))

    def on_host(self, ids: Iterable[int], addresses: Iterable[Optional[str]]) -> List[Place]:
        """Each proxy on the host with one of these ids or addresses, whatever its port."""
        keys = list(ids) + [comparable(address) for address in addresses]
        found = [place for key in keys for place in self._of_host.get(key, [])]
        return [place for number, place in enumerate(found) if place not in found[:number]]

    def of(self, host_id: int, address: Optional[str], sql_port: int, cluster_id: int) -> Optional[Place]:
        """Where OCP has the proxy at this port; this cluster counts first."""
        found = [place for place in self.on_host([host_id], [address]) if place.proxy.sql_port == sql_port]
        return next((place for place in found if place.cluster.id == cluster_id), found[0] if found else None)


def some(words: List[str], most: int = 20) -> str:
    """A list in one line, that of a fleet cut short."""
    return ", ".join(words[:most]) + (" and %d more" % (len(words) - most) if len(words) > most else "")
