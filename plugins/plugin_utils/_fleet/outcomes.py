# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The outcomes of the proxies of a wave: according to OCP's answer, and to the checks whether they serve. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .plan import Records, Row

#: The status of a managed proxy that serves.
RUNNING = "RUNNING"
NEXT = "OCP manages this proxy now. Fix the cause on the host or in OCP. The proxy is not taken over again."


def outcomes(rows: Iterable[Row], results: Mapping[str, Mapping[str, Any]]) -> list[Row]:
    """The rows of a fleet with what OCP did. results: those of ocp_obproxy_takeover, by the row's caller.

    Positions do not matter. A proxy is identified by its host's id, address or name in OCP, and by its SQL port.
    """
    indexes = {caller: _index(result) for caller, result in results.items()}
    return [
        {**row, **_outcome(row, results[row["caller"]], indexes[row["caller"]])}
        if results.get(row.get("caller") or "")
        else row
        for row in rows
    ]


def _index(result: Mapping[str, Any]) -> dict[Any, Mapping[str, Any]]:
    return {
        (key, int(proxy["sql_port"])): proxy
        for proxy in result.get("hosts") or []
        for key in (proxy["host_id"], proxy["name"], proxy["address"])
        if key is not None
    }


def _outcome(row: Row, result: Mapping[str, Any], index: Mapping[Any, Mapping[str, Any]]) -> dict[str, Any]:
    port = row["sql_port"]
    proxy = index.get((row["host_id"], port)) or index.get((row["address"], port)) or {}
    outcome, number = proxy.get("outcome") or "failed", proxy.get("task_id")
    failed = result.get("failed") or result.get("failure")
    task = next((task for task in result.get("tasks") or [] if task["id"] == number), None)
    own = {"outcome": outcome, "task_id": number, "task": task}
    if outcome not in ("failed", "submitted") or not (failed or outcome == "failed"):
        return {**own, "message": ""}
    failure = _failure(number, result)
    message = failure["message"] if failure else result.get("msg") or "OCP was not requested to take it over."
    return {**own, "message": message, "failure": failure}


def _failure(number: int | None, result: Mapping[str, Any]) -> dict[str, Any] | None:
    """Why a proxy was not taken over: its own task's failure if it has one, else that of the whole call."""
    failure = result.get("failure") or {}
    general = {key: failure.get(key) for key in ("kind", "message", "next")}
    general["task"] = failure.get("task")
    for task in result.get("tasks") or []:
        if task["id"] == number and task["status"] == "FAILED":
            words = f"OCP's task {number} failed"
            for subtask in task["failed_subtasks"]:
                log = (subtask["log"] or "").strip().splitlines()
                words += f" at {subtask['name']}" + (f": {log[-1]}" if log else "")
            return {**general, "message": words + ".", "task": {"id": number, "url": task.get("url")}}
    return general if failure else None


def proofs(
    rows: Iterable[Row],
    wave: int,
    ocp: Records,
    checks: Mapping[str, Mapping[str, Any]],
    reached: Sequence[Iterable[Mapping[str, Any]]] = ((), ()),
    errors: Mapping[str, str] | None = None,
) -> list[Row]:
    """The rows, with a failure for each proxy of the wave that was taken over but fails a check.

    ocp: OCP's records after the takeover. checks: the result of obproxy_check on each host. reached: what the
    controller saw of the proxies before and after the takeover; it proves nothing if the proxy was out of its reach
    before. errors: the errors of the user's own tasks, by host.
    """
    before, after = ({(seen["address"], int(seen["sql_port"])): seen for seen in each} for each in reached)
    errors = errors or {}
    found = []
    for row in rows:
        if row["wave"] == wave and row["outcome"] == "taken_over":
            key = (row["address"], row["sql_port"])
            problems = [
                *_in_ocp(row, ocp),
                *_on_host(checks.get(row["host"])),
                *_from_controller(before.get(key), after.get(key)),
                *([f"obproxy_check_tasks: {errors[row['host']]}"] if errors.get(row["host"]) else []),
            ]
            if problems:
                message = f"It was taken over, but {'; '.join(problems)}."
                failure = {"kind": "check_failed", "message": message, "next": NEXT, "task": None}
                row = {**row, "message": message, "failure": failure}
        found.append(row)
    return found


def _in_ocp(row: Row, ocp: Records) -> list[str]:
    places = ocp.places.on_host([row["host_id"]] if row["host_id"] else [], [row["address"]])
    statuses = [place.proxy.status for place in places if place.proxy.sql_port == row["sql_port"]]
    if not statuses:
        return ["OCP does not show this proxy"]
    return [] if RUNNING in statuses else [f"OCP shows it as {statuses[0]}"]


def _on_host(result: Mapping[str, Any] | None) -> list[str]:
    if not result or result.get("unreachable"):
        return ["its host could not be checked"]
    if "proxies" not in result:
        return [f"its host could not be checked: {result.get('msg') or 'no answer'}"]
    return [f"{seen['error']} (checked on its host)" for seen in result["proxies"] if seen["error"]]


def _from_controller(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[str]:
    if before and after and before["answers"] and not after["answers"]:
        return [f"{after['error']} (checked from the controller, which it answered before)"]
    return []
