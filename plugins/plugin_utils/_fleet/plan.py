# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What a takeover would do with each host of a fleet: its cluster, or what blocks it. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from ...module_utils._blockers import ocp as rules
from ...module_utils._ocp.errors import OcpError
from ...module_utils._ocp.objects import Cluster, Host, Place, Places, find_cluster, from_public
from ...module_utils._ocp.values import comparable
from .._text import some
from .blockers import blocker

Row = dict[str, Any]


def plan(
    settled: Mapping[str, Mapping[str, Any]],
    looks: Mapping[str, Mapping[str, Any]],
    ocp: Records,
    present: Iterable[str],
    errors: Mapping[str, str] | None = None,
) -> list[Row]:
    """A row for each host, with its outcome as far as it is known before anything is changed.

    settled: what variables.settle() returns for each host, by its name. looks: the result of the check of each host.
    present: the hosts that Ansible still works on. errors: the errors of the role's own checks, by host.
    """
    present = set(present)
    rows = []
    for name, host in settled.items():
        if name in present:
            error = (errors or {}).get(name, "")
            rows.append(_row(host, looks.get(name) or {}, ocp, error))
        else:
            rows.append(_absent(name))
    block_repeated([row for row in rows if row["host"] in present])
    for row in rows:
        if row["outcome"] is None:
            row["outcome"] = "blocked" if row["blockers"] else "would_take_over"
        row["role_has_work"] = row["outcome"] in GOOD and role_has_work(
            settled[row["host"]], looks.get(row["host"], {}), row
        )
    return rows


def role_has_work(host: Mapping[str, Any], look: Mapping[str, Any], row: Row) -> bool:
    """Whether the role has anything to do on the host of a row. On most hosts of a fleet it does not.

    The conditions of its phases (main.yml of its tasks) in one answer: a new phase needs one here.
    """
    obproxy = look.get("obproxy")
    if obproxy is None or not obproxy["todo"]["idle"]:
        return True
    if row["outcome"] == "already_managed":
        return bool(obproxy["unit"]["ours"])
    return bool(host["service"] or (row["configure"] and host["sets_something"]))


def _absent(name: str) -> Row:
    row = dict.fromkeys(("address", "sql_port", "host_id", "cluster", "action", "task_id", "failure"))
    message = "The host failed or was unreachable in an earlier play of this run, so Ansible skipped it."
    row.update(host=name, outcome="not_reached", message=message, configure=False, blockers=[], ignored=[], wave=None)
    return row


def stopped(rows: list[Row]) -> list[Row]:
    """The rows of a run that one bad host stops: hosts that could continue are not reached."""
    bad = [row["host"] for row in rows if row["outcome"] not in GOOD]
    if not bad:
        return rows
    message = f"Nothing was changed, since {some(bad, 3)} did not pass the checks and obproxy_blockers_fatal is set."
    return [
        dict(row, outcome="not_reached", message=message) if row["outcome"] == "would_take_over" else row
        for row in rows
    ]


#: The outcomes with which a run continues.
GOOD = ("would_take_over", "already_managed")
#: What Ansible says around ssh's own words.
_BEFORE_REASON = re.compile(r"^(Task failed: )?(Failed to connect to the host via ssh: |Data could not .* over ssh: )?")


class Records:
    """What OCP has, as ocp_obproxy_cluster_info and ocp_host_info return it, indexed for the hosts of a fleet."""

    def __init__(self, clusters: Iterable[dict[str, Any]], hosts: Iterable[dict[str, Any]] = ()) -> None:
        self.clusters: list[Cluster] = [from_public(Cluster, cluster) for cluster in clusters]
        self.places = Places(self.clusters)
        self._hosts: dict[Any, list[Host]] = defaultdict(list)
        for known in (from_public(Host, host) for host in hosts):
            for key in {comparable(known.address), comparable(known.name)} - {None}:
                self._hosts[key].append(known)

    def hosts(self, address: str) -> list[Host]:
        return self._hosts.get(comparable(address), [])

    def at(self, address: str) -> tuple[list[Host], list[Place]]:
        """The hosts in OCP with this address or name, and the proxies that the clusters have there."""
        known = self.hosts(address)
        return known, self.places.on_host([entry.id for entry in known], [address, *(entry.address for entry in known)])

    def cluster(self, host: Mapping[str, Any]) -> tuple[Cluster | None, list[dict[str, str]]]:
        """The cluster that is set for a host, by name or id or both, and what is wrong with it."""
        name, number = host["cluster"], host["cluster_id"]
        if name is None and number is None:
            return None, [blocker("no_cluster")]
        wanted = " with the id ".join(str(word) for word in (name, number) if word is not None)
        try:
            found = find_cluster(self.clusters, name, number)
        except OcpError as error:
            if error.kind != "not_found":
                return None, [blocker("cluster_ambiguous", wanted=wanted)]
            return None, [blocker("cluster_not_in_ocp", wanted=wanted, known=self.labels)]
        if name is not None and comparable(found.name) != comparable(name):
            return None, [blocker("cluster_not_in_ocp", wanted=wanted, known=self.labels)]
        return found, []

    @property
    def labels(self) -> str:
        return some([cluster.label for cluster in self.clusters]) or "none"


