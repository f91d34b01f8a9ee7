# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What an OBProxy cluster should be, and what to do for it. Pure: sends no requests to OCP."""

import re
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from .errors import OcpError
from .objects import Cluster, ObLink, some
from .values import comparable

CONFIG_URL = "CONFIG_URL"
RS_LIST = "RS_LIST"
#: The port of a new cluster, and the names that OCP accepts.
PORT = 2883
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*$")


class Write(NamedTuple):
    """One change to a cluster: "add_links", "remove_link" or "change", and its details."""

    what: str
    about: Any

    def done(self, cluster: Cluster) -> bool:
        """Whether a cluster shows that the change was made."""
        there = {comparable(link.cluster_name) for link in cluster.ob_links}
        if self.what == "add_links":
            return all(comparable(link.cluster_name) in there for link in self.about)
        if self.what == "remove_link":
            return comparable(self.about) not in there
        return all(getattr(cluster, key) == value for key, value in self.about.items())


class Wanted:
    """An OBProxy cluster as the options describe it. None stands for what may stay as it is."""

    def __init__(
        self,
        name: str,
        work_mode: Optional[str] = None,
        address: Optional[str] = None,
        port: Optional[int] = None,
        ob_links: Optional[List[Dict[str, Any]]] = None,
        purge_ob_links: bool = False,
        password: Optional[str] = None,
        proxyro_password: Optional[str] = None,
    ) -> None:
        self.name = (name or "").strip()
        self.work_mode = work_mode
        self.address = address or None
        self.port = port
        self.links: Optional[List[ObLink]] = None
        if ob_links is not None:
            self.links = [
                ObLink(link["cluster_name"].strip(), link["ob_cluster_id"], link["username"], None) for link in ob_links
            ]
        self.purge = purge_ob_links and ob_links is not None
        # OCP's names. Only newer ones accept them, so they are sent only if they are set.
        passwords = {"password": password, "proxyroPassword": proxyro_password}
        self.passwords = {key: value for key, value in passwords.items() if value}
        self._check()

    def _check(self) -> None:
        if not self.name:
            raise OcpError("rejected", "name is empty.", next="Specify the name of the OBProxy cluster.")
        if self.port is not None and not 0 < self.port < 65536:
            raise OcpError("rejected", "port: %d is not a port (1 to 65535)." % self.port)
        names = [comparable(link.cluster_name) for link in self.links or []]
        twice = [link.cluster_name for link in self.links or [] if names.count(comparable(link.cluster_name)) > 1]
        if None in names or twice:
            what = "%s is listed more than once" % twice[0] if None not in names else "a cluster_name is empty"
            raise OcpError("rejected", "ob_links: %s." % what, next="List each OB cluster once, by its name.")

    def body(self) -> Dict[str, Any]:
        """The request for a new, empty cluster. Raises an error if OCP would refuse it."""
        if not NAME.match(self.name):
            raise OcpError(
                "rejected",
                "name: %s is not a valid name for a new OBProxy cluster." % self.name,
                next="It must begin with a letter and contain only letters, digits and underscores.",
            )
        links = self.links or []
        if self.work_mode == RS_LIST and len(links) != 1:
            raise OcpError(
                "rejected",
                "ob_links has %d OB clusters, but an OBProxy cluster in the mode RS_LIST links to exactly one."
                % len(links),
                next="List only one OB cluster, or use the mode CONFIG_URL.",
            )
        body = {
            "name": self.name,
            "workMode": self.work_mode or CONFIG_URL,
            "port": self.port or PORT,
            "obLinks": raw_links(links),
            "startupParameters": [],
            "parameters": [],
            "obproxyInstallParam": {"hostIds": []},
        }
        if self.address:
            body["address"] = self.address
        body.update(self.passwords)
        return body

    def predicted(self, cluster: Optional[Cluster]) -> Cluster:
        """The cluster as it will be. A new one has no id and no config URL yet."""
        if cluster is None:
            return Cluster(
                id=None,  # type: ignore[arg-type]
                name=self.name,
                work_mode=self.work_mode or CONFIG_URL,
                config_url=None,
                address=self.address,
                port=self.port or PORT,
                versions=[],
                ob_links=self.links or [],
                obproxies=[],
            )
        missing, differing, surplus = self._compared(cluster)
        gone = [link.cluster_name for link in differing + (surplus if self.purge else [])]
        links = [link for link in cluster.ob_links if link.cluster_name not in gone]
        return cluster._replace(
            address=self.address or cluster.address,
            port=self.port or cluster.port,
            ob_links=links + missing + [self._wanted_link(link.cluster_name) for link in differing],
        )

    def writes(self, cluster: Cluster) -> List[Write]:
        """The changes to a cluster, in this order. Raises an error for what OCP cannot change."""
        self._check_fixed(cluster)
        missing, differing, surplus = self._compared(cluster)
        writes = [Write("remove_link", link.cluster_name) for link in differing]
        added = missing + [self._wanted_link(link.cluster_name) for link in differing]
        if added:
            writes.append(Write("add_links", tuple(added)))
        changes = {
            key: wanted
            for key, wanted, there in (("address", self.address, cluster.address), ("port", self.port, cluster.port))
            if wanted is not None and wanted != there
        }
        if changes:
            writes.append(Write("change", changes))
        if self.purge:
            writes += [Write("remove_link", link.cluster_name) for link in surplus]
        return writes

    def _check_fixed(self, cluster: Cluster) -> None:
        if self.work_mode and cluster.work_mode and self.work_mode != cluster.work_mode:
            raise OcpError(
                "rejected",
                "work_mode: the OBProxy cluster %s has the mode %s, which OCP cannot change to %s."
                % (cluster.label, cluster.work_mode, self.work_mode),
                next="Omit work_mode, or create another OBProxy cluster with another name.",
            )
        missing, differing, surplus = self._compared(cluster)
        if cluster.work_mode == RS_LIST and (missing or differing or (surplus and self.purge)):
            raise OcpError(
                "rejected",
                "ob_links: the OBProxy cluster %s has the mode RS_LIST, so OCP cannot change its link: %s."
                % (cluster.label, _named(cluster.ob_links)),
                next="Omit ob_links, or create another OBProxy cluster with another name.",
            )
        if differing and not self.purge:
            names = [str(link.cluster_name) for link in differing]
            raise OcpError(
                "rejected",
                "ob_links: the OBProxy cluster %s links to %s with another ob_cluster_id or username, and OCP cannot "
                "change a link: it has %s." % (cluster.label, some(names), _named(differing)),
                next="Correct ob_links, or set purge_ob_links to true to remove the link and add it again.",
            )

    def _compared(self, cluster: Cluster) -> Tuple[List[ObLink], List[ObLink], List[ObLink]]:
        """Links that are missing, links that differ, and links that should not exist."""
        if self.links is None:
            return [], [], []
        there = {comparable(link.cluster_name): link for link in cluster.ob_links}
        wanted = {comparable(link.cluster_name): link for link in self.links}
        missing = [link for key, link in wanted.items() if key not in there]
        differing = [there[key] for key, link in wanted.items() if key in there and not _same(link, there[key])]
        return missing, differing, [link for key, link in there.items() if key not in wanted]

    def _wanted_link(self, name: Optional[str]) -> ObLink:
        return next(link for link in self.links or [] if comparable(link.cluster_name) == comparable(name))


def shown(cluster: Optional[Cluster]) -> Dict[str, Any]:
    """A cluster in a diff: what the options describe."""
    if cluster is None:
        return {}
    return {
        "name": cluster.name,
        "work_mode": cluster.work_mode,
        "address": cluster.address,
        "port": cluster.port,
        "ob_links": sorted(map(_label, cluster.ob_links)),
    }


def raw_links(links: Any) -> List[Dict[str, Any]]:
    """Links as OCP's calls take them."""
    return [
        {"clusterName": link.cluster_name, "obClusterId": link.ob_cluster_id, "username": link.username}
        for link in links
    ]


def _same(wanted: ObLink, there: ObLink) -> bool:
    """Whether a link is the requested one. What OCP does not show is not compared."""
    return all(getattr(there, field) in (None, getattr(wanted, field)) for field in ("ob_cluster_id", "username"))


def _label(link: ObLink) -> str:
    return "%s (id %s, user %s)" % (link.cluster_name, link.ob_cluster_id, link.username)


def _named(links: List[ObLink]) -> str:
    return some([_label(link) for link in links])
