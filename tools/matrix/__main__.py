# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test with each ansible-core on each Python that both it and the machine support: `python -m tools.matrix [CORE…]`.

Everything that may depend on a version is tested with each one: the unit tests; the modules, action plugins and
inventory through Ansible's own commands; and that everything compiles and imports. All of ansible-test sanity takes
longer and hardly depends on Python, so it is run with the newest Python of each ansible-core.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from .cells import STEPS, Cell, cells


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.matrix", description=__doc__)
    parser.add_argument("cores", nargs="*", metavar="CORE", help="only these, such as 2.16 or 2.16-3.10")
    started = time.monotonic()
    chosen = cells(parser.parse_args().cores)
    # One more than the number of cores, since the tests of a cell spend half of their time waiting.
    with ThreadPoolExecutor(max_workers=(os.cpu_count() or 1) + 1) as pool:
        for cell in pool.map(Cell.run, chosen):
            print(cell.told(), flush=True)
    print()
    print(table(chosen))
    print(f"\nmatrix: {time.monotonic() - started:.0f} s")
    return int(any(cell.failed for cell in chosen))


def table(run: list[Cell]) -> str:
    """Return a table of what was tested with which outcome, and what was skipped for which reason."""
    lines = ["| ansible-core | Python | " + " | ".join(STEPS) + " |", "|---" * (2 + len(STEPS)) + "|"]
    for cell in run:
        outcomes = [cell.outcomes.get(step, "") for step in STEPS]
        lines.append(f"| {cell.core} | {cell.python} | " + " | ".join(outcomes) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.SubprocessError as error:
        sys.exit(str(error))