def _row(host: Mapping[str, Any], look: Mapping[str, Any], ocp: Records, error: str) -> Row:
    address, port = host["address"], host["sql_port"]
    cluster, blockers = ocp.cluster(host)
    known, places = ocp.at(address)
    places = [place for place in places if place.proxy.sql_port == port]
    obproxy = look.get("obproxy")
    row = {
        "host": host["host"],
        "address": address,
        "sql_port": port,
        "host_id": known[0].id if len(known) == 1 else None,
        "cluster": {"id": cluster.id, "name": cluster.name} if cluster else None,
        "outcome": None,
        "action": action(obproxy),
        "wave": None,
        "task_id": None,
        "message": "",
        "failure": None,
        "configure": host["configure"] and not places,
    }
    blockers += of_variables(host)
    if look.get("unreachable"):
        # Other problems can wait.
        row.update(outcome="unreachable", message=unreachable(look))
        row.update(blockers=[], ignored=[])
        return row
    blockers += of_look(host, look)
    if cluster and any(rules.manages(place, cluster) for place in places):
        if obproxy is not None and row["action"] != "nothing":
            blockers += obproxy["problems"]
        row["outcome"] = row["outcome"] or (None if blockers else "already_managed")
    elif cluster:
        blockers += rules.recorded(address, port, cluster, known, ocp.places)
        if obproxy is not None:
            blockers += on_host(host, obproxy, cluster, ocp.clusters)
            blockers += [blocker("role_would_fail", reason=error)] if error else []
    ignored = set(host["values"].get("obproxy_blockers_ignored") or [])
    row["ignored"] = sorted({entry["name"] for entry in blockers} & ignored)
    row["blockers"] = [entry for entry in blockers if entry["name"] not in ignored]
    return row


def unreachable(look: Mapping[str, Any]) -> str:
    """Why a host could not be reached, in ssh's words."""
    return _BEFORE_REASON.sub("", str(look.get("msg", "")))


def of_variables(host: Mapping[str, Any]) -> list[dict[str, str]]:
    """What blocks a host because of its variables."""
    blockers = []
    if host["problems"]:
        blockers.append(blocker("invalid_variable", problems="; ".join(host["problems"])))
    if host["state"] != "started":
        blockers.append(blocker("wrong_state", state=host["state"]))
    return blockers


def of_look(host: Mapping[str, Any], look: Mapping[str, Any]) -> list[dict[str, str]]:
    """What blocks a host that could not be checked. Invalid variables may be the reason, and are reported instead."""
    if look.get("obproxy") is not None or host["problems"]:
        return []
    return [blocker("look_failed", reason=look.get("msg") or "no result")]


def config_urls(settled: Mapping[str, Mapping[str, Any]], ocp: Records) -> dict[str, str]:
    """The config URL to start a new proxy with on each host. Without a start mode, it is that of the cluster."""
    return {name: _config_url(host, ocp.cluster(host)[0]) if host else "" for name, host in settled.items()}


def _config_url(host: Mapping[str, Any], cluster: Cluster | None) -> str:
    if host["start_mode_given"] or not cluster or cluster.work_mode != "CONFIG_URL":
        given: str = host["config_url"]
        return given
    return cluster.config_url or ""


def action(obproxy: Mapping[str, Any] | None) -> str | None:
    """What the role is going to do: nothing, start, install or upgrade. None if the host could not be looked at."""
    return obproxy["todo"]["action"] if obproxy else None


def on_host(
    host: Mapping[str, Any],
    obproxy: Mapping[str, Any],
    cluster: Cluster,
    clusters: list[Cluster],
) -> list[dict[str, str]]:
    """What blocks the proxy according to the host, after what the role is going to do there."""
    if not obproxy["root"]:
        # Other findings may be wrong.
        return list(obproxy["problems"])
    acts = action(obproxy) != "nothing"
    found = {entry["name"]: entry for entry in obproxy["problems"]}
    if not acts:
        found = {**{entry["name"]: entry for entry in obproxy["takeover_blockers"]}, **found}
    # The role starts a proxy of the requested version, in the cluster's own mode.
    then: Any = obproxy
    if acts:
        version = obproxy["todo"]["version"]
        then = {"processes": [], "packages": [{"version": version}] if version else []}
    found.update((entry["name"], entry) for entry in rules.between(then, cluster, clusters))
    if action(obproxy) == "upgrade" and host["keep_old_version"]:
        old = some([package["nevra"] for package in obproxy["packages"]])
        found["old_version_kept"] = blocker("old_version_kept", packages=old)
    # What the role is going to set in the running proxy.
    if host["configure"] and host["password_settable"] and (obproxy["login"] or {}).get("old_password_works"):
        found.pop("wrong_password", None)
    if host["configure"] and host["lets_ocp_log_in"]:
        found.pop("proxysys_private_only", None)
    return list(found.values())


def block_repeated(rows: Iterable[Row]) -> None:
    """Blocks hosts of the inventory that are the same proxy in OCP, since it is unknown which of them is right."""
    same = defaultdict(list)
    for row in rows:
        same[row["host_id"] or comparable(row["address"]), row["sql_port"]].append(row)
    for repeated in same.values():
        if len(repeated) > 1:
            details = {"hosts": some([row["host"] for row in repeated]), "port": repeated[0]["sql_port"]}
            for row in repeated:
                row["blockers"].append(blocker("listed_twice", address=row["address"], **details))
                row["outcome"] = None if row["outcome"] == "already_managed" else row["outcome"]
