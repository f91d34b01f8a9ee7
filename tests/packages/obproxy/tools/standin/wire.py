# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of the MySQL protocol that a proxy's own answers need."""

import struct

OK = bytes(7)
EOF = b"\xfe\0\0\0\0"


class Gone(Exception):
    """The other end closed the connection."""


class Channel:
    """Packets over a socket, numbered as the protocol requires."""

    def __init__(self, connection):
        self._connection = connection
        self._sequence = 0

    def receive(self):
        head = self._read(4)
        self._sequence = head[3]
        return self._read(int.from_bytes(head[:3], "little"))

    def send(self, payload, sequence=None):
        self._sequence = (self._sequence + 1) % 256 if sequence is None else sequence
        self._connection.sendall(len(payload).to_bytes(3, "little") + bytes([self._sequence]) + payload)

    def _read(self, size):
        data = b""
        while len(data) < size:
            more = self._connection.recv(size - len(data))
            if not more:
                raise Gone
            data += more
        return data


def greeting(version, number, salt, capabilities, charset):
    return b"".join(
        [
            b"\x0a" + version.encode() + b"\0",
            struct.pack("<I", number) + salt[:8] + b"\0",
            struct.pack("<HBHH", capabilities & 0xFFFF, charset, 0, capabilities >> 16),
            bytes([len(salt) + 1]) + bytes(10) + salt[8:] + b"\0",
            b"mysql_native_password\0",
        ]
    )


def error(code, state, message):
    return b"\xff" + struct.pack("<H", code) + b"#" + state.encode() + message.encode()


def rows(columns, values):
    """Return the packets of a result, from its columns as (name, type) and a list of values for each row."""
    packets = [bytes([len(columns)])]
    packets += [_column(name, kind) for name, kind in columns]
    packets.append(EOF)
    packets += [b"".join(_text(str(value)) for value in row) for row in values]
    packets.append(EOF)
    return packets


def _column(name, kind):
    words = b"".join(_text(word) for word in ("def", "", "", "", name, name))
    return words + b"\x0c" + struct.pack("<HIBHB2x", 45, 0, kind, 0, 0xFF)


def _text(text):
    data = text.encode()
    if len(data) < 251:
        return bytes([len(data)]) + data
    return b"\xfc" + struct.pack("<H", len(data)) + data
