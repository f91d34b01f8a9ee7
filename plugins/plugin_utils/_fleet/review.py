# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What the approver of a takeover sees of the preflight, and whether there is anything to approve. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .._text import count, some
from .plan import Row
from .report import lines
from .summary import is_bad


def review(rows: Iterable[Row], fatal: bool = False) -> dict[str, Any]:
    """rows: what the preflight passed on. fatal: whether one blocked host stops the others."""
    rows = list(rows)
    ready = [row["host"] for row in rows if row["outcome"] == "would_take_over"]
    bad = [row["host"] for row in rows if is_bad(row)]
    problem = _problem(rows, ready, bad, fatal)
    if not rows:
        return {"problem": problem, "lines": [problem]}
    return {"problem": problem, "lines": [*lines(rows), "", *([problem] if problem else _question(ready, bad))]}


def _problem(rows: list[Row], ready: list[str], bad: list[str], fatal: bool) -> str:
    if not rows:
        return "The preflight passed on no hosts, so there is nothing to approve. Its output shows why."
    if bad and fatal:
        return (
            f"{count(len(bad), 'host')} did not pass the preflight, and obproxy_blockers_fatal is set, so no proxy "
            "would be taken over. Fix the causes listed above, or set obproxy_blockers_fatal to false to leave these "
            "hosts out."
        )
    if bad and not ready:
        return "No proxy could be taken over. Fix the causes listed above, then launch the workflow again."
    return ""


def _question(ready: list[str], bad: list[str]) -> list[str]:
    if not ready:
        return ["OCP already manages all of these proxies. A takeover changes nothing in OCP."]
    text = [f"If you approve, OCP takes over {count(len(ready), 'proxy', 'proxies')}: {some(ready)}."]
    return text + ([f"{count(len(bad), 'host')} would be left out: {some(bad)}."] if bad else [])
