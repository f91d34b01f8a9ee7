# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The saved settings in OBProxy's format: OceanBase's record header of 32 bytes, and a line NAME=VALUE per setting."""

import struct

HEADER = struct.Struct(">HHHHqiiq")
MAGIC, VERSION = 0xBCDE, 1


class Broken(Exception):
    """The data is not a record, or it is corrupt."""


def pack(text):
    body = text.encode("utf-8")
    fields = [MAGIC, HEADER.size, VERSION, 0, 0, len(body), len(body), _checksum(body)]
    fields[3] = _exclusive_or(HEADER.pack(*fields)) ^ 0xFFFF
    return HEADER.pack(*fields) + body


def unpack(data):
    head, body = data[: HEADER.size], data[HEADER.size :]
    if len(head) < HEADER.size or _exclusive_or(head) != 0xFFFF:
        raise Broken("header")
    magic, length, _version, _sum, _reserved, size, packed, checksum = HEADER.unpack(head)
    if (magic, length, size, packed, checksum) != (MAGIC, HEADER.size, len(body), len(body), _checksum(body)):
        raise Broken("record")
    return body.decode("utf-8", "replace")


def _exclusive_or(head):
    result = 0
    for word in struct.unpack(f">{len(head) // 2}H", head):
        result ^= word
    return result


def _checksum(body):
    """Return the CRC-32C with the initial value 0, not inverted."""
    value = 0
    for byte in body:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
    return value
