# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Which OBProxies each host of an inventory has, and which OBProxy clusters could take them over. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...module_utils._blockers import ocp as rules
from ...module_utils._ocp.objects import DELETING, Cluster, Host, Place, Places, from_public
from .plan import Records, Row, block_repeated, of_look, of_variables, on_host, unreachable
from .proxies import is_four, running, stopped

#: What depends on the cluster of a proxy, once it is known.
OF_THE_CLUSTER = ("no_start_mode",)


def discover(
    settled: Mapping[str, Mapping[str, Any]], looks: Mapping[str, Mapping[str, Any]], ocp: Records
) -> list[Row]:
    """A row for each host, with its outcome, its proxies, and the clusters that fit.

    settled: what variables.settle() returns for each host, with the port that the proxy has. looks: as in plan.plan().
    """
    rows = [_row(host, looks.get(name) or {}, ocp) for name, host in settled.items()]
    block_repeated([row for row in rows if row["outcome"] is None and row["sql_port"]])
    for row in rows:
        if row["outcome"] is None:
            row["outcome"] = _outcome(row)
    _leave_open(rows, ocp.clusters)
    for row in rows:
        row["cluster"] = row["managed_by"] or (row["fitting"][0] if row["outcome"] == "fits" else None)
    return rows


def sql_port(look: Mapping[str, Any], wanted: int) -> int:
    """The SQL port of the only proxy that runs on a host, or the wanted one if it is unknown."""
    proxies = running(look["obproxy"], []) if look.get("obproxy") else []
    return (len(proxies) == 1 and proxies[0]["sql_port"]) or wanted


def _outcome(row: Row) -> str:
    if row["blockers"]:
        return "blocked"
    return ("none_fits", "fits")[len(row["fitting"])] if len(row["fitting"]) < 2 else "several_fit"


def _row(host: Mapping[str, Any], look: Mapping[str, Any], ocp: Records) -> Row:
    address, obproxy = host["address"], look.get("obproxy")
    known, places = ocp.at(address)
    proxies = (running(obproxy, ocp.clusters) or stopped(obproxy)) if obproxy else []
    row: Row = {
        "host": host["host"],
        "address": address,
        "sql_port": None,
        "host_id": known[0].id if len(known) == 1 else None,
        "in_ocp": bool(known),
        "proxies": proxies,
        "outcome": None,
        "cluster": None,
        "managed_by": None,
        "status": None,
        "fitting": [],
        "misfits": [],
        "needed": None,
        "blockers": [],
        "ignored": [],
        "message": "",
        **dict.fromkeys(("action", "task_id", "failure")),
    }
    runs = [proxy for proxy in proxies if proxy["started_by"]]
    ports = {proxy["sql_port"] for proxy in runs}
    mine = [place for place in places if place.proxy.status != DELETING and (not runs or place.proxy.sql_port in ports)]
    # If nothing runs, or nothing could be checked: whatever OCP has there.
    if mine and ports <= {place.proxy.sql_port for place in mine}:
        return {**row, **_managed(mine[0])}
    if look.get("unreachable"):
        return {**row, "outcome": "unreachable", "message": unreachable(look)}
    if obproxy is None:
        return {**row, "blockers": of_variables(host) + of_look(host, look)}
    if not proxies and not obproxy["processes"] and obproxy["root"] and not obproxy["rpm_error"]:
        return {**row, "outcome": "without_proxy"}
    proxy = runs[0] if len(runs) == 1 else {}
    row["sql_port"] = proxy.get("sql_port")
    if any(place.proxy.sql_port == row["sql_port"] for place in places):
        row["blockers"] = [rules.blocker("being_removed")]
    judged = _judged(host, obproxy, proxy, row["blockers"], known, ocp)
    # For several proxies, it is up to the user which one a cluster should take over.
    return {**row, **judged, **({"fitting": [], "misfits": []} if len(runs) > 1 else {})}


