# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which process listens where: /proc/net/tcp and /proc/net/tcp6 matched with the open sockets of processes."""

import os
import re
import socket
import struct
from ipaddress import ip_address
from typing import Any, Dict, Iterable, List, Optional, Set

from .as_user import see

LISTEN = "0A"
SOCKET = re.compile(r"^socket:\[(\d+)\]$")


def listening(proc: str = "/proc") -> List[Dict[str, Any]]:
    """Every listening TCP socket: [{address, port, inode}]."""
    found = []
    for name in ("tcp", "tcp6"):
        try:
            with open(os.path.join(proc, "net", name)) as table:
                found += parse_table(table.read())
        except OSError:
            # A host without IPv6 has no tcp6.
            continue
    return found


def parse_table(text: str) -> List[Dict[str, Any]]:
    sockets = []
    for line in text.splitlines()[1:]:
        fields = line.split()
        if len(fields) < 10 or fields[3] != LISTEN:
            continue
        address, _colon, port = fields[1].partition(":")
        sockets.append({"address": parse_address(address), "port": int(port, 16), "inode": int(fields[9])})
    return sockets


def parse_address(text: str) -> str:
    """The kernel prints each 32-bit word in the host's byte order."""
    words = [int(text[at : at + 8], 16) for at in range(0, len(text), 8)]
    packed = b"".join(struct.pack("=I", word) for word in words)
    return socket.inet_ntop(socket.AF_INET if len(words) == 1 else socket.AF_INET6, packed)


def inodes_of(pid: int, proc: str = "/proc") -> Set[int]:
    """The open sockets of a process. None if they may not be read."""
    folder = os.path.join(proc, str(pid), "fd")
    try:
        return see(lambda: _sockets_in(folder), pid, proc)
    except (OSError, KeyError):
        return set()


def _sockets_in(folder: str) -> Set[int]:
    inodes = set()
    for name in os.listdir(folder):
        try:
            match = SOCKET.match(os.readlink(os.path.join(folder, name)))
        except FileNotFoundError:
            # Closed during the look.
            continue
        if match:
            inodes.add(int(match.group(1)))
    return inodes


def owner_of(inodes: Set[int], pids: Iterable[int], proc: str = "/proc") -> Optional[int]:
    """The first of `pids` that has one of the sockets open, or None."""
    for pid in pids:
        if inodes & inodes_of(pid, proc):
            return pid
    return None


def is_loopback(address: str) -> bool:
    """Whether only the host itself reaches a socket that listens on `address`, in whichever spelling."""
    parsed = ip_address(address)
    return (getattr(parsed, "ipv4_mapped", None) or parsed).is_loopback


def reachable(address: str) -> str:
    """The address to open in order to reach a socket that listens on `address`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)
