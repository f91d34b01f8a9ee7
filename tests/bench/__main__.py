# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make bench`: measure the cost of a takeover, compared with a playbook that posts and polls with ansible.builtin.uri.

Writes bench.json, bench.md and bench.png to a folder, and prints the table. --to docs updates the published ones.
--only 20 runs only the case with 20 proxies. --quick shortens OCP's tasks to a quarter, to test the benchmark itself.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from tests.bench import report
from tests.bench.cases import CASES, SLEEP
from tests.bench.measure import floor, load, machine, mean, measure
from tests.simulator.launcher import Simulator


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, default=Path(".cache/bench"), help="the folder for results (%(default)s)")
    parser.add_argument("--only", type=int, action="append", help="only the case of this many proxies; repeatable")
    parser.add_argument("--way", choices=("uri", "ours"), action="append", help="only this way; repeatable")
    parser.add_argument("--quick", action="store_true", help="shorten the tasks to a quarter of the time")
    options = parser.parse_args()
    on = machine()
    print(report.machine_words(on), flush=True)
    results: dict[str, dict[str, Any]] = {}
    with Simulator() as ocp:
        least = floor(ocp, SLEEP / 4 if options.quick else SLEEP)
        for case in CASES:
            if options.only and case.proxies not in options.only:
                continue
            for way in case.ways:
                if options.way and way not in options.way:
                    continue
                runs = []
                for seconds in case.seconds[:1] if options.quick else case.seconds:
                    runs.append(measure(ocp, way, case.proxies, seconds / 4 if options.quick else seconds))
                    on["load"].append(load())
                    print(f"{case.name}, {seconds:g} s, {way}: {runs[-1]}", file=sys.stderr, flush=True)
                results.setdefault(case.name, {})[way] = mean(runs)
    print(report.table(results))
    options.to.mkdir(parents=True, exist_ok=True)
    if options.way:
        return 0
    reached = report.goals(results)
    print("\n" + report.goal_table(reached))
    print(f"\nA playbook that only sleeps for {SLEEP} s takes {least:.1f} s of CPU.")
    written = {"machine": on, "quick": options.quick, "floor": least, "results": results, "goals": reached}
    (options.to / "bench.json").write_text(json.dumps(written, indent=2) + "\n")
    (options.to / "bench.md").write_text(report.document(results, on, least))
    try:
        report.draw(results, on, options.to / "bench.png")
    except ImportError:
        print("No picture was drawn: matplotlib is not installed.", file=sys.stderr)
    print(f"\nWritten to {options.to}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
