# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Writes etc/obproxy_config.bin, from which a proxy starts.

The file may contain only some of the settings: the proxy uses them, gives all others the defaults of its own version,
and skips names that it does not know. A password is stored as the hex of its SHA-1, as the proxy itself does, and so
never appears on a command line.
"""

import os
import struct
from typing import Dict, List

from .saved_config import FILES, MAGIC

HEADER = ">HHHHqiiq"
VERSION = 1
CASTAGNOLI = 0x82F63B78


def record(settings: Dict[str, str]) -> bytes:
    """OceanBase's record header, and then a line NAME=VALUE for each setting."""
    body = "".join("%s=%s\n" % pair for pair in sorted(settings.items())).encode("utf-8")
    length = struct.calcsize(HEADER)
    fields = [MAGIC, length, VERSION, 0, 0, len(body), len(body), crc32c(body)]
    words = struct.unpack(">%dH" % (length // 2), struct.pack(HEADER, *fields))
    # The exclusive or of all of the header's 16-bit words has to be 0xFFFF.
    checksum = 0xFFFF
    for word in words:
        checksum ^= word
    fields[3] = checksum
    return struct.pack(HEADER, *fields) + body


def crc32c(data: bytes) -> int:
    """CRC-32C as OceanBase computes it: begun with 0, and not inverted at the end."""
    value = 0
    for byte in bytearray(data):
        value = (value >> 8) ^ _TABLE[(value ^ byte) & 0xFF]
    return value


def is_saved(home: str) -> bool:
    """Whether a proxy of this installation has saved settings to start from."""
    return os.path.exists(os.path.join(home, FILES[0]))


def write(home: str, settings: Dict[str, str], uid: int, gid: int) -> None:
    """Save these settings for a proxy of this installation to start from, readable only by its user."""
    forget(home)
    write_for(os.path.join(home, FILES[0]), record(settings), uid, gid)


def forget(home: str) -> None:
    """Remove the saved settings. Both copies, since the proxy would fall back to the second one."""
    for name in FILES:
        for path in (os.path.join(home, name), os.path.join(home, name + ".old")):
            if os.path.lexists(path):
                os.remove(path)


def write_for(path: str, content: bytes, uid: int, gid: int) -> None:
    """Write a file that belongs to the proxy's user. A new file is created, so that no link is followed."""
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        os.mkdir(folder, 0o755)
        os.chown(folder, uid, gid)
    if os.path.lexists(path):
        os.remove(path)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        os.fchown(handle, uid, gid)
        file.write(content)


def _crc_table() -> List[int]:
    table = []
    for number in range(256):
        value = number
        for _bit in range(8):
            value = (value >> 1) ^ (CASTAGNOLI if value & 1 else 0)
        table.append(value)
    return table


_TABLE = _crc_table()
