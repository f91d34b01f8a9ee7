# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings that a proxy has saved, and that it starts with if it gets no arguments.

They are in etc/obproxy_config.bin below the proxy's working directory; a second copy is in .conf/. A real 4.2.3 writes
the same into an SQLite file there (proxyconfig_v1.db), but does not start from that one: where obproxy_config.bin is
missing it ends, and where the two differ it takes obproxy_config.bin.
"""

import os
import struct
from typing import Dict

from .as_user import see

FILES = (os.path.join("etc", "obproxy_config.bin"), os.path.join(".conf", "obproxy_config.bin"))
# OceanBase's record header: this number, and the header's own length (32), both big-endian.
MAGIC = 0xBCDE
MOST_BYTES = 1 << 20


def saved_settings(pid: int, proc: str = "/proc") -> Dict[str, str]:
    """{name: value} of a process's proxy. Empty if nothing is saved or it may not be read.

    Reads through /proc, which also works for containers.
    """
    root = _setting_of_environment(pid, proc, "OBPROXY_ROOT")
    folder = os.path.join(proc, str(pid), "root" + root if root else "cwd")
    found = (parse(_read(os.path.join(folder, name), pid, proc)) for name in FILES)
    return next((settings for settings in found if settings), {})


def parse(data: bytes) -> Dict[str, str]:
    """The header, when there is one, and then a line for each setting: NAME=VALUE."""
    if len(data) >= 4:
        magic, length = struct.unpack(">HH", data[:4])
        if magic == MAGIC:
            data = data[length:]
    lines = (line.partition("=") for line in data.decode("utf-8", "replace").splitlines())
    return {name: value for name, equals, value in lines if equals}


def _setting_of_environment(pid: int, proc: str, name: str) -> str:
    entries = _read(os.path.join(proc, str(pid), "environ"), pid, proc).split(b"\0")
    start = name.encode() + b"="
    values = [entry[len(start) :].decode("utf-8", "replace") for entry in entries if entry.startswith(start)]
    return values[0].rstrip("/") if values else ""


def _read(path: str, pid: int, proc: str) -> bytes:
    """A file's content, read as the process's user if root may not. Empty if nobody may."""
    try:
        return see(lambda: _content(path), pid, proc)
    except (OSError, KeyError):
        return b""


def _content(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read(MOST_BYTES)