def _managed(place: Place) -> dict[str, Any]:
    cluster, proxy = place
    return {"outcome": "managed", "managed_by": _named(cluster), "sql_port": proxy.sql_port, "status": proxy.status}


def _named(cluster: Cluster) -> dict[str, Any]:
    return {"id": cluster.id, "name": cluster.name}


def _judged(
    host: Mapping[str, Any],
    obproxy: Mapping[str, Any],
    proxy: Mapping[str, Any],
    found: list[dict[str, str]],
    known: list[Host],
    ocp: Records,
) -> dict[str, Any]:
    """What blocks a proxy regardless of its cluster, and which clusters fit.

    A proxy is blocked if even an empty cluster in its own mode would not help; the rest depends on the cluster. found:
    the blockers so far. proxy: the running one, if any.
    """
    ignored = set(host["values"].get("obproxy_blockers_ignored") or [])
    empty = _empty(proxy.get("start_mode"), ocp.clusters)
    found = [*found, *of_variables(host)]
    found += rules.recorded(host["address"], host["sql_port"], empty, known, Places([]))
    found += on_host(host, obproxy, empty, ocp.clusters)
    # The role would start a proxy that does not run, but that is the user's decision.
    found += [entry for entry in obproxy["takeover_blockers"] if entry["name"] == "no_process"]
    if empty.work_mode != "RS_LIST":
        found = [entry for entry in found if entry["name"] not in OF_THE_CLUSTER]
    blockers = {entry["name"]: entry for entry in found}
    misfits, fitting = {}, []
    for cluster in ocp.clusters:
        mine = [
            entry
            for entry in on_host(host, obproxy, cluster, ocp.clusters)
            if entry["name"] not in {*blockers, *ignored, *OF_THE_CLUSTER}
        ]
        if mine:
            misfits[cluster.id] = mine
        else:
            fitting.append(_named(cluster))
    wanted, wrong = ocp.cluster(host) if _names_one(host) else (None, [])
    if wanted:
        wrong = misfits.get(wanted.id, [])
        fitting = fitting if wrong else [_named(wanted)]
    blockers.update((entry["name"], entry) for entry in wrong)
    return {
        "fitting": fitting,
        "misfits": [
            {**_named(cluster), "blockers": [entry["name"] for entry in misfits[cluster.id]]}
            for cluster in ocp.clusters
            if cluster.id in misfits
        ],
        "needed": _needed(proxy),
        "ignored": sorted(set(blockers) & ignored),
        "blockers": [entry for name, entry in blockers.items() if name not in ignored],
    }


def _names_one(host: Mapping[str, Any]) -> bool:
    return host["cluster"] is not None or host["cluster_id"] is not None


def _empty(mode: str | None, clusters: list[Cluster]) -> Cluster:
    """An OBProxy cluster that does not exist: empty, of this mode, in the same OCP."""
    url = next((cluster.config_url for cluster in clusters if cluster.config_url), None)
    return from_public(Cluster, {"id": 0, "name": "that should take it over", "work_mode": mode, "config_url": url})


def _needed(proxy: Mapping[str, Any]) -> dict[str, Any]:
    """Which empty cluster would take the proxy."""
    four = is_four(proxy.get("version"))
    return {
        "work_mode": proxy.get("start_mode"),
        "ob_clusters": proxy.get("ob_clusters") or [],
        "versions": None if four is None else "4.0.0 or later" if four else "below 4.0.0",
    }


def _leave_open(rows: list[Row], clusters: list[Cluster]) -> None:
    """Chooses no cluster for proxies of different kinds that all fit the same empty one, which takes only one kind."""
    for cluster in clusters:
        mine = [row for row in rows if row["outcome"] == "fits" and row["fitting"][0]["id"] == cluster.id]
        serving = {tuple(row["needed"]["ob_clusters"]) for row in mine} - {()}
        versions = {row["needed"]["versions"] for row in mine} - {None}
        if (not cluster.ob_links and len(serving) > 1) or (not cluster.versions and len(versions) > 1):
            for row in mine:
                row["outcome"] = "several_fit"
