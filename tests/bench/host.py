# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make bench-host`: measure what one check of obproxy_info costs a host that runs 2,000 processes.

The module runs as Ansible runs it on a host: from the single file that Ansible sends. For comparison,
ansible.builtin.ping does nothing, so its cost is that of Ansible itself. --to docs updates the published bench-host.md.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.bench.measure import ROOT, load, machine
from tests.bench.report import goal_table, machine_words

PING, LOOK = "ansible.builtin.ping", "obops.oceanbase.obproxy_info"
PROCESSES = 2000
TIMES = 9
#: The goal of the collection, in seconds of CPU.
MOST_CPU = 0.3

DOCUMENT = """\
# What checking a host costs

Measured by `make bench-host`: {machine}; each number is the median of {times} runs.

CPU time of the whole process on the host, including its child processes (`rpm`), while {processes} processes are
running there. It runs as Ansible runs it, from the single file that Ansible sends. *{ping}* does nothing, so
its cost is that of Ansible itself.

| module | CPU s |
|---|---:|
| {ping} | {floor:.2f} |
| {look} | {whole:.2f} |

## Goals

{goals}
"""


@contextlib.contextmanager
def processes(count: int) -> Iterator[None]:
    """Run this number of additional processes on this machine."""
    started = [subprocess.Popen(["sleep", "600"]) for _turn in range(count)]
    try:
        yield
    finally:
        for process in started:
            process.kill()
        for process in started:
            process.wait()


def wrapped(module: str, folder: Path) -> Path:
    """Return the file that Ansible sends to a host for this module."""
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache" / "installed"),
        "ANSIBLE_KEEP_REMOTE_FILES": "1",
        "ANSIBLE_PIPELINING": "0",
        "ANSIBLE_REMOTE_TMP": str(folder / module),
    }
    ansible = Path(sys.executable).with_name("ansible")
    command = [
        str(ansible),
        "localhost",
        "-c",
        "local",
        "-m",
        module,
        "-e",
        f"ansible_python_interpreter={sys.executable}",
    ]
    subprocess.run(command, env=environment, cwd=folder, check=True, capture_output=True)
    (file,) = (folder / module).glob("*/AnsiballZ_*.py")
    return file


def cost(file: Path) -> float:
    """Return the CPU time of one run, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, str(file)], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.host", description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, default=Path(".cache/bench"), help="the folder for results (%(default)s)")
    options = parser.parse_args()
    on = machine()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        files = {module: wrapped(module, Path(name)) for module in (PING, LOOK)}
        runs: dict[str, list[float]] = {module: [] for module in files}
        with processes(PROCESSES):
            for _turn in range(TIMES):
                for module, file in files.items():
                    runs[module].append(cost(file))
    on["load"].append(load())
    floor, whole = (median(runs[module]) for module in (PING, LOOK))
    own = whole - floor
    goal = {
        "case": f"{PROCESSES} processes",
        "what": "CPU s of a check, without Ansible itself",
        "goal": MOST_CPU,
        "reached": round(own, 3),
        "met": own <= MOST_CPU,
    }
    document = DOCUMENT.format(
        machine=machine_words(on),
        times=TIMES,
        processes=PROCESSES,
        ping=PING,
        look=LOOK,
        floor=floor,
        whole=whole,
        goals=goal_table([goal]),
    )
    options.to.mkdir(parents=True, exist_ok=True)
    (options.to / "bench-host.md").write_text(document)
    print(document)
    return 0 if goal["met"] else 1


if __name__ == "__main__":
    sys.exit(main())
