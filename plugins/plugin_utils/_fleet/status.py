# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The state of OCP, as text and as data for a workflow. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._text import columns, count, some

#: The statuses in which OCP changes a proxy. Like RUNNING, they are no problem while a task is running.
CHANGING = ("CREATING", "RESTARTING", "UPGRADING", "REFRESHING", "DELETING", "TAKINGOVER")
HEADING = ("CLUSTER", "MODE", "ADDRESS", "PORT", "STATUS", "VERSION")


def report(
    clusters: Iterable[Mapping[str, Any]], running: Iterable[Mapping[str, Any]], failed: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """clusters: as ocp_obproxy_cluster_info returns them. running, failed: tasks as ocp_task_info returns them."""
    clusters, running, failed = list(clusters), list(running), list(failed)
    proxies = [
        {
            "cluster": cluster["name"],
            "address": proxy["address"],
            "sql_port": proxy["sql_port"],
            "version": proxy["version"],
            "status": proxy["status"],
        }
        for cluster in clusters
        for proxy in cluster["obproxies"]
    ]
    not_running = [proxy for proxy in proxies if proxy["status"] != "RUNNING"]
    # A proxy keeps such a status if the task to change it has failed.
    stuck = failed and not running
    wrong = [_name(proxy) for proxy in not_running if stuck or proxy["status"] not in CHANGING]
    return {
        "proxies": proxies,
        "wrong": wrong,
        "message": f"{count(len(wrong), 'proxy', 'proxies')} of {len(proxies)} not running: {some(wrong)}.",
        "lines": [*_proxies(clusters), *_tasks(running, failed), "", _counts(clusters, proxies)],
        "stats": {
            "obproxy_status_proxies": proxies,
            "obproxy_status_not_running": [_name(proxy) for proxy in not_running],
            "obproxy_status_running_task_ids": [task["id"] for task in running],
            "obproxy_status_failed_task_ids": [task["id"] for task in failed],
        },
    }


def _name(proxy: Mapping[str, Any]) -> str:
    return f"{proxy['address']}:{proxy['sql_port']}"


def _proxies(clusters: list[Mapping[str, Any]]) -> list[str]:
    rows: list[Sequence[str]] = [HEADING]
    for cluster in clusters:
        head = (f"{cluster['name']} ({cluster['id']})", cluster["work_mode"] or "-")
        for proxy in cluster["obproxies"] or [
            {"address": None, "sql_port": None, "status": "no proxy", "version": None}
        ]:
            rest = (proxy["address"], proxy["sql_port"], proxy["status"], proxy["version"])
            rows.append([*head, *(str(cell or "-") for cell in rest)])
    return columns(rows) if clusters else []


def _tasks(running: list[Mapping[str, Any]], failed: list[Mapping[str, Any]]) -> list[str]:
    text = [f"Task {task['id']} ({task['name']}) has been running since {task['started']}." for task in running]
    for task in failed:
        text.append(f"Task {task['id']} ({task['name']}) failed: {task['url']}")
        for subtask in task["failed_subtasks"]:
            log = (subtask["log"] or "").strip().splitlines()
            text.append(f"  at {subtask['name']}" + (f": {log[-1]}" if log else ""))
    return ["", *text] if text else []


def _counts(clusters: list[Mapping[str, Any]], proxies: list[dict[str, Any]]) -> str:
    if not clusters:
        return "OCP has no OBProxy cluster."
    statuses = Counter(str(proxy["status"]) for proxy in proxies)
    parts = ", ".join(f"{number} {status}" for status, number in statuses.most_common())
    return (
        f"{count(len(clusters), 'cluster')}, {count(len(proxies), 'proxy', 'proxies')}{': ' + parts if parts else ''}."
    )
