# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the links of other users' processes where root alone may not.

In a container with the usual capabilities root lacks CAP_SYS_PTRACE, and /proc/PID/exe, cwd and fd of another user's
process are closed to it. They are open to that user, so root looks with that user's effective ids, and comes back.
"""

import os
from contextlib import contextmanager
from typing import Callable, Iterator, Tuple, TypeVar

#: What a reading function gives.
T = TypeVar("T")


def see(read: Callable[[], T], pid: int, proc: str = "/proc") -> T:
    """read(), and once more with the process's own ids when that is refused. OSError when it is refused again."""
    try:
        return read()
    except PermissionError:
        with _eyes_of(*_ids(pid, proc)):
            return read()


@contextmanager
def _eyes_of(uid: int, gid: int) -> Iterator[None]:
    own = os.geteuid(), os.getegid()
    # The group first: once root has given up its user id it may not change the group any more.
    os.setegid(gid)
    try:
        os.seteuid(uid)
        yield
    finally:
        os.seteuid(own[0])
        os.setegid(own[1])


def _ids(pid: int, proc: str) -> Tuple[int, int]:
    with open(os.path.join(proc, str(pid), "status")) as status:
        lines = dict(line.split(":", 1) for line in status if ":" in line)
    # Real, effective, saved and file-system id: the effective one counts.
    return int(lines["Uid"].split()[1]), int(lines["Gid"].split()[1])
