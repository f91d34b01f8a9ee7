# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks a real proxy as OCP would: its greeting, a login as root@proxysys, its version and its start mode."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pymysql
from pymysql.connections import Connection

USER = "root@proxysys"
# `ObProxy-OceanBase 4.2.3.0-…` names the real version; the greeting always says 5.6.25.
_VERSION = re.compile(r"(\d+(?:\.\d+)+)(?:-(\d+))?")


class Unreachable(Exception):
    """No MySQL server answers at the address."""


class LogInRefused(Exception):
    """The server speaks MySQL, but refuses the login of root@proxysys."""


@dataclass
class Facts:
    """The facts from a login, with None for those that the proxy did not report."""

    version: str | None = None
    config_url: str | None = None


def greeting(address: str, port: int, timeout: float) -> str:
    """Return the server version in the first packet."""
    try:
        with socket.create_connection((address, port), timeout) as connection:
            connection.settimeout(timeout)
            head = _read(connection, 5)
            packet = head[4:]
            # Read on only after a greeting or an error, since other protocols encode lengths differently.
            if packet in (b"\x0a", b"\xff"):
                packet += _read(connection, min(int.from_bytes(head[:3], "little"), 1024) - 1)
    except OSError as failure:
        raise Unreachable(f"cannot connect to {address}:{port}: {failure.strerror or failure}") from failure
    if packet[:1] == b"\xff":
        raise Unreachable(f"{address}:{port} refuses connections: {packet[3:].decode(errors='replace')}")
    if packet[:1] != b"\x0a" or b"\0" not in packet:
        raise Unreachable(f"{address}:{port} does not answer with a MySQL greeting")
    return packet[1 : packet.index(b"\0")].decode(errors="replace")


def log_in(address: str, port: int, password: str, timeout: float) -> Facts:
    with _session(address, port, password, timeout) as connection:
        # Not SELECT, since a healthy proxy answers it with a bare EOF packet.
        connection.ping(reconnect=False)
        binary = _rows(connection, "SHOW PROXYINFO BINARY")
        config = _rows(connection, "SHOW PROXYCONFIG LIKE 'obproxy_config_server_url'")
    version = _VERSION.search(" ".join(str(row.get("info", "")) for row in binary))
    urls = [str(row.get("value") or "") for row in config if row.get("name") == "obproxy_config_server_url"]
    return Facts(
        version="-".join(filter(None, version.groups())) if version else None, config_url=urls[0] if urls else None
    )


def change(address: str, port: int, password: str, wanted: dict[str, str], timeout: float) -> list[str]:
    """Set the given settings that the proxy has with another value, and return their names."""
    with _session(address, port, password, timeout) as connection:
        # Request the whole list, since the proxy answers with another table for some names in LIKE.
        has = {row.get("name"): row.get("value") for row in _rows(connection, "SHOW PROXYCONFIG")}
        changed = [name for name, value in wanted.items() if name in has and has[name] != value]
        for name in changed:
            _set(connection, name, wanted[name])
    return changed


def set_password(address: str, port: int, old: str, new: str, timeout: float) -> None:
    """Change the password of root@proxysys."""
    with _session(address, port, old, timeout) as connection:
        _set(connection, "obproxy_sys_password", new)


def _set(connection: Connection, name: str, value: str) -> None:
    with connection.cursor() as cursor:
        # A name cannot be a parameter of a statement. As in OCP, it comes from the caller of the API.
        cursor.execute(f"ALTER PROXYCONFIG SET {name} = {connection.escape(value)}")


@contextlib.contextmanager
def _session(address: str, port: int, password: str, timeout: float) -> Iterator[Connection]:
    """Log in to the proxy. Later errors contain its address."""
    try:
        connection = pymysql.connect(
            host=address,
            port=port,
            user=USER,
            password=password,
            connect_timeout=max(1, round(timeout)),
            read_timeout=timeout,
            write_timeout=timeout,
            autocommit=None,
        )
    except pymysql.err.OperationalError as failure:
        number, text = (*failure.args, "")[:2]
        if number == 1045:
            raise LogInRefused(
                f"login as {USER} at {address}:{port} was refused: {text}\n"
                "Either the password is not the one of the takeover call, or the OBProxy counts the caller's address as"
                " no private one and was started without skip_proxy_sys_private_check=true"
            ) from None
        raise Unreachable(f"cannot log in at {address}:{port}: {text}") from None
    except (pymysql.Error, OSError, ValueError, IndexError) as failure:
        raise Unreachable(f"cannot log in at {address}:{port}: {failure}") from None
    try:
        yield connection
    except (pymysql.Error, OSError) as failure:
        raise Unreachable(f"{address}:{port} fails after the login: {failure}") from None
    finally:
        connection.close()


def _rows(connection: Connection, query: str) -> list[dict[str, object]]:
    try:
        with connection.cursor(pymysql.cursors.DictCursor) as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())
    except (pymysql.err.ProgrammingError, pymysql.err.InternalError, pymysql.err.NotSupportedError):
        return []
    except pymysql.err.OperationalError as failure:
        # An unknown command has its own error; anything else is a lost connection.
        if failure.args and failure.args[0] in (1064, 5010):
            return []
        raise


def _read(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise OSError("the connection was closed before a MySQL greeting came")
        data += piece
    return data
