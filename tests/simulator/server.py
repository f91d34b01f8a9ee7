# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Listens, and runs the application under uvicorn with access to each request's connection, which faults need."""

from __future__ import annotations

import asyncio
import copy
import itertools
import os
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.config import LOGGING_CONFIG
from uvicorn.protocols.http.h11_impl import H11Protocol

_connections = itertools.count(1)


class OpenProtocol(H11Protocol):
    """Passes the transport to the application, in the request's state."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        # uvicorn copies this into the state of each request of the connection.
        self.app_state = {**self.app_state, "transport": transport, "connection": next(_connections)}


class Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._ready()


def listen(where: str) -> socket.socket:
    """Return a listening socket for HOST:PORT. Port 0 selects a free one."""
    host, _, port = where.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isdigit() or int(port) > 65535:
        raise ValueError(f"{where!r} is not HOST:PORT")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sets TCP_NODELAY only if the protocol is given. Without it, each response takes 40 ms.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((host, int(port)))
    sock.listen(1024)
    sock.set_inheritable(False)
    return sock


def run(
    app: Callable[..., Any],
    sockets: list[socket.socket],
    ready: Callable[[], None],
    *,
    tls_cert: str | None = None,
    tls_key: str | None = None,
    keep_alive: int = 20,
    stop_on_eof: bool = False,
    verbose: bool = False,
) -> None:
    # uvicorn raises the signal that stopped it again. This process must exit cleanly and not be killed by it.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    if stop_on_eof:
        threading.Thread(target=_stop_on_eof, daemon=True).start()
    config = uvicorn.Config(
        app,
        http=OpenProtocol,
        ws="none",
        lifespan="on",
        loop="asyncio",
        log_level="info" if verbose else "warning",
        access_log=verbose,
        log_config=_log_to_stderr(),
        server_header=False,
        ssl_certfile=tls_cert,
        ssl_keyfile=tls_key,
        timeout_keep_alive=keep_alive,
        # Endless and silent responses must not delay the shutdown.
        timeout_graceful_shutdown=1,
    )
    Server(config, ready).run(sockets=sockets)


def _stop_on_eof() -> None:
    # Not sys.stdin, since a thread inside its buffer makes the interpreter abort on exit.
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _log_to_stderr() -> dict[str, Any]:
    """Send uvicorn's access log to standard error, since standard output is reserved for one line."""
    made = copy.deepcopy(LOGGING_CONFIG)
    made["handlers"]["access"]["stream"] = "ext://sys.stderr"
    return made
