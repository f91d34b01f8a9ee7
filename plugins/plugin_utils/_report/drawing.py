# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The geometry of the report's pictures. It consists of numbers and texts; the template turns them into SVG."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from .._text import count, natural

#: Width of a picture in SVG units; the page scales it.
WIDTH = 1000
#: Where the bars of the timeline begin: to the left are the names.
LEFT = 150
#: The space at their end, for half of a clock time.
RIGHT = 30
#: Heights of a host's bar and of a wave's heading.
BAR = 16
HEADING = 26
#: Bars are this thin when a wave has more hosts than MANY.
THIN = 6
MANY = 40
#: A subtask's box in the picture of a task.
BOX = (176, 40)
GAP = (24, 14)


def moment(text: str | None) -> datetime | None:
    """The moment of an ISO 8601 text with an offset, or None."""
    try:
        return datetime.fromisoformat((text or "").replace("Z", "+00:00"))
    except ValueError:
        return None


def timeline(hosts: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Waves, and within them hosts, from left to right as time passed; None if nothing has both a start and an end.

    The result has width, height, ticks ({x, label}), headings ({y, label}) and bars ({x, y, width, height, label,
    title, outcome}).
    """
    timed = []
    for host in hosts:
        began, ended = moment(host.get("started")), moment(host.get("finished"))
        if began and ended and ended >= began:
            timed.append((host.get("wave") or 1, began, ended, host))
    if not timed:
        return None
    first, last = min(entry[1] for entry in timed), max(entry[2] for entry in timed)
    span = max((last - first).total_seconds(), 1.0)
    scale = (WIDTH - LEFT - RIGHT) / span
    headings, bars, y = [], [], 30.0
    for wave in sorted({entry[0] for entry in timed}):
        mine = sorted(
            (entry for entry in timed if entry[0] == wave), key=lambda entry: (entry[1], natural(entry[3]["host"]))
        )
        headings.append({"y": y + 16, "label": f"Wave {wave}: {count(len(mine), 'host')}"})
        y += HEADING
        height = THIN if len(mine) > MANY else BAR
        for _wave, began, ended, host in mine:
            seconds = (ended - began).total_seconds()
            bars.append(
                {
                    "x": round(LEFT + (began - first).total_seconds() * scale, 1),
                    "y": round(y, 1),
                    "width": max(round(seconds * scale, 1), 2),
                    "height": height - 2,
                    "label": host["host"] if height == BAR else "",
                    "title": f"{host['host']}: {host['outcome']}, {duration(seconds)}",
                    "outcome": host["outcome"],
                }
            )
            y += height
        y += 8
    return {
        "width": WIDTH,
        "height": round(y + 4),
        "left": LEFT,
        "ticks": _ticks(first, span, scale),
        "headings": headings,
        "bars": bars,
    }


def _ticks(first: datetime, span: float, scale: float) -> list[dict[str, Any]]:
    """Clock times at round distances, at most eight of them."""
    step = next(step for step in (1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 21600, 86400) if span / step <= 8)
    seconds = first.hour * 3600 + first.minute * 60 + first.second + first.microsecond / 1e6
    offset = (-seconds) % step
    ticks = []
    while offset <= span:
        at = first + timedelta(seconds=offset)
        label = at.strftime("%H:%M" if step >= 60 else "%H:%M:%S")
        ticks.append({"x": round(LEFT + offset * scale, 1), "label": label})
        offset += step
    return ticks


def graph(subtasks: list[dict[str, Any]]) -> dict[str, Any]:
    """A task's subtasks as a graph: boxes in columns by their distance from the start, and arrows.

    subtasks: each with id, name, status and upstreams (ids). Without any upstreams they are drawn as a chain.
    The result has width, height, boxes ({x, y, width, height, name, status}) and lines ({x1, y1, x2, y2}).
    """
    known = {subtask["id"] for subtask in subtasks}
    upstreams = {s["id"]: [up for up in s.get("upstreams") or [] if up in known] for s in subtasks}
    if not any(upstreams.values()):
        ids = [subtask["id"] for subtask in subtasks]
        upstreams = {mine: [before] for before, mine in pairwise(ids)} | ({ids[0]: []} if ids else {})
    columns: dict[int, int] = {}
    for _round in subtasks:  # as many rounds as the longest chain can have, also where links form a circle
        for mine, ups in upstreams.items():
            columns[mine] = max([columns.get(up, 0) + 1 for up in ups], default=0)
            columns[mine] = min(columns[mine], len(subtasks) - 1)
    # Long chains are folded into rows that fit the width.
    per_row = max(1, (WIDTH + GAP[0]) // (BOX[0] + GAP[0]))
    lanes: dict[int, int] = {}
    places = {}
    rows = {}
    for subtask in subtasks:
        column = columns[subtask["id"]]
        lane = lanes.get(column, 0)
        lanes[column] = lane + 1
        places[subtask["id"]] = (column, lane)
    tallest = [
        max((lanes.get(column, 0) for column in range(row * per_row, (row + 1) * per_row)), default=0)
        for row in range(max(lanes, default=0) // per_row + 1)
    ]
    top = 0
    for row, lane_count in enumerate(tallest):
        rows[row] = top
        top += lane_count * (BOX[1] + GAP[1]) + GAP[1]
    boxes = {}
    for subtask in subtasks:
        column, lane = places[subtask["id"]]
        boxes[subtask["id"]] = {
            "x": (column % per_row) * (BOX[0] + GAP[0]),
            "y": rows[column // per_row] + lane * (BOX[1] + GAP[1]),
            "width": BOX[0],
            "height": BOX[1],
            "name": subtask["name"],
            "status": subtask["status"],
        }
    lines = [
        {
            "x1": boxes[up]["x"] + BOX[0],
            "y1": boxes[up]["y"] + BOX[1] / 2,
            "x2": boxes[mine]["x"],
            "y2": boxes[mine]["y"] + BOX[1] / 2,
        }
        for mine, ups in upstreams.items()
        for up in ups
    ]
    return {"width": WIDTH, "height": max(top - 2 * GAP[1], 1), "boxes": list(boxes.values()), "lines": lines}


def duration(seconds: float | None) -> str:
    """A duration for people: 45 s, 3 min 20 s, 1 h 05 min."""
    if seconds is None:
        return ""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min" + (f" {whole % 60} s" if whole % 60 else "")
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
