# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Which process keeps rpm or the package manager waiting: the one that holds their lock, by pid and name."""

import glob
import os
from typing import Iterable, Iterator, List, Optional

from .processes import all_pids, describe
from .records import Record

#: Files with the pid of the process that works with dnf 4 or yum.
PID_FILES = (
    "/var/cache/dnf/*_lock.pid",
    "/var/lib/dnf/rpmdb_lock.pid",
    "/var/run/yum.pid",
)
#: Files that rpm and dnf 5 lock by fcntl, which /proc/locks shows.
LOCKED_FILES = (
    "/var/lib/rpm/.rpm.lock",
    "/usr/lib/sysimage/rpm/.rpm.lock",
    "/run/dnf/*.lock",
    "/var/lib/dnf/*.lock",
    "/var/cache/libdnf5/*/*.lock",
)
#: Programs that work with packages, in case no lock shows them (the locks of EL7's rpm are invisible to others).
NAMES = ("rpm", "dnf", "dnf5", "dnf5daemon-serv", "dnf-automatic", "yum", "yum-cron", "microdnf", "packagekitd")


def holder(proc: str = "/proc", root: str = "") -> Optional[Record]:
    """{pid, name, user} of the process that has a lock, or None."""
    for pid in _by_pid_files(root) + _by_locks(proc, root):
        if os.path.isdir(os.path.join(proc, str(pid))):
            return describe(pid, proc)
    return None


def suspect(proc: str = "/proc", root: str = "") -> Optional[Record]:
    """The same, or else a process that works with packages, for when rpm or the package manager did not end."""
    return holder(proc, root) or next((found for found in _by_names(proc) if found["name"] in NAMES), None)


def told(process: Record) -> str:
    """A holder in a few words."""
    return "process %(pid)d (%(name)s, user %(user)s)" % process


def _by_pid_files(root: str) -> List[int]:
    pids = []
    for path in _paths(PID_FILES, root):
        try:
            with open(path) as file:
                pids.append(int(file.read().strip()))
        except (OSError, ValueError):
            # Gone meanwhile, or not written yet.
            continue
    return pids


def _by_locks(proc: str, root: str) -> List[int]:
    """Lines NUMBER: KIND ADVISORY ACCESS PID MAJOR:MINOR:INODE FIRST LAST; `->` marks those that wait."""
    places = {(status.st_dev, status.st_ino) for status in map(_status, _paths(LOCKED_FILES, root)) if status}
    try:
        with open(os.path.join(proc, "locks")) as table:
            lines = [line.split() for line in table]
    except OSError:
        return []
    pids = []
    for fields in lines:
        if len(fields) >= 6 and fields[1] != "->":
            major, minor, inode = fields[5].split(":")
            if (os.makedev(int(major, 16), int(minor, 16)), int(inode)) in places:
                pids.append(int(fields[4]))
    return pids


def _by_names(proc: str) -> Iterator[Record]:
    return (describe(pid, proc) for pid in all_pids(proc))


def _paths(patterns: Iterable[str], root: str) -> List[str]:
    return [path for pattern in patterns for path in sorted(glob.glob(root + pattern))]


def _status(path: str) -> Optional[os.stat_result]:
    try:
        return os.stat(path)
    except OSError:
        return None
