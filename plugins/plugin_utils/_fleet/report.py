# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The report of a takeover as text: a row for each host, each cause once, counts, and what to do next. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from .._text import count, first_line, some, table
from .plan import Row
from .summary import is_bad, why

HEADING = ("HOST", "ADDRESS", "PORT", "CLUSTER", "WAVE", "OUTCOME", "ROLE", "TASK", "REASON")
#: How many hosts and how many different findings are named for one cause.
HOSTS, FINDINGS = 10, 3
#: The words for each outcome in the counts, in this order.
OUTCOMES = {
    "taken_over": "taken over",
    "would_take_over": "would be taken over",
    "submitted": "submitted to OCP",
    "already_managed": "already managed by OCP",
    "blocked": "blocked",
    "failed": "failed",
    "unreachable": "unreachable",
    "not_reached": "not reached",
}
NEXT = {
    "blocked": "blocked: nothing was done on these hosts. Fix the listed causes, then run again.",
    "unreachable": "unreachable: make these hosts reachable for Ansible, then run again.",
    "failed": "failed: fix the listed causes, then run again. Proxies that are already managed are not changed.",
    "not_reached": "not reached: these hosts had no problem of their own. Run again when the others are fixed.",
    "submitted": "submitted: OCP continues. Run again to join its tasks, or wait with obops.oceanbase.ocp_task_wait.",
}
TAKE_OVER = (
    "Nothing was changed. Run obops.oceanbase.takeover with the same variables to take over {proxies}: OCP then resets "
    "the password of root@proxysys, overwrites the proxies' parameters and may restart them. This cannot be undone."
)


def lines(rows: Iterable[Row], dry: bool = False) -> list[str]:
    """The report. rows: as summary() returns them under `hosts`. dry: the run changed nothing."""
    rows = list(rows)
    return [*_table(rows), *blocker_lines(rows), *_failures(rows), "", *_counts(rows, dry)]


def _table(rows: list[Row]) -> list[str]:
    several = any((row.get("wave") or 0) > 1 for row in rows)
    return table(HEADING, [_cells(row, several) for row in rows])


def _cells(row: Row, several_waves: bool) -> tuple[str, ...]:
    return (
        row["host"],
        row["address"] or "-",
        str(row["sql_port"] or "-"),
        "{name} ({id})".format(**row["cluster"]) if row["cluster"] else "-",
        str(row.get("wave") or "-") if several_waves else "-",
        row["outcome"],
        row["action"] or "-",
        str(row["task_id"] or "-"),
        (why(row) if is_bad(row) else _ignored(row)) or "-",
    )


def _ignored(row: Row) -> str:
    return f"ignored: {', '.join(row['ignored'])}" if row["ignored"] else ""


def blocker_lines(rows: list[Row]) -> list[str]:
    pairs = [(entry, row["host"]) for row in rows for entry in row["blockers"]]
    return _causes(pairs, lambda entry: entry["name"], lambda entry: entry["found"], ("needed", "cure"))


def _failures(rows: list[Row]) -> list[str]:
    """Other failures, grouped by their next step."""
    pairs = []
    for row in rows:
        if is_bad(row) and not row["blockers"]:
            failure = row["failure"] or {}
            kind = failure.get("kind") or row["outcome"]
            pairs.append(({"kind": kind, "found": row["message"], "next": failure.get("next")}, row["host"]))
    return _causes(pairs, lambda entry: (entry["kind"], entry["next"]), lambda entry: entry["found"], ("next",))


def _causes(
    pairs: list[tuple[dict[str, Any], str]],
    key: Callable[[dict[str, Any]], Hashable],
    found: Callable[[dict[str, Any]], str],
    advice: tuple[str, ...],
) -> list[str]:
    """Each cause once, with what was found, what to do, and the hosts."""
    causes: dict[Hashable, list[tuple[dict[str, Any], str]]] = {}
    for entry, host in pairs:
        causes.setdefault(key(entry), []).append((entry, host))
    text = []
    for name, cause in causes.items():
        hosts = list(dict.fromkeys(host for _entry, host in cause))
        text += ["", f"{name[0] if isinstance(name, tuple) else name}: {count(len(hosts), 'host')}"]
        text += _findings([(first_line(found(entry)), host) for entry, host in cause])
        for word in advice:
            answers = list(dict.fromkeys(entry[word] for entry, _host in cause if entry[word]))
            text += [f"  {word + ':':<8}{answer}" for answer in answers[:1]]
        text.append(f"  {'hosts:':<8}{some(hosts, HOSTS)}")
    return text


def _findings(found: list[tuple[str, str]]) -> list[str]:
    """What was found, once if it is the same on all hosts."""
    by_text: dict[str, list[str]] = {}
    for text, host in found:
        by_text.setdefault(text, []).append(host)
    if len(by_text) == 1:
        return [f"  found:  {text}" for text in by_text]
    shown = [f"{text} ({some(hosts, FINDINGS)})" for text, hosts in list(by_text.items())[:FINDINGS]]
    rest = len(by_text) - FINDINGS
    shown += [f"and {rest} more like these"] if rest > 0 else []
    return [f"  {'found:' if number == 0 else '':<8}{line}" for number, line in enumerate(shown)]


def _counts(rows: list[Row], dry: bool) -> list[str]:
    numbers = Counter(row["outcome"] for row in rows)
    parts = [f"{numbers[outcome]} {words}" for outcome, words in OUTCOMES.items() if numbers[outcome]]
    return [f"{count(len(rows), 'host')}: {', '.join(parts)}.", *advice(rows, dry)]


def advice(rows: Iterable[Row], dry: bool = False) -> list[str]:
    """What to do next, a sentence for each outcome that needs one."""
    numbers = Counter(row["outcome"] for row in rows)
    text = []
    if dry and numbers["would_take_over"]:
        proxies = "the proxy" if numbers["would_take_over"] == 1 else f"the {numbers['would_take_over']} proxies"
        text.append(TAKE_OVER.format(proxies=proxies))
    return text + [words for outcome, words in NEXT.items() if numbers[outcome]]
