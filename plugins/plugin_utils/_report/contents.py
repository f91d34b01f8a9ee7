# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The contents of a run's report, for all of its formats. docs/report.schema.json describes them. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

#: How many tasks are shown in full. Failed ones come first.
TASKS = 5


def contents(
    rows: Iterable[Mapping[str, Any]],
    bad: Iterable[str],
    title: str,
    began: str,
    ended: str,
    advice: Iterable[str] = (),
    changes: Iterable[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """rows: of the fleet, after the plan and the waves. bad: the hosts that were not successful.

    began, ended: in ISO 8601. advice: what to do next, a sentence each. changes: what OCP changes, as in
    impact.grouped().
    """
    rows, bad = list(rows), set(bad)
    return {
        "title": title,
        "started": began,
        "finished": ended,
        "hosts": [_host(row) for row in rows],
        "failures": _failures(row for row in rows if row["host"] in bad and not row["blockers"]),
        "blockers": _blockers(rows),
        "changes": [dict(change) for change in changes],
        "tasks": _tasks(rows),
        "next": " ".join(advice),
    }


def _host(row: Mapping[str, Any]) -> dict[str, Any]:
    task, cluster = row.get("task") or {}, row["cluster"] or {}
    return {
        **{key: row[key] for key in ("host", "address", "sql_port", "outcome", "action", "task_id")},
        "cluster": cluster.get("name"),
        "cluster_id": cluster.get("id"),
        "wave": row.get("wave"),
        "task_url": task.get("url"),
        "started": row.get("started"),
        "finished": row.get("finished"),
        "blockers": [entry["name"] for entry in row["blockers"]],
        "message": row["message"],
    }


def _failures(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Hosts that failed for the same reason: at the same OCP subtask, or with the same message.

    Hosts that were not reached because of the others come last.
    """
    groups: dict[Hashable, dict[str, Any]] = {}
    for row in rows:
        failure, task = row["failure"] or {}, row.get("task") or {}
        subtasks = task.get("failed_subtasks") or []
        names = ", ".join(subtask["name"] for subtask in subtasks)
        message = f"OCP's task failed at {names}" if names else row["message"]
        logs = [subtask["log"] for subtask in subtasks if subtask["log"]]
        key = (failure.get("kind") or row["outcome"], message)
        group = groups.setdefault(
            key,
            {"kind": key[0], "message": message, "next": failure.get("next") or "", "log": "", "hosts": []},
        )
        group["log"] = group["log"] or "\n".join(logs)
        group["hosts"].append(row["host"])
    return sorted(groups.values(), key=lambda group: (group["kind"] == "not_reached", -len(group["hosts"])))


def _blockers(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    groups: dict[str, dict[str, Any]] = {}
    for row in rows:
        for entry in row["blockers"]:
            group = groups.setdefault(
                entry["name"], {**{key: entry[key] for key in ("name", "found", "needed", "cure")}, "hosts": []}
            )
            group["hosts"].append(row["host"])
    return sorted(groups.values(), key=lambda group: -len(group["hosts"]))


def _tasks(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """OCP's tasks that failed, or one that did not."""
    tasks = {row["task"]["id"]: row["task"] for row in rows if row.get("task")}
    failed = [task for task in tasks.values() if task["status"] == "FAILED"]
    shown = failed[:TASKS] or list(tasks.values())[:1]
    return [
        {key: task.get(key) for key in ("id", "name", "status", "url", "started", "finished", "subtasks")}
        for task in shown
    ]
