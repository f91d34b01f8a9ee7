# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the MySQL protocol that OBProxy's own user needs: the greeting, a login, statements with text rows.

OBProxy answers any SELECT of root@proxysys with a bare EOF packet, so nothing here sends one. mysql_native_password
needs only the SHA-1 of a password, so that is all that is passed here.
"""

import binascii
import contextlib
import hashlib
import socket
import struct
from typing import Any, Dict, List, Optional, Tuple

LONG_PASSWORD = 0x1
PROTOCOL_41 = 0x200
TRANSACTIONS = 0x2000
SECURE_CONNECTION = 0x8000
PLUGIN_AUTH = 0x80000
COM_QUIT = b"\x01"
COM_QUERY = b"\x03"
MAX_PACKET = 1 << 20


class MysqlError(Exception):
    """The server does not behave like a proxy that is ready. code: the number of an error that it sent, or None."""

    def __init__(self, message: str, code: Optional[int] = None) -> None:
        super(MysqlError, self).__init__(message)
        self.code = code


class AccessDenied(MysqlError):
    """The login was refused: the proxy is there, but the password is wrong."""


def greeting(address: str, port: int, timeout: float = 2.0) -> Dict[str, Any]:
    """Open a connection, read the greeting, close the connection, and return what the greeting says."""
    with _connected(address, port, timeout) as connection:
        return parse_greeting(_read_packet(connection)[1])


def password_sha1(password: str) -> bytes:
    """What a login needs of a password. An empty one stays empty."""
    return hashlib.sha1(password.encode("utf-8")).digest() if password else b""


def password_sha1_from_hex(digits: str) -> bytes:
    """The same for a SHA-1 in 40 hex digits. ValueError for anything else that is not empty."""
    if len(digits) not in (0, 40):
        raise ValueError("a SHA-1 has 40 hex digits, and this has %d characters" % len(digits))
    return binascii.unhexlify(digits)


def log_in(address: str, port: int, user: str, password_sha1: bytes, timeout: float = 5.0) -> None:
    """Log in and disconnect. AccessDenied if the proxy refuses, MysqlError if it does something else."""
    Session(address, port, user, password_sha1, timeout).close()


class Session(object):
    """A login that stays connected. AccessDenied if the proxy refuses, MysqlError if it does something else."""

    def __init__(self, address: str, port: int, user: str, password_sha1: bytes, timeout: float = 5.0) -> None:
        self._connection = _connected(address, port, timeout)
        try:
            self._log_in(user, password_sha1)
        except MysqlError:
            self._connection.close()
            raise

    def query(self, statement: str) -> List[Dict[str, Any]]:
        """Run a statement and return its rows as dicts of texts, none for a statement without rows. MysqlError for its
        error."""
        _write_packet(self._connection, 0, COM_QUERY + statement.encode("utf-8"))
        first = self._answer()
        if first[:1] == b"\x00" or _is_eof(first):
            return []
        try:
            names: List[Any] = [_texts(self._answer())[4] for _number in range(_length(bytearray(first), 0)[0])]
        except (IndexError, TypeError):
            raise MysqlError("an answer that is not a table (first byte %r)" % first[:1]) from None
        self._answer()
        rows = []
        answer = self._answer()
        while not _is_eof(answer):
            rows.append(dict(zip(names, _texts(answer))))
            answer = self._answer()
        return rows

    def close(self) -> None:
        """Say good-bye; what breaks meanwhile does not matter any more."""
        with contextlib.suppress(MysqlError):
            _write_packet(self._connection, 0, COM_QUIT)
        self._connection.close()

    def _log_in(self, user: str, password_sha1: bytes) -> None:
        sequence, payload = _read_packet(self._connection)
        salt = parse_greeting(payload)["salt"]
        _write_packet(self._connection, sequence + 1, _login_packet(user, password_sha1, salt))
        sequence, answer = _read_packet(self._connection)
        if answer[:1] == b"\xfe" and len(answer) > 1:
            plugin, _nul, data = answer[1:].partition(b"\x00")
            if plugin != b"mysql_native_password":
                raise MysqlError("the proxy asks for the authentication %s" % _text(plugin))
            _write_packet(self._connection, sequence + 1, scramble(password_sha1, data.rstrip(b"\x00")))
            _sequence, answer = _read_packet(self._connection)
        if answer[:1] == b"\xff":
            raise _error(answer)
        if answer[:1] != b"\x00":
            raise MysqlError("an unexpected answer to the login (first byte %r)" % answer[:1])

    def _answer(self) -> bytes:
        _sequence, payload = _read_packet(self._connection)
        if payload[:1] == b"\xff":
            raise _error(payload)
        return payload


def scramble(password_sha1: bytes, salt: bytes) -> bytes:
    """The answer of mysql_native_password to the server's salt; nothing for an empty password."""
    if not password_sha1:
        return b""
    key = hashlib.sha1(salt + hashlib.sha1(password_sha1).digest()).digest()
    return bytes(bytearray(a ^ b for a, b in zip(bytearray(password_sha1), bytearray(key))))


