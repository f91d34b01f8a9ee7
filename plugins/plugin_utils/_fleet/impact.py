# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What OCP would change in a proxy that it takes over: pure, from the proxy's settings and its cluster's parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...module_utils._ocp.values import is_secret
from .._text import count, some
from .blockers import blocker
from .plan import Row
from .settings import same

#: How many changes of a fleet are shown in lines.
LINES = 20


def changes(settings: list[dict[str, Any]], parameters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The parameters whose value differs: {name, before, after, restart}, sorted by name.

    settings: of SHOW PROXYCONFIG, each with name, value and needs_restart. parameters: of the cluster, each with name,
    value and needs_restart; OCP leaves a parameter without a value alone. A parameter that the proxy's version lacks
    has None before, since OCP cannot set it.
    """
    has = {setting["name"]: setting for setting in settings}
    found = []
    for parameter in sorted(parameters, key=lambda entry: entry["name"]):
        name, after = parameter["name"], parameter.get("value")
        if is_secret(name) or after is None:
            continue
        mine = has.get(name)
        if mine is None:
            found.append({"name": name, "before": None, "after": after, "restart": False})
        elif not same(str(mine["value"]), str(after), parameter.get("default")):
            restart = bool(mine.get("needs_restart") or parameter.get("needs_restart"))
            found.append({"name": name, "before": mine["value"], "after": after, "restart": restart})
    return found


def grouped(by_host: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The changes in a fleet, each once, with the hosts and their number. Those with a restart come first."""
    groups: dict[tuple[Any, ...], dict[str, Any]] = {}
    for host, mine in by_host.items():
        for change in mine:
            key = (change["name"], change["before"], change["after"], change["restart"])
            groups.setdefault(key, {**change, "hosts": []})["hosts"].append(host)
    for group in groups.values():
        group["count"] = len(group["hosts"])
    return sorted(groups.values(), key=lambda group: (not group["restart"], -group["count"], group["name"]))


def previewed(
    rows: Iterable[Row],
    looks: Mapping[str, Mapping[str, Any]],
    clusters: Iterable[Mapping[str, Any]],
    restart_forbidden: Mapping[str, bool],
) -> list[Row]:
    """The rows of a plan, each with its `changes`: None if the proxy is not running yet or its settings are unknown.

    looks: the result of the check of each host, with the settings of its proxy. clusters: OCP's, with their parameters.
    restart_forbidden: by host. It blocks a proxy that OCP would restart, and one for which this is unknown.
    """
    parameters = {cluster["id"]: cluster.get("parameters") for cluster in clusters}
    return [
        _previewed(row, looks.get(row["host"]) or {}, parameters, restart_forbidden.get(row["host"], False))
        if row["outcome"] == "would_take_over"
        else {**row, "changes": None}
        for row in rows
    ]


def _previewed(
    row: Row, look: Mapping[str, Any], parameters: Mapping[int, list[dict[str, Any]] | None], restart_forbidden: bool
) -> Row:
    settings = (look.get("obproxy") or {}).get("settings")
    theirs = parameters.get(row["cluster"]["id"])
    runs = row["action"] == "nothing"
    found = changes(settings, theirs) if runs and settings is not None and theirs is not None else None
    blockers = []
    if runs and restart_forbidden and "restart_needed" not in row["ignored"]:
        restarts = [change["name"] for change in found or [] if change["restart"]]
        if found is None:
            blockers = [blocker("restart_unknown")]
        elif restarts:
            blockers = [blocker("restart_needed", parameters=some(restarts, 5))]
    outcome = "blocked" if blockers else row["outcome"]
    return {**row, "changes": found, "blockers": [*row["blockers"], *blockers], "outcome": outcome}


def came_true(
    rows: Iterable[Row], looks: Mapping[str, Mapping[str, Any]], clusters: Iterable[Mapping[str, Any]]
) -> list[Row]:
    """The rows of a wave. For proxies that were taken over, the changes are those that OCP actually made.

    looks: as for previewed(). clusters: OCP's after the takeover, whose parameters have the value of each proxy.
    """
    parameters = {cluster["id"]: cluster.get("parameters") for cluster in clusters}
    found = []
    for row in rows:
        after = parameters.get((row["cluster"] or {}).get("id"))
        settings = (looks.get(row["host"], {}).get("obproxy") or {}).get("settings")
        if row.get("taken_now") and settings is not None and after:
            own = [{**each, "value": _value_of(each, row["address"])} for each in after]
            # Parameters that the proxy's version lacks were not set.
            row = {**row, "changes": [change for change in changes(settings, own) if change["before"] is not None]}
        found.append(row)
    return found


def _value_of(parameter: Mapping[str, Any], address: str) -> str | None:
    """The value that a parameter has in the proxy of a host, or else in its cluster."""
    for entry in parameter.get("by_proxy") or []:
        if address in entry["obproxies"]:
            own: str | None = entry["value"]
            return own
    return parameter.get("value")


def of_fleet(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """All changes of the proxies that are taken over, as grouped() has them."""
    going = ("would_take_over", "taken_over", "submitted")
    return grouped({row["host"]: row["changes"] for row in rows if row.get("changes") and row["outcome"] in going})


def overview(rows: Iterable[Row]) -> list[str]:
    """What OCP changes, a line for each change with the number of proxies. Those with a restart come first."""
    found = of_fleet(rows)
    if not found:
        return []
    lines = ["OCP sets the proxies' parameters to those of their cluster:"]
    for change in found[:LINES]:
        restart = ", restart needed" if change["restart"] else ""
        after = change["after"] or "(empty)"
        what = f"{change['before'] or '(empty)'} -> {after}{restart}"
        if change["before"] is None:
            what = f"not known to this version ({after} in OCP)"
        proxies = count(change["count"], "proxy", "proxies")
        lines.append(f"  {change['name']}: {what}: {proxies} ({some(change['hosts'], 3)})")
    rest = len(found) - LINES
    return lines + ([f"  and {count(rest, 'more change')}"] if rest > 0 else [])
