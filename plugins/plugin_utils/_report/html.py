# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The report as one HTML page that works offline and without JavaScript."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from .._text import count, some
from . import drawing

TEMPLATE = Path(__file__).with_name("report.html.j2")
#: The tone of each outcome and subtask status: a color that always comes with the word itself.
TONES = {
    "taken_over": "good",
    "already_managed": "good",
    "would_take_over": "good",
    "submitted": "wait",
    "blocked": "wait",
    "not_reached": "calm",
    "unreachable": "bad",
    "failed": "bad",
    "SUCCESSFUL": "good",
    "FAILED": "bad",
    "RUNNING": "wait",
}
#: The words for each outcome, in the order in which the counts are shown.
OUTCOMES = {
    "taken_over": "taken over",
    "would_take_over": "would be taken over",
    "already_managed": "already managed",
    "submitted": "submitted to OCP",
    "failed": "failed",
    "unreachable": "unreachable",
    "blocked": "blocked",
    "not_reached": "not reached",
}
#: How many tasks are drawn. More of the same kind show nothing new.
PICTURES = 3
NAMES = 40


def render(report: dict[str, Any]) -> str:
    """The page of a report (see report.py for its keys)."""
    hosts = report["hosts"]
    waves = len({host.get("wave") for host in hosts if host.get("wave")})
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=False)
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        title=report["title"],
        subtitle=_subtitle(report),
        tiles=_tiles(hosts),
        next=report.get("next") or "",
        timeline=drawing.timeline(hosts),
        failures=[_named(group) for group in report["failures"]],
        blockers=[_named(group) for group in report["blockers"]],
        changes=report["changes"],
        tasks=[_drawn(task) for task in _worth_drawing(report["tasks"])],
        hosts=[_row(host) for host in hosts],
        waves=waves,
        tones=TONES,
        about=[(name, value) for name, value in report["about"].items() if value],
    )


def _subtitle(report: dict[str, Any]) -> str:
    began, ended = drawing.moment(report["started"]), drawing.moment(report["finished"])
    parts = [began.strftime("%d %B %Y, %H:%M").lstrip("0") if began else ""]
    if began and ended:
        parts[0] += ended.strftime(" to %H:%M") + f" ({drawing.duration((ended - began).total_seconds())})"
    clusters = sorted({host["cluster"] for host in report["hosts"] if host.get("cluster")})
    if clusters:
        parts.append(("cluster " if len(clusters) == 1 else "clusters ") + ", ".join(clusters))
    return " · ".join(part for part in parts if part)


def _tiles(hosts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = [host["outcome"] for host in hosts]
    tiles = [{"number": len(hosts), "words": "host" if len(hosts) == 1 else "hosts", "tone": ""}]
    for outcome in [*OUTCOMES, *sorted(set(found) - set(OUTCOMES))]:
        if outcome in found:
            words = OUTCOMES.get(outcome, outcome)
            tiles.append({"number": found.count(outcome), "words": words, "tone": TONES.get(outcome, "")})
    return tiles


def _named(group: dict[str, Any]) -> dict[str, Any]:
    """A group with its hosts as text, shortened."""
    names = group["hosts"]
    return dict(group, names=some(names, NAMES), words=count(len(names), "host"))


def _worth_drawing(tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Failed tasks first, then one that succeeded."""
    drawable = [task for task in tasks if task.get("subtasks")]
    failed = [task for task in drawable if task["status"] == "FAILED"]
    return (failed or drawable[:1])[:PICTURES]


def _drawn(task: dict[str, Any]) -> dict[str, Any]:
    failed = ", ".join(subtask["name"] for subtask in task["subtasks"] if subtask["status"] == "FAILED")
    return dict(task, graph=drawing.graph(task["subtasks"]), failed=failed)


def _row(host: dict[str, Any]) -> dict[str, Any]:
    began, ended = drawing.moment(host.get("started")), drawing.moment(host.get("finished"))
    seconds = (ended - began).total_seconds() if began and ended else None
    action = "" if host.get("action") in (None, "nothing") else host["action"]
    details = ", ".join(host.get("blockers") or []) or host.get("message") or action
    keys = ("host", "address", "sql_port", "cluster", "wave", "outcome", "task_id", "task_url")
    return dict({key: host.get(key) for key in keys}, duration=drawing.duration(seconds), details=details)
