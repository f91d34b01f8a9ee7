# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""How many clients are connected to a proxy. A proxy that ends cuts off all of them; it does not drain."""

import os
from typing import Callable

ESTABLISHED = "01"


def count(port: int, proc: str = "/proc") -> int:
    """The established connections to this port of the host: a client's session each, in every version."""
    return sum(_count_in(os.path.join(proc, "net", name), port) for name in ("tcp", "tcp6"))


def drain(
    connected: Callable[[], int],
    timeout: float,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
    pause: float,
) -> int:
    """Wait until connected() is 0, for at most `timeout` seconds, and return how many are left."""
    until = clock() + timeout
    while True:
        left = connected()
        if not left or clock() >= until:
            return left
        sleep(pause)


def _count_in(path: str, port: int) -> int:
    try:
        with open(path) as table:
            lines = [line.split() for line in table.read().splitlines()[1:]]
    except OSError:  # a host without IPv6
        return 0
    return sum(
        1
        for fields in lines
        if len(fields) > 3 and fields[3] == ESTABLISHED and int(fields[1].rpartition(":")[2], 16) == port
    )
