# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The proxies of a takeover: which ones are meant, and the state of each. Pure: sends no requests to OCP."""

from enum import Enum
from typing import Any, Dict, Iterable, List, Optional

from .errors import OcpError
from .objects import DELETING, TAKING_OVER, Cluster, Host, Places, find_host
from .task import Task


class State(Enum):
    """The state of a proxy."""

    FREE = "nothing concerns it, so that it may be posted"
    BUSY = "another task uses its host; it is posted when that has ended"
    POSTED = "this run posted it, and OCP is taking it over"
    UNANSWERED = "this run posted it and got no answer; OCP may take it over, now or later"
    JOINED = "OCP is taking it over already, at the call of an earlier run or of someone else"
    MANAGED = "the cluster manages it"
    FAILED = "OCP's task for it failed or was rolled back"


#: The allowed transitions. A posted takeover is never free again, so nothing is posted twice.
TRANSITIONS = {
    State.FREE: (State.BUSY, State.POSTED, State.UNANSWERED, State.JOINED, State.MANAGED),
    State.BUSY: (State.FREE, State.JOINED, State.MANAGED),
    State.POSTED: (State.MANAGED, State.FAILED),
    State.UNANSWERED: (State.POSTED, State.MANAGED),
    State.JOINED: (State.MANAGED, State.FAILED),
    State.MANAGED: (),
    State.FAILED: (),
}
#: The states in which OCP takes a proxy over, or may do so.
UNDER_WAY = (State.POSTED, State.UNANSWERED, State.JOINED)


class Proxy:
    """A proxy that the cluster should manage."""

    def __init__(
        self, host_id: int, address: Optional[str], name: Optional[str], sql_port: int, password: Optional[str] = None
    ) -> None:
        self.host_id = host_id
        self.address = address
        self.name = name
        self.sql_port = sql_port
        self.password = password
        self.state = State.FREE
        #: OCP's status of it within the cluster; None while the cluster does not have it.
        self.status: Optional[str] = None
        self.task: Optional[Task] = None
        #: Whether this run posted it, and whether OCP was taking it over at any time of this run.
        self.posted = False
        self.taken = False

    def move(self, state: State) -> None:
        if state not in TRANSITIONS[self.state]:
            raise ValueError("%s: %s does not become %s" % (self.label, self.state.name, state.name))
        self.state = state
        self.posted = self.posted or state in (State.POSTED, State.UNANSWERED)
        self.taken = self.taken or state in UNDER_WAY

    @property
    def outcome(self) -> str:
        """What a module returns."""
        if self.state is State.MANAGED:
            return "taken_over" if self.taken else "already_managed"
        return "submitted" if self.state in UNDER_WAY else "failed"

    @property
    def host(self) -> Dict[str, Any]:
        return {"host_id": self.host_id, "address": self.address, "name": self.name}

    @property
    def label(self) -> str:
        return "%s:%d" % (self.address or self.name or "host %d" % self.host_id, self.sql_port)

    def read(self, places: Places, cluster_id: int) -> None:
        """Notes what OCP's clusters show about it. Raises an error if another cluster has it."""
        place = places.of(self.host_id, self.address, self.sql_port, cluster_id)
        if place is not None and place.cluster.id != cluster_id:
            raise OcpError(
                "conflict",
                "The proxy %s is managed by another OBProxy cluster: %s." % (self.label, place.cluster.label),
                host=self.host,
                next="Use that cluster, or omit the proxy. Removing it from there in OCP would stop and uninstall it.",
            )
        if place is not None and place.proxy.status == DELETING:
            raise OcpError(
                "conflict",
                "OCP is removing the proxy %s from the cluster (DELETING), which uninstalls it." % self.label,
                host=self.host,
                next="Wait until it is gone, install the proxy again, then run this again.",
            )
        self.status = None if place is None else place.proxy.status or "UNKNOWN"
        if self.status == TAKING_OVER:
            if self.state in (State.FREE, State.BUSY):
                self.move(State.JOINED)
            elif self.state is State.UNANSWERED:
                self.move(State.POSTED)
        elif self.status and self.state not in (State.MANAGED, State.FAILED):
            self.move(State.MANAGED)


def find_proxies(hosts: List[Host], wanted: List[Dict[str, Any]]) -> List[Proxy]:
    """The Proxy of each wanted entry ({host_id or host, sql_port, proxysys_password}), in the order given."""
    if not wanted:
        raise OcpError(
            "rejected", "hosts is empty, so there is nothing to take over.", next="Specify at least one proxy."
        )
    proxies: List[Proxy] = []
    seen: Dict[Any, List[str]] = {}
    for number, entry in enumerate(wanted):
        option = "hosts[%d]" % number
        if not 0 < entry["sql_port"] < 65536:
            raise OcpError("rejected", "%s.sql_port: %d is not a port (1 to 65535)." % (option, entry["sql_port"]))
        host = find_host(hosts, entry.get("host"), entry.get("host_id"), option + ".")
        seen.setdefault((host.label, entry["sql_port"]), []).append(
            "%s (%s)" % (option, entry.get("host") or "host_id %d" % host.id)
        )
        proxies.append(Proxy(host.id, host.address, host.name, entry["sql_port"], entry.get("proxysys_password")))
    twice = [
        "%s are the same proxy: host %s, SQL port %d" % (" and ".join(options), label, sql_port)
        for (label, sql_port), options in seen.items()
        if len(options) > 1
    ]
    if twice:
        raise OcpError("rejected", "%s." % "; ".join(twice), next="Specify each proxy once.")
    return proxies


def members(clusters: Iterable[Cluster], cluster_id: int) -> List[str]:
    """The proxies that a cluster has, as address:port, sorted; those that are being taken over do not count yet."""
    return sorted(
        proxy.label
        for cluster in clusters
        if cluster.id == cluster_id
        for proxy in cluster.obproxies
        if proxy.status != TAKING_OVER
    )


def being_taken_over(clusters: Iterable[Cluster]) -> int:
    """How many proxies OCP is taking over at the moment, whoever asked for it."""
    return sum(proxy.status == TAKING_OVER for cluster in clusters for proxy in cluster.obproxies)