def parse_greeting(payload: bytes) -> Dict[str, Any]:
    """Parse HandshakeV10. Raises MysqlError for anything else."""
    if payload[:1] == b"\xff":
        raise _error(payload)
    if payload[:1] != b"\x0a":
        raise MysqlError("not a MySQL greeting (first byte %r)" % payload[:1])
    version, nul, rest = payload[1:].partition(b"\x00")
    if not nul or len(rest) < 18:
        raise MysqlError("the MySQL greeting is cut short")
    salt = rest[4:12]
    charset = rest[15] if len(rest) > 15 else 0
    if len(rest) > 31:
        salt += rest[31:].partition(b"\x00")[0][:12]
    return {"protocol": 10, "version": _text(version), "charset": charset, "salt": salt}


def _login_packet(user: str, password_sha1: bytes, salt: bytes) -> bytes:
    capabilities = LONG_PASSWORD | PROTOCOL_41 | TRANSACTIONS | SECURE_CONNECTION | PLUGIN_AUTH
    answer = scramble(password_sha1, salt)
    head = struct.pack("<IIB23x", capabilities, MAX_PACKET, 45)
    name = user.encode("utf-8") + b"\x00"
    return head + name + struct.pack("<B", len(answer)) + answer + b"mysql_native_password\x00"


def _error(payload: bytes) -> MysqlError:
    code = struct.unpack("<H", payload[1:3])[0] if len(payload) >= 3 else 0
    text = payload[3:]
    if text[:1] == b"#":
        text = text[6:]
    kind = AccessDenied if code == 1045 else MysqlError
    return kind("error %d: %s" % (code, _text(text)), code)


def _is_eof(payload: bytes) -> bool:
    return payload[:1] == b"\xfe" and len(payload) < 9


def _texts(payload: bytes) -> List[Optional[str]]:
    """The length-encoded texts that a packet begins with; None for NULL. A column's definition ends in other bytes."""
    data, at, texts = bytearray(payload), 0, []
    while at < len(data):
        length, at = _length(data, at)
        texts.append(None if length is None else _text(payload[at : at + length]))
        at += length or 0
    return texts


def _length(data: bytearray, at: int) -> Tuple[Any, int]:
    """(the number, where what follows begins): one byte, or a byte that says how many the number has."""
    first = data[at]
    if first == 0xFB:
        return None, at + 1
    size = {0xFC: 2, 0xFD: 3, 0xFE: 8}.get(first, 0)
    if not size:
        return first, at + 1
    return sum(byte << 8 * place for place, byte in enumerate(data[at + 1 : at + 1 + size])), at + 1 + size


def _connected(address: str, port: int, timeout: float) -> socket.socket:
    try:
        return socket.create_connection((address, port), timeout)
    except OSError as error:
        raise MysqlError("no connection to %s:%s: %s" % (address, port, error)) from error


def _read_packet(connection: socket.socket) -> Tuple[int, bytes]:
    head = _read(connection, 4)
    length = head[0] | head[1] << 8 | head[2] << 16
    if not 0 < length <= MAX_PACKET:
        raise MysqlError("not a MySQL packet (length %d)" % length)
    return head[3], _read(connection, length)


def _read(connection: socket.socket, wanted: int) -> bytes:
    data = b""
    while len(data) < wanted:
        try:
            piece = connection.recv(wanted - len(data))
        except OSError as error:
            raise MysqlError("no answer: %s" % error) from error
        if not piece:
            raise MysqlError("the connection was closed before the answer was complete")
        data += piece
    return data


def _write_packet(connection: socket.socket, sequence: int, payload: bytes) -> None:
    try:
        connection.sendall(struct.pack("<I", len(payload))[:3] + struct.pack("<B", sequence & 0xFF) + payload)
    except OSError as error:
        raise MysqlError("the connection broke: %s" % error) from error


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
