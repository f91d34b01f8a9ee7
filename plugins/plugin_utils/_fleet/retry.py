# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The results of retried tasks, as text and as data for a workflow. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .._text import columns, count, first_line, some
from .variables import READERS

HEADING = ("TASK", "NAME", "STATUS", "DONE", "REASON")
UNKNOWN = "OCP does not know this task"


def task_ids(value: Any) -> dict[str, Any]:
    """The given ids without duplicates, or what is wrong with them."""
    words = list(dict.fromkeys(READERS["ids"](value)))
    wrong = [word for word in words if not re.fullmatch("[0-9]+", word)]
    problem = ""
    if wrong:
        problem = f"obproxy_task_ids: not a task id: {', '.join(wrong)}."
    elif not words:
        problem = (
            "There is no task to retry. Set obproxy_task_ids to the ids of the tasks. For a host that failed before OCP"
            " had a task for it, run the playbook takeover again."
        )
    return {"ids": [] if problem else [int(word) for word in words], "problem": problem}


def report(
    wanted: Iterable[int],
    tasks: Iterable[Mapping[str, Any]],
    retried: Iterable[Mapping[str, Any]],
    waited: Mapping[str, Any],
    dry: bool = False,
) -> dict[str, Any]:
    """wanted: ids. tasks: their state before. retried: results of ocp_task; waited: the result of ocp_task_wait."""
    before = {task["id"]: task for task in tasks}
    after = {task["id"]: task for task in waited.get("tasks") or []}
    refused = {result["item"]["id"]: result for result in retried if result.get("failed") or result.get("failure")}
    rows = [_row(number, before.get(number), after.get(number), refused.get(number), dry) for number in wanted]
    general = "" if after or dry or not waited.get("failed") else str(waited.get("msg"))
    failed = [row["id"] for row in rows if row["failed"]]
    changed = sum(row["done"] in ("retried", "would be retried") for row in rows)
    verb = "would be retried" if dry else "retried"
    message = f"{count(len(rows), 'task')}: {changed} {verb}, {len(failed)} not successful"
    message += f" ({some([str(number) for number in failed])})." if failed else "."
    return {
        "failed": failed,
        "message": f"{message} {general}".strip(),
        "lines": [*_table(rows), *_advice(waited), "", f"{message} {general}".strip()],
        "stats": {"obproxy_retry_task_ids": [row["id"] for row in rows], "obproxy_retry_failed": failed},
    }


def _row(
    number: int,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    refusal: Mapping[str, Any] | None,
    dry: bool,
) -> dict[str, Any]:
    row = {"id": number, "name": "-", "status": "-", "done": "nothing", "reason": "", "failed": True}
    if before is None:
        return {**row, "reason": UNKNOWN}
    row["name"] = before["name"]
    row["status"] = (after or before)["status"]
    if refusal:
        return {**row, "done": "refused", "reason": str(refusal.get("msg") or "")}
    if before["status"] == "FAILED":
        row["done"] = "would be retried" if dry else "retried"
    elif before["status"] == "RUNNING":
        row["done"] = "would be joined" if dry else "joined"
    row["failed"] = not dry and row["status"] != "SUCCESSFUL"
    for subtask in (after or {}).get("failed_subtasks") or []:
        log = (subtask["log"] or "").strip().splitlines()
        row["reason"] = f"at {subtask['name']}" + (f": {log[-1]}" if log else "")
    return row


def _table(rows: list[dict[str, Any]]) -> list[str]:
    cells = [
        (str(row["id"]), row["name"], row["status"], row["done"], first_line(row["reason"]) or "-") for row in rows
    ]
    return columns([HEADING, *cells])


def _advice(waited: Mapping[str, Any]) -> list[str]:
    advice = (waited.get("failure") or {}).get("next")
    return ["", f"next: {advice}"] if advice else []
