# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A raw MySQL client for details that no client library shows. It shares no code with the stand-in."""

import hashlib
import socket
import struct

PORT = 2883
CAPABILITIES = 0x1 | 0x4 | 0x200 | 0x2000 | 0x8000 | 0x80000
WITH_DATABASE = 0x8
EOF = 0xFE
ERROR = 0xFF
OK = 0x00


class Connection:
    def __init__(self, address="127.0.0.1", source=None):
        self._socket = socket.create_connection((address, PORT), timeout=10, source_address=source and (source, 0))
        self.greeting = self._receive()[1]

    def log_in(self, user="root@proxysys", password="", database=""):
        """Log in, and return the first packet of the answer."""
        salt = self.greeting_fields()["salt"].encode()
        flags = CAPABILITIES | (WITH_DATABASE if database else 0)
        proof = _proof(password, salt) if password else b""
        self._send(
            1,
            struct.pack("<IIB23x", flags, 1 << 24, 45)
            + user.encode()
            + b"\0"
            + bytes([len(proof)])
            + proof
            + (database.encode() + b"\0" if database else b"")
            + b"mysql_native_password\0",
        )
        return self._first()

    def command(self, number, argument=b""):
        """Run a command, and return its status, its error or its whole table."""
        self._send(0, bytes([number]) + argument)
        first = self._first()
        if "columns" not in first:
            return first
        first["columns"] = [_column(self._receive()[1]) for _ in range(first["columns"])]
        self._expect_eof()
        first["rows"] = []
        while True:
            payload = self._receive()[1]
            if payload[0] == EOF and len(payload) < 9:
                return first
            first["rows"].append(_texts(payload))

    def query(self, statement):
        return self.command(3, statement.encode())

    def greeting_fields(self):
        version, rest = self.greeting[1:].split(b"\0", 1)
        low, charset, status, high, salt_length = struct.unpack_from("<HBHHB", rest, 13)
        return {
            "bytes": len(self.greeting),
            "protocol": self.greeting[0],
            "version": version.decode(),
            "connection": struct.unpack_from("<I", rest)[0],
            "salt": (rest[4:12] + rest[31:43]).decode(),
            "salt_length": salt_length,
            "capabilities": hex(high << 16 | low),
            "charset": charset,
            "status": status,
            "plugin": rest[44:].rstrip(b"\0").decode(),
        }

    def _first(self):
        """Return a short answer, or the number of columns of a table."""
        try:
            payload = self._receive()[1]
        except EOFError:
            return {"closed": True}
        except ConnectionResetError:
            return {"closed": True}
        except TimeoutError:
            return {"silent": True}
        if payload[0] == ERROR:
            code = struct.unpack_from("<H", payload, 1)[0]
            return {"error": code, "state": payload[4:9].decode(), "text": payload[9:].decode()}
        if payload[0] == OK:
            return {"ok": payload.hex()}
        if payload[0] == EOF:
            return {"eof": payload.hex()}
        return {"columns": payload[0]}

    def _expect_eof(self):
        assert self._receive()[1][0] == EOF

    def _receive(self):
        head = self._read(4)
        return head[3], self._read(int.from_bytes(head[:3], "little"))

    def _send(self, sequence, payload):
        self._socket.sendall(len(payload).to_bytes(3, "little") + bytes([sequence]) + payload)

    def _read(self, size):
        data = b""
        while len(data) < size:
            more = self._socket.recv(size - len(data))
            if not more:
                raise EOFError
            data += more
        return data


def _proof(password, salt):
    once = hashlib.sha1(password.encode()).digest()
    mask = hashlib.sha1(salt + hashlib.sha1(once).digest()).digest()
    return bytes(a ^ b for a, b in zip(once, mask, strict=True))


def _column(payload):
    return {"name": _texts(payload[:-13])[4], "rest": payload[-13:].hex()}


def _texts(payload):
    texts = []
    while payload:
        size, skip = (payload[0], 1) if payload[0] < 0xFB else (struct.unpack_from("<H", payload, 1)[0], 3)
        texts.append(payload[skip : skip + size].decode("utf-8", "replace"))
        payload = payload[skip + size :]
    return texts
