# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the links of other users' processes if root alone may not.

In a container with the usual capabilities, root lacks CAP_SYS_PTRACE and cannot read /proc/PID/exe, cwd and fd of
another user's process. That user can, so root temporarily takes that user's effective ids.
"""

import os
from contextlib import contextmanager
from typing import Callable, Iterator, Tuple, TypeVar

#: What a reading function returns.
T = TypeVar("T")


def see(read: Callable[[], T], pid: int, proc: str = "/proc") -> T:
    """Calls read(), and if that is refused, once more with the process's own ids. OSError if that is refused, too."""
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
