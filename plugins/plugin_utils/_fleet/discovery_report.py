# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What an operator reads about the OBProxies of an inventory. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from .._text import count, first_line, some, table
from .plan import Row
from .plan_groups import PLANNED, groups, label
from .report import blocker_lines

HEADING = ("HOST", "ADDRESS", "PORT", "VERSION", "USER", "MODE", "SERVES", "OUTCOME", "CLUSTER", "REASON")
#: How many clusters and hosts are named in one place.
CLUSTERS, HOSTS = 3, 10
#: The words for each outcome in the counts, in this order.
OUTCOMES = {
    "fits": "for one OBProxy cluster",
    "several_fit": "for several",
    "none_fits": "for none",
    "managed": "already managed by OCP",
    "blocked": "blocked",
    "without_proxy": "without OBProxy",
    "unreachable": "unreachable",
}
WITHOUT_FILE = "Nothing was written. To save this as an inventory, run again with -e obproxy_plan_file=plan.yml."
#: What happened to the file, by the state that the plan_file module returns.
FILES = {
    "created": "The plan is in {path}.",
    "replaced": "The plan in {path} was replaced, since the hosts or OCP have changed.",
    "unchanged": "The plan in {path} is up to date.",
    "kept": "{path} was edited and is not changed. The hosts and OCP have not changed since it was written.",
    "next_to_it": (
        "{path} was edited and is not changed. The new plan is in {written}. Compare the two, and copy what you "
        "want to keep, including the checksum line."
    ),
}
NEXT = (
    "Review and edit it, then check what a takeover would do: ansible-playbook -i hosts.yml -i {path} {more}{playbook}"
)
PREFLIGHT = "obops.oceanbase.preflight"
MORE = f"-e obproxy_hosts={PLANNED} "


def lines(rows: Iterable[Row], file: Mapping[str, Any] | None = None, unplanned: Iterable[str] = ()) -> list[str]:
    """The report. file: the result of the plan_file module. unplanned: other hosts of the group obproxy."""
    rows = list(rows)
    return [
        *table(HEADING, list(map(_cells, rows))),
        *_open(rows),
        *blocker_lines(rows),
        "",
        _counts(rows),
        *advice(rows, file, unplanned),
    ]


def advice(rows: Iterable[Row], file: Mapping[str, Any] | None = None, unplanned: Iterable[str] = ()) -> list[str]:
    """What to do next."""
    if not file:
        return [WITHOUT_FILE]
    text = [FILES[file["state"]].format(**file)]
    unplanned = list(unplanned)
    if any(row["outcome"] == "fits" for row in rows):
        text.append(NEXT.format(path=file["path"], more=MORE if unplanned else "", playbook=PREFLIGHT))
    if unplanned:
        text.append(
            f"The inventory group obproxy also contains {some(unplanned, CLUSTERS)}. With obproxy_hosts={PLANNED}, "
            "only the planned hosts are taken over."
        )
    return text


def stats(rows: Iterable[Row], file: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The data that is passed on to a workflow."""
    left_out = ("action", "task_id", "failure", "managed_by")
    hosts = [{key: value for key, value in row.items() if key not in left_out} for row in rows]
    return {"obproxy_discover_hosts": hosts, "obproxy_discover_plan": file["written"] if file else None}


def _cells(row: Row) -> tuple[str, ...]:
    proxies = row["proxies"]
    clusters = [row["cluster"]] if row["cluster"] else row["fitting"]
    return (
        row["host"],
        row["address"] or "-",
        _each(proxy["sql_port"] for proxy in proxies) if proxies else str(row["sql_port"] or "-"),
        _each(proxy["version"] for proxy in proxies),
        _each(proxy["user"] for proxy in proxies),
        _each(proxy["start_mode"] for proxy in proxies),
        _each(name for proxy in proxies for name in proxy["ob_clusters"]),
        row["outcome"],
        some([label(cluster) for cluster in clusters], CLUSTERS) or "-",
        why(row) or "-",
    )


def _each(values: Iterable[Any]) -> str:
    return some(list(dict.fromkeys(str(value) for value in values if value)), CLUSTERS) or "-"


def why(row: Row) -> str:
    """Why no cluster is chosen, in a few words."""
    if row["blockers"]:
        return ", ".join(entry["name"] for entry in row["blockers"])
    if row["outcome"] == "none_fits":
        names = [f"{label(misfit)}: {', '.join(misfit['blockers'])}" for misfit in row["misfits"]]
        return some(names, CLUSTERS) or "OCP has no OBProxy cluster"
    if row["outcome"] == "managed" and row["status"] not in (None, "RUNNING"):
        status: str = row["status"]
        return status
    return first_line(row["message"])


def _open(rows: list[Row]) -> list[str]:
    """What the user has to decide or to create, with the hosts."""
    text = []
    for group in groups(rows):
        if group.outcome in ("several_fit", "none_fits"):
            text += ["", group.words, f"  hosts:  {some([row['host'] for row in group.rows], HOSTS)}"]
    return text


def _counts(rows: list[Row]) -> str:
    numbers = Counter(row["outcome"] for row in rows)
    parts = [f"{numbers[outcome]} {words}" for outcome, words in OUTCOMES.items() if numbers[outcome]]
    return f"{count(len(rows), 'host')}: {', '.join(parts)}."
