# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The results of the benchmark as a table, a document and a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.bench.cases import CASES, CPU_TIMES_200, MEASURED, PEAK_MB, SLEEP

NAMES = {"uri": "uri", "ours": "obops.oceanbase"}


def goals(results: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the goals and the results: {case, what, goal, reached, met}."""
    found = []
    for case in CASES:
        if case.name not in results:
            continue
        runs = results[case.name]
        for what, goal in case.goals.items():
            reached = runs["ours"][what] / runs["uri"][what]
            found.append(_goal(case.name, f"{MEASURED[what]}, relative to uri", goal, reached))
        if "uri" in case.ways:
            continue
        ours = runs["ours"]
        found.append(_goal(case.name, MEASURED["peak_mb"], PEAK_MB, ours["peak_mb"]))
        asked = ours["asked"]
        posts = sum(count for kind, count in asked.items() if kind.startswith("POST"))
        found.append(_goal(case.name, "POSTs", 1, posts))
        # A page has 2,000 entries, so each lookup and each check of all tasks should be one request.
        pages = -(-case.proxies // 2000)
        for kind in ("GET obproxy/clusters", "GET compute/hosts"):
            # The clusters are requested before the POST and after the end of the tasks.
            found.append(_goal(case.name, kind, pages * (2 if "clusters" in kind else 1), asked[kind]))
        one_by_one = asked.get("GET tasks/instances/{id}", 0)
        found.append(_goal(case.name, "requests for single tasks", 1, one_by_one))
        for other in CASES:
            if other.proxies == 200 and other.name in results:
                times = ours["cpu"] / results[other.name]["ours"]["cpu"]
                found.append(_goal(case.name, "CPU, relative to 200 proxies", CPU_TIMES_200, times))
    return found


def _goal(case: str, what: str, goal: float, reached: float) -> dict[str, Any]:
    return {"case": case, "what": what, "goal": goal, "reached": round(reached, 3), "met": reached <= goal}


def table(results: dict[str, Any]) -> str:
    """Return a Markdown table of the results, with a row for each case and way."""
    rows = ["| case | way | " + " | ".join(MEASURED.values()) + " |", "|---|---|" + "---:|" * len(MEASURED)]
    for name, runs in results.items():
        for way, run in runs.items():
            cells = [f"{run[key]:.0f}" if key in ("requests", "peak_mb") else f"{run[key]:.1f}" for key in MEASURED]
            rows.append(f"| {name} | {NAMES[way]} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def goal_table(reached: list[dict[str, Any]]) -> str:
    rows = ["| case | what | goal (at most) | reached | |", "|---|---|---:|---:|---|"]
    rows += [
        f"| {each['case']} | {each['what']} | {each['goal']:g} | {each['reached']:.2f} | "
        f"{'met' if each['met'] else '**missed**'} |"
        for each in reached
    ]
    return "\n".join(rows)


def machine_words(machine: dict[str, Any]) -> str:
    load = f"load {min(machine['load']):g} to {max(machine['load']):g}"
    return (
        f"{machine['date']}, {machine['cores']} cores of {machine['cpu']}, {load}, "
        f"Python {machine['python']}, ansible-core {machine['ansible_core']}"
    )


DOCUMENT = """\
# What a takeover costs

Measured by `make bench`: {machine}.

Both ways take over the same proxies, in the same run and with the same simulated OCP. Each number is for the whole
process, including its child processes. *uri* is a playbook that does not use this collection: one
`ansible.builtin.uri` for the POST, and one with `until` (a delay of 5 s) for each of OCP's tasks. *obops.oceanbase* is
one `ocp_obproxy_takeover` with progress shown. "End noticed after" is the time from the end of OCP's last task to the
end of `ansible-playbook`.

{table}

A load above the number of cores means that other work was running at the same time. This affects *uri* most, since it
starts many processes.

A playbook with one task that only sleeps for {sleep} s takes {floor:.1f} s of CPU on this machine. This is the cost of
Ansible itself, in both ways.

![CPU, end and requests of both ways](bench.png)

## Goals

{goals}
{notes}"""

NOTE = """
For one proxy, most of the CPU time is the cost of Ansible itself. The collection adds {more:.1f} s to a playbook that
only sleeps, a little more than importing `requests` takes, while `uri` starts a module for each check.
"""


def document(results: dict[str, Any], on: dict[str, Any], floor: float) -> str:
    """Return the text of docs/bench.md."""
    reached = goals(results)
    one = next((case.name for case in CASES if case.proxies == 1 and case.name in results), None)
    note = NOTE.format(more=results[one]["ours"]["cpu"] - floor) if one else ""
    return DOCUMENT.format(
        machine=machine_words(on),
        table=table(results),
        sleep=SLEEP,
        floor=floor,
        goals=goal_table(reached),
        notes=note,
    )


def draw(results: dict[str, Any], machine: dict[str, Any], file: Path) -> None:
    """Draw a bar chart. The scale is logarithmic, since the ways differ by orders of magnitude."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    shown = {name: runs for name, runs in results.items() if len(runs) > 1}
    figure, places = pyplot.subplots(1, 3, figsize=(11, 4))
    for place, what in zip(places, ("cpu", "late", "requests"), strict=True):
        for shift, way, colour in ((-0.2, "uri", "#b0b0b0"), (0.2, "ours", "#2a6fbb")):
            at = [n + shift for n in range(len(shown))]
            bars = place.bar(at, [runs[way][what] for runs in shown.values()], 0.4, label=NAMES[way], color=colour)
            place.bar_label(bars, fmt="%.1f" if what != "requests" else "%.0f", fontsize=8)
        place.set_yscale("log")
        place.set_xticks(range(len(shown)), [name.split(",")[0] for name in shown])
        place.set_title(MEASURED[what], fontsize=10)
        place.spines[["top", "right"]].set_visible(False)
    places[0].legend(frameon=False, fontsize=9, loc="upper left")
    figure.suptitle("The cost of a takeover that takes 20 s, including all processes", fontsize=11)
    figure.text(0.5, 0.01, machine_words(machine), ha="center", fontsize=7, color="#606060")
    figure.tight_layout(rect=(0, 0.03, 1, 1))
    figure.savefig(file, dpi=110)
