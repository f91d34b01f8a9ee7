# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The outcome of each host of a fleet, and which hosts must fail. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .._text import first_line
from .plan import GOOD, Row

#: The outcomes of successful hosts.
SUCCESSFUL = (*GOOD, "taken_over", "submitted")
#: Those after which OCP manages the proxy.
MANAGED = ("taken_over", "already_managed")
#: The fields of a row that are passed on as data.
PUBLIC = (
    *("host", "address", "sql_port", "cluster", "wave", "outcome", "action", "task_id", "blockers", "ignored"),
    *("message", "failure"),
)


def is_bad(row: Row) -> bool:
    """Whether its host must fail. This includes a takeover that had not ended when the time was up."""
    return row["outcome"] not in SUCCESSFUL or bool(row["failure"])


def why(row: Row) -> str:
    """The reason in a few words, for the row of a table and for the line with which a host fails."""
    if row["blockers"]:
        return ", ".join(entry["name"] for entry in row["blockers"])
    if row["failure"]:
        task = row["failure"].get("task") or {}
        words = [row["failure"].get("kind"), f"task {task['id']}" if task.get("id") else None, task.get("url")]
        return " ".join(word for word in words if word)
    return first_line(row["message"])


def merged(before: Iterable[Row], rows: Iterable[Row]) -> list[Row]:
    """The rows of this play and earlier plays of the same run. The newest row of a host counts."""
    newest = {(row["host"], row["sql_port"]): row for row in (*before, *rows)}
    return list(newest.values())


def summary(rows: Iterable[Row], before: Iterable[Row] = ()) -> dict[str, Any]:
    """What the playbooks pass on: to a workflow (`stats`), to the report and to each host (`ends`)."""
    rows = list(rows)
    public = [{key: row.get(key) for key in PUBLIC} for row in rows]
    bad = [row for row in public if is_bad(row)]
    lost = {row["host"] for row in bad if row["outcome"] == "unreachable"}
    told = merged(before, public)
    clusters = {row["cluster"]["id"]: row["cluster"] for row in told if row["cluster"]}
    return {
        "hosts": public,
        "failed": [row["host"] for row in bad],
        "managed": [row["host"] for row in public if row["outcome"] in MANAGED],
        "stats": {
            "obproxy_takeover_hosts": told,
            "obproxy_takeover_failed": [row["host"] for row in told if is_bad(row)],
            "obproxy_takeover_task_ids": sorted({row["task_id"] for row in told if row["task_id"] is not None}),
            "obproxy_takeover_clusters": list(clusters.values()),
        },
        "ends": {
            row["host"]: {
                "outcome": row["outcome"],
                "why": why(row),
                # Ansible runs no more tasks on an unreachable host, and one host must be left for the report.
                "unreachable": row["host"] in lost and len(lost) < len(rows),
            }
            for row in bad
        },
    }
