# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Waves, the change window and the limit of failures. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from .._text import count, some
from .calls import of_wave
from .plan import GOOD, Row
from .summary import is_bad


def sizes(waves: Any, hosts: int) -> list[int]:
    """How many hosts each wave has, as for Ansible's serial: a number, a percentage, or a list of them.

    The last size is used for all further waves, and a percentage is of all hosts. If nothing is given, there is one
    wave. Raises ValueError with what is wrong.
    """
    given = waves if isinstance(waves, (list, tuple)) else re.split(r"[,\s]+", "" if waves is None else str(waves))
    steps = [_share(step, hosts, "obproxy_waves") for step in given if str(step).strip()]
    if not steps:
        return [hosts] if hosts else []
    for step, text in steps:
        if step < 1:
            raise ValueError(f"obproxy_waves: a wave of {text} has no hosts. The minimum is 1.")
    found: list[int] = []
    left = hosts
    while left > 0:
        step = steps[min(len(found), len(steps) - 1)][0]
        found.append(min(step, left))
        left -= step
    return found


def most_failures(limit: Any, hosts: int) -> int:
    """The number of failed hosts up to which another wave begins: a number, or a percentage of all hosts. 0 by
    default."""
    text = "0" if limit in (None, "") else str(limit)
    number, text = _share(text, hosts, "obproxy_max_failures", least=0)
    if number < 0:
        raise ValueError(f"obproxy_max_failures: {text} is less than 0.")
    return number


