# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A minimal OBProxy for tests: a greeting, the login of root@proxysys, and the few commands that a manager sends."""

from __future__ import annotations

import hashlib
import re
import socketserver
import struct
import threading

_SALT = b"aaaaaaaabbbbbbbbbbbb"
# LONG_PASSWORD, PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH
_CAPABILITIES = 0x1 | 0x200 | 0x8000 | 0x80000
_EOF = b"\xfe\x00\x00\x02\x00"
_OK = b"\x00\x00\x00\x02\x00\x00\x00"


class Proxy:
    """A proxy that listens on a port of host 1 or 2 of the default state until the `with` block ends."""

    def __init__(
        self,
        *,
        password: str = "",
        version: str | None = "4.2.3.0-20240101",
        config_url: str | None = None,
        speaks: str = "mysql",
        port: int = 0,
        host: int = 1,
    ) -> None:
        self.password, self.version, self.config_url, self.speaks = password, version, config_url, speaks
        # The received commands and the number of logins.
        self.commands: list[str] = []
        self.log_ins = 0
        self.settings: dict[str, str] = {}
        self._server = _Server((f"127.0.0.{host}", port), _Session)
        self._server.proxy = self
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> Proxy:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    proxy: Proxy


class _Session(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        proxy = self.server.proxy
        if proxy.speaks == "http":
            self.request.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return
        if proxy.speaks == "nothing":
            self.request.recv(1)
            return
        self._send(0, self._greeting())
        answer = self._packet()
        if answer is None:
            return
        if not self._let_in(answer, proxy.password):
            refusal = b"Access denied for user 'root@proxysys'@'127.0.0.1'"
            self._send(2, b"\xff" + struct.pack("<H", 1045) + b"#42000" + refusal)
            return
        proxy.log_ins += 1
        self._send(2, _OK)
        while (command := self._packet()) and command[0] != 1:
            self._obey(command)

    def _obey(self, command: bytes) -> None:
        proxy = self.server.proxy
        text = command[1:].decode()
        proxy.commands.append("PING" if command[0] == 14 else text)
        if command[0] == 14 or text.startswith("SET "):
            self._send(1, _OK)
        elif text.startswith("SELECT"):
            # Like a real OBProxy: a bare EOF packet instead of a result.
            self._send(1, _EOF)
        elif altered := re.fullmatch(r"ALTER PROXYCONFIG SET (\w+) = '(.*)'", text):
            name, value = altered.groups()
            if name == "obproxy_sys_password":
                proxy.password = value
            else:
                proxy.settings[name] = value
            self._send(1, _OK)
        elif (shown := re.fullmatch(r"SHOW PROXYCONFIG LIKE '(\w+)'", text)) and shown[1] in proxy.settings:
            self._rows(("name", "value"), [(shown[1], proxy.settings[shown[1]])])
        elif text == "SHOW PROXYINFO BINARY" and proxy.version:
            self._rows(("name", "info"), [("binary info", f"ObProxy-OceanBase {proxy.version}-0a1b2c")])
        elif text == "SHOW PROXYCONFIG":
            self._rows(("name", "value"), list(proxy.settings.items()))
        elif text.startswith("SHOW PROXYCONFIG") and proxy.config_url is not None:
            self._rows(("name", "value"), [("obproxy_config_server_url", proxy.config_url)])
        else:
            self._send(1, b"\xff" + struct.pack("<H", 5010) + b"#21000Unknown operator, bad internal cmd")

    def _rows(self, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
        packets = [bytes([len(columns)])]
        for name in columns:
            strings = b"".join(_text(part) for part in ("def", "", "", "", name, name))
            packets.append(strings + b"\x0c" + struct.pack("<HIBHBH", 46, 1024, 253, 0, 0, 0))
        packets += [_EOF, *(b"".join(_text(value) for value in row) for row in rows), _EOF]
        for number, packet in enumerate(packets, 1):
            self._send(number, packet)

    @staticmethod
    def _greeting() -> bytes:
        low, high = struct.pack("<I", _CAPABILITIES)[:2], struct.pack("<I", _CAPABILITIES)[2:]
        head = b"\x0a5.6.25\0" + struct.pack("<I", 1) + _SALT[:8] + b"\0" + low + b"\x2e\x00\x00" + high
        return head + bytes([21]) + bytes(10) + _SALT[8:] + b"\0mysql_native_password\0"

    @staticmethod
    def _let_in(answer: bytes, password: str) -> bool:
        user, _, rest = answer[32:].partition(b"\0")
        given = rest[1 : 1 + rest[0]]
        if not password:
            return user == b"root@proxysys" and not given
        stage = hashlib.sha1(password.encode()).digest()
        mask = hashlib.sha1(_SALT + hashlib.sha1(stage).digest()).digest()
        return user == b"root@proxysys" and given == bytes(a ^ b for a, b in zip(stage, mask, strict=True))

    def _send(self, number: int, payload: bytes) -> None:
        self.request.sendall(struct.pack("<I", len(payload))[:3] + bytes([number]) + payload)

    def _packet(self) -> bytes | None:
        head = self._read(4)
        return self._read(int.from_bytes(head[:3], "little")) if head else None

    def _read(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            piece = self.request.recv(count - len(data))
            if not piece:
                return b""
            data += piece
        return data


def _text(value: str) -> bytes:
    return bytes([len(value)]) + value.encode()
