# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""End the processes of one installation of OBProxy, and no others."""

import contextlib
import os
import signal
import time
from typing import Any, Callable, Dict, List, Set, Tuple

PAUSE = 0.1


def stop(
    look: Callable[[], List[Dict[str, Any]]],
    home: str,
    timeout: float,
    kill: Callable[[int, int], None] = os.kill,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Tuple[List[int], List[int]]:
    """End every process of `home`, and return the pids that were ended, and those left after `timeout` s.

    look: returns the current OBProxy processes. The daemon is killed first and at once, so that it starts no more
    proxies. SIGKILL is also what `obproxyd.sh -c stop` sends to it, and what keeps systemd from restarting it. A proxy
    may end by itself, and is killed in the last third of the time.
    """
    begin = clock()
    told: Set[int] = set()
    seen: List[int] = []
    quiet = 0
    while True:
        processes = [process for process in look() if process["home"] == home]
        quiet = 0 if processes else quiet + 1
        # A process that was being forked during one look is seen by the next.
        if quiet > 1 or clock() - begin >= timeout:
            return seen, [process["pid"] for process in processes]
        patient = clock() - begin < timeout * 2 / 3.0
        for process in sorted(processes, key=lambda item: item["kind"] != "daemon"):
            pid = process["pid"]
            gently = process["kind"] != "daemon" and patient
            if not gently or pid not in told:
                _kill(kill, pid, signal.SIGTERM if gently else signal.SIGKILL)
            told.add(pid)
            if pid not in seen:
                seen.append(pid)
        sleep(PAUSE)


def _kill(kill: Callable[[int, int], None], pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has ended since
        kill(pid, number)