def _share(step: Any, hosts: int, option: str, least: int = 1) -> tuple[int, str]:
    text = str(step).strip()
    found = re.fullmatch(r"(-?\d+)(%?)", text)
    if not found:
        raise ValueError(f"{option}: {text} is neither a number nor a percentage, such as 5 or 10%.")
    number = int(found[1])
    if not found[2]:
        return number, text
    if not 0 <= number <= 100:
        raise ValueError(f"{option}: {text} is not a percentage from 0% to 100%.")
    # As in Ansible: rounded down, and at least one host unless zero was requested.
    return (max(hosts * number // 100, least) if number else 0), text


def window_end(text: Any, now: datetime) -> datetime | None:
    """The time after which no wave begins, or None if there is none. now: aware, in the controller's zone.

    A clock time (04:00) is the next one, up to 24 hours ahead; a date and time (2026-11-26 04:00) is taken as it is, in
    the controller's zone unless it has an offset. Raises ValueError if it cannot be read or is in the past.
    """
    if text in (None, ""):
        return None
    written = str(text).strip()
    clock = re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", written)
    try:
        if clock:
            hour, minute, second = (int(part or 0) for part in clock.groups())
            end = now.replace(hour=hour, minute=minute, second=second, microsecond=0)
            return end if end > now else end + timedelta(days=1)
        end = datetime.fromisoformat(written.replace("Z", "+00:00"))
    except ValueError:
        raise ValueError(
            f"obproxy_window_end: {written} is neither a time such as 04:00 nor a date and time such as "
            "2026-11-26 04:00 or 2026-11-26T04:00+08:00."
        ) from None
    end = end if end.tzinfo else end.replace(tzinfo=now.tzinfo)
    if end <= now:
        raise ValueError(f"obproxy_window_end: {written} is in the past; it is {now:%Y-%m-%d %H:%M %Z} now.")
    return end


def numbered(rows: Iterable[Row], waves: Any) -> list[Row]:
    """The rows of a plan, each with its `wave`, in their order; None for hosts on which nothing is done.

    Only proxies to take over count, so that a first wave of one host takes over one proxy. Proxies that OCP already
    manages belong to the wave that they come before.
    """
    rows = list(rows)
    ends: list[int] = []
    for size in sizes(waves, sum(row["outcome"] == "would_take_over" for row in rows)):
        ends.append((ends[-1] if ends else 0) + size)
    found, number, wave = [], 0, 1
    for row in rows:
        if row["outcome"] == "would_take_over":
            number += 1
            wave = next(place for place, end in enumerate(ends, start=1) if number <= end)
        takes_part = row["outcome"] in ("would_take_over", "already_managed")
        found.append({**row, "wave": wave if takes_part else None})
    return found


def schedule(values: Mapping[str, Any], rows: Iterable[Row], now: datetime) -> dict[str, Any]:
    """The schedule of the whole run, in numbers: `waves`, `pause` in seconds, `most_failures`, and `end` or None.

    values: the variables of the run. rows: of the plan, numbered.
    """
    rows = [row for row in rows if row["wave"]]
    end = window_end(values.get("obproxy_window_end"), now)
    return {
        "waves": max((row["wave"] for row in rows), default=0),
        "pause": values.get("obproxy_wave_pause") or 0,
        "most_failures": most_failures(values.get("obproxy_max_failures"), len(rows)),
        "end": end.isoformat() if end else None,
    }


def overview(rows: Iterable[Row]) -> list[str]:
    """A line for each wave: how many proxies go into which clusters, and the first of the hosts."""
    by_wave: dict[int, list[Row]] = {}
    for row in rows:
        if row["wave"] and row["outcome"] == "would_take_over":
            by_wave.setdefault(row["wave"], []).append(row)
    if len(by_wave) < 2:
        return []
    lines = []
    for wave, own in by_wave.items():
        clusters = [row["cluster"]["name"] for row in own]
        into = ", ".join(f"{clusters.count(name)} into {name}" for name in dict.fromkeys(clusters))
        lines.append(
            f"Wave {wave}: {count(len(own), 'proxy', 'proxies')} ({into}): {some([r['host'] for r in own], 5)}"
        )
    return lines


def begin(rows: Iterable[Row], wave: int, limits: Mapping[str, Any], now: datetime) -> list[Row]:
    """The rows as this wave begins. If it must not begin, no proxy of this and all later waves is reached."""
    rows = list(rows)
    stop = _stop(rows, wave, limits, now)
    if not stop:
        time = now.isoformat(timespec="seconds")
        return [dict(row, started=time) if row["wave"] == wave and row["outcome"] in GOOD else row for row in rows]
    return [
        dict(row, outcome="not_reached", message=stop)
        if row["outcome"] == "would_take_over" and row["wave"] >= wave
        else row
        for row in rows
    ]


def _stop(rows: list[Row], wave: int, limits: Mapping[str, Any], now: datetime) -> str:
    bad = [row["host"] for row in rows if row["wave"] and row["wave"] < wave and is_bad(row)]
    if any(row["outcome"] == "not_reached" and row["wave"] == wave for row in rows):
        return ""  # already reported
    if len(bad) > limits["most_failures"]:
        return (
            f"Wave {wave} was not started: {count(len(bad), 'host')} failed ({some(bad, 3)}), and "
            f"obproxy_max_failures is {limits['most_failures']}."
        )
    end = datetime.fromisoformat(limits["end"]) if limits["end"] else None
    if end and now >= end:
        return f"Wave {wave} was not started: the change window ended at {end:%Y-%m-%d %H:%M} (obproxy_window_end)."
    return ""


def ended(rows: Iterable[Row], wave: int | None, now: datetime) -> list[Row]:
    """The rows as this wave ends, with the times of OCP's tasks, or else of the wave."""
    found = []
    for row in rows:
        row = dict(row, taken_now=row["outcome"] == "taken_over" and of_wave(row, wave))
        if row.get("started") and not row.get("finished") and of_wave(row, wave):
            task = row.get("task") or {}
            times = {
                "started": _here(task.get("started"), now) or row["started"],
                "finished": _here(task.get("finished"), now) or now.isoformat(timespec="seconds"),
            }
            row = {**row, **times}
        found.append(row)
    return found


def _here(text: str | None, now: datetime) -> str | None:
    """A moment of OCP in the controller's zone, so that a report has one zone."""
    try:
        moment = datetime.fromisoformat((text or "").replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment.astimezone(now.tzinfo).isoformat(timespec="seconds") if moment.tzinfo else None
