# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What a takeover would do: the wanted proxies, and what OCP knows of each of them. Pure, but for the reading."""

from . import _api
from ._errors import OcpError

TAKING_OVER = "TAKINGOVER"


class Proxy:
    """A proxy that is to be managed by the cluster, and how far that has come."""

    def __init__(self, host_id, address, name, sql_port, password=None):
        self.host_id = host_id
        self.address = address
        self.name = name
        self.sql_port = sql_port
        self.password = password
        #: OCP's status of it within the cluster; None while the cluster does not have it.
        self.status = None
        self.task = None
        self.submitted = False
        self.outcome = None

    @property
    def managed(self):
        return self.status not in (None, TAKING_OVER)

    @property
    def free(self):
        """Whether nothing concerns it yet, so that it may be posted."""
        return not (self.status or self.task or self.submitted)

    @property
    def host(self):
        return {"host_id": self.host_id, "address": self.address, "name": self.name}

    @property
    def label(self):
        return "%s:%d" % (self.address or self.name or "host %d" % self.host_id, self.sql_port)

    def public(self):
        return dict(
            self.host,
            sql_port=self.sql_port,
            outcome=self.outcome,
            task_id=self.task.id if self.task else None,
        )


def find_cluster(clusters, cluster_id=None, name=None):
    """The OBProxy cluster with this id or exactly this name."""
    if cluster_id is None and not name:
        raise OcpError("rejected", "cluster and cluster_id are both empty.", next="Name an OBProxy cluster of OCP.")
    for cluster in clusters:
        found = _api.id_of(cluster)
        if found is not None and (found == cluster_id or (cluster_id is None and cluster.get("name") == name)):
            return cluster
    there = ["%s (%s)" % (cluster.get("name"), cluster.get("id")) for cluster in clusters]
    raise OcpError(
        "not_found",
        "%s: OCP has no OBProxy cluster %s. It has: %s."
        % (
            "cluster" if cluster_id is None else "cluster_id",
            name if cluster_id is None else cluster_id,
            some(there) or "none",
        ),
        next="Name one of these, or create the cluster in OCP first.",
    )


def find_proxies(hosts, wanted):
    """The Proxy of each wanted entry ({host_id or host, sql_port, proxysys_password}), in the order given."""
    if not wanted:
        raise OcpError("rejected", "hosts is empty: there is nothing to take over.", next="Name at least one proxy.")
    proxies, seen = [], {}
    for number, entry in enumerate(wanted):
        option = "hosts[%d]" % number
        if not 0 < entry["sql_port"] < 65536:
            raise OcpError("rejected", "%s.sql_port: %d is not a port (1 to 65535)." % (option, entry["sql_port"]))
        host = _find_host(hosts, entry, option)
        key = (_api.id_of(host), entry["sql_port"])
        if key in seen:
            raise OcpError(
                "rejected",
                "%s and %s are the same proxy: host %d, SQL port %d." % (seen[key], option, key[0], key[1]),
                next="Name each proxy once.",
            )
        seen[key] = option
        proxies.append(
            Proxy(
                key[0],
                _api.text(host.get("innerIpAddress")),
                _api.text(host.get("name")),
                entry["sql_port"],
                entry.get("proxysys_password"),
            )
        )
    return proxies


def _find_host(hosts, entry, option):
    """OCP's host of an entry: by id, or by an address or a name that is exactly the same."""
    if entry.get("host_id") is not None:
        found = [host for host in hosts if _api.id_of(host) == entry["host_id"]]
        words = "host_id: OCP knows no host %d" % entry["host_id"]
    else:
        wanted = entry["host"]
        found = [host for host in hosts if wanted in (host.get("innerIpAddress"), host.get("name"))]
        words = "host: OCP knows no host %s" % wanted
    # Once each: a list that grows while its pages are read shows a host twice.
    by_id = {_api.id_of(host): host for host in found}
    found = [host for host_id, host in by_id.items() if host_id is not None]
    if not found:
        wanted = {"host_id": entry.get("host_id"), "address": entry.get("host"), "name": None}
        raise unknown_host("%s.%s" % (option, words), hosts, wanted)
    if len(found) > 1:
        raise OcpError(
            "rejected",
            "%s.host: %s fits %d hosts of OCP: %s."
            % (
                option,
                entry["host"],
                len(found),
                some(["%s (%s, id %s)" % (h.get("innerIpAddress"), h.get("name"), h.get("id")) for h in found]),
            ),
            next="Name it by host_id instead.",
        )
    return found[0]


def unknown_host(words, hosts, wanted):
    """The error for a host that OCP does not know; words: what was asked for, wanted: its {host_id, address, name}."""
    there = ["%s (%s)" % (host.get("innerIpAddress") or host.get("name"), host.get("id")) for host in hosts]
    return OcpError(
        "not_found",
        "%s. It has %d: %s." % (words, len(there), some(there) or "none"),
        host=wanted,
        next="Add the host to OCP first, or name one that it has, by its address, name or id in OCP.",
    )


def read_states(clusters, cluster_id, proxies):
    """Notes for each proxy its status in the cluster; one that another cluster has is an error."""
    places = {}
    for cluster in clusters:
        for entry in _api.items(cluster.get("obproxies")):
            port = _api.integer(entry.get("sqlPort"))
            for key in (_api.integer(entry.get("hostId")), _api.text(entry.get("ip"))):
                if key is not None:
                    places[(key, port)] = (cluster, entry)
    for proxy in proxies:
        cluster, entry = places.get((proxy.host_id, proxy.sql_port)) or places.get(
            (proxy.address, proxy.sql_port), (None, None)
        )
        if cluster is None:
            proxy.status = None
        elif _api.id_of(cluster) != cluster_id:
            raise OcpError(
                "conflict",
                "The proxy %s is managed by another OBProxy cluster: %s (%s)."
                % (proxy.label, cluster.get("name"), cluster.get("id")),
                host=proxy.host,
                next="Name that cluster, or remove the proxy from it in OCP first.",
            )
        elif entry.get("status") == "DELETING":
            raise OcpError(
                "conflict",
                "OCP is removing the proxy %s from the cluster (DELETING)." % proxy.label,
                host=proxy.host,
                next="Run again when it is gone.",
            )
        else:
            proxy.status = _api.text(entry.get("status")) or "UNKNOWN"


def members(clusters, cluster_id):
    """The proxies that a cluster has, as address:port, sorted; those that are being taken over do not count yet."""
    for cluster in clusters:
        if _api.id_of(cluster) == cluster_id:
            return sorted(
                "%s:%s" % (entry.get("ip") or "host %s" % entry.get("hostId"), entry.get("sqlPort"))
                for entry in _api.items(cluster.get("obproxies"))
                if entry.get("status") != TAKING_OVER
            )
    return []


def being_taken_over(clusters):
    """How many proxies OCP is taking over just now, whoever asked for it."""
    return sum(
        entry.get("status") == TAKING_OVER for cluster in clusters for entry in _api.items(cluster.get("obproxies"))
    )


def some(words, most=20):
    """A list in one line, that of a fleet cut short."""
    return ", ".join(words[:most]) + (" and %d more" % (len(words) - most) if len(words) > most else "")
