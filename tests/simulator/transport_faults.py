# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Applies faults to connections: responses that are wrong, late, broken off, endless, or never sent."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Receive, Scope, Send

from . import faults
from .answers import SERVER
from .clock import stamp
from .errors import Problem, error
from .settings import Settings

NO_ANSWER = object()


@dataclass
class Answer:
    status: int
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    @classmethod
    def json(cls, status: int, content: Any, headers: dict[str, str] | None = None) -> Answer:
        body = json.dumps(content, ensure_ascii=False).encode()
        return cls.of(status, "application/json", body, headers)

    @classmethod
    def of(cls, status: int, content_type: str, body: bytes, headers: dict[str, str] | None = None) -> Answer:
        named = {"content-type": content_type, "content-length": str(len(body)), **(headers or {})}
        return cls(status, [(name.encode(), value.encode()) for name, value in named.items()], body)


@dataclass
class Line:
    """The connection of a request."""

    number: int
    transport: asyncio.Transport | None
    receive: Receive
    send: Send

    @classmethod
    def of(cls, scope: Scope, receive: Receive, send: Send) -> Line:
        # server.py provides these; another ASGI server would not.
        state = scope.get("state", {})
        return cls(state.get("connection", 0), state.get("transport"), receive, send)

    async def break_off(self, how: str) -> None:
        assert self.transport is not None, "only the simulator's own server can break connections"
        if how == "reset":
            sock = self.transport.get_extra_info("socket")
            # Lingering for 0 seconds makes the kernel send RST instead of FIN.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()
        await self.gone()

    @property
    def closed(self) -> bool:
        """Whether the connection is closed, so that the response cannot be delivered."""
        return self.transport is not None and self.transport.is_closing()

    async def gone(self) -> None:
        """Wait until either side has closed the connection."""
        while (await self.receive())["type"] != "http.disconnect":
            pass


async def before_work(fault: faults.Fault, line: Line, settings: Settings, language: str) -> Answer | object | None:
    """Apply a fault before the work. Return a response, NO_ANSWER, or None to continue."""
    if isinstance(fault, faults.Reset) and fault.when == "before":
        await line.break_off(fault.how)
        return NO_ANSWER
    if isinstance(fault, faults.Silent) and fault.when == "before":
        await line.gone()
        return NO_ANSWER
    if isinstance(fault, faults.Delay) and fault.when == "before":
        await asyncio.sleep(fault.seconds)
    if isinstance(fault, faults.Expired | faults.RateLimited) or getattr(fault, "work", None) is False:
        return _wrong(fault, settings, language)
    return None


def after_work(fault: faults.Fault, answer: Answer, settings: Settings, language: str) -> Answer:
    return _wrong(fault, settings, language) if getattr(fault, "work", False) else answer


async def send(answer: Answer, fault: faults.Fault | None, line: Line) -> int | None:
    """Send the response as far as the fault allows. Return the status that the client received."""
    if isinstance(fault, faults.Reset) and fault.when == "after":
        await line.break_off(fault.how)
        return None
    if isinstance(fault, faults.Silent):
        await line.gone()
        return None
    if isinstance(fault, faults.Delay) and fault.when == "after":
        await asyncio.sleep(fault.seconds)
    if isinstance(fault, faults.Endless):
        await _endless(answer, fault, line)
        return answer.status
    if line.closed:
        return None
    await line.send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    body = answer.body
    if isinstance(fault, faults.Cut):
        await line.send({"type": "http.response.body", "body": body[: int(len(body) * fault.share)], "more_body": True})
        # Wait until the first part has been sent. The rest is never sent.
        await asyncio.sleep(0.05)
        await line.break_off("close")
        return answer.status
    if isinstance(fault, faults.Drip):
        for start in range(0, len(body), fault.bytes):
            await line.send(
                {"type": "http.response.body", "body": body[start : start + fault.bytes], "more_body": True}
            )
            await asyncio.sleep(fault.seconds)
        body = b""
    await line.send({"type": "http.response.body", "body": body})
    return answer.status


async def _endless(answer: Answer, fault: faults.Endless, line: Line) -> None:
    headers = [(name, value) for name, value in answer.headers if name.lower() != b"content-length"]
    await line.send({"type": "http.response.start", "status": answer.status, "headers": headers})
    # White space before a JSON value is valid, so a client that only waits for the value waits forever.
    ended = asyncio.ensure_future(line.gone())
    try:
        while not ended.done():
            await line.send({"type": "http.response.body", "body": b" \n", "more_body": True})
            await asyncio.wait([ended], timeout=fault.seconds)
    finally:
        ended.cancel()


def _wrong(fault: faults.Fault, settings: Settings, language: str) -> Answer:
    if isinstance(fault, faults.NotJson):
        return Answer.of(fault.status, fault.content_type, fault.body.encode())
    if isinstance(fault, faults.Status):
        return Answer.json(fault.status, _failure(fault.status, fault.code, fault.message, settings), fault.headers)
    if isinstance(fault, faults.Unsuccessful):
        return Answer.json(200, _failure(200, fault.code, fault.message, settings))
    if isinstance(fault, faults.RateLimited):
        problem = error(Problem.TOO_MANY_REQUESTS, seconds=fault.reset)
        headers = {}
        if fault.limit is not None:
            headers = {
                "RateLimit-Limit": str(fault.limit),
                "RateLimit-Remaining": "0",
                "RateLimit-Reset": str(fault.reset),
            }
        return Answer.json(429, _failure(429, 0, problem.message(language), settings), headers)
    problem = error(Problem.WRONG_CREDENTIALS)
    content = _failure(401, problem.code(settings.error_codes), problem.message(language), settings)
    return Answer.json(401, content, {"WWW-Authenticate": 'Basic realm="OCP"'})


def _failure(status: int, code: int | str | None, message: str, settings: Settings) -> dict[str, Any]:
    if code is None:
        code = error(Problem.INTERNAL).code(settings.error_codes)
    return {
        "error": {"code": code, "message": message, "subErrors": []},
        "successful": False,
        "timestamp": stamp(time.time()),
        "duration": 1,
        "status": status,
        "traceId": uuid.uuid4().hex[:16],
        "server": SERVER,
    }
