# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The middleware that every request to OCP passes before it reaches a call, and its response on the way out.

The order is: the journal, faults before the work, the login, the rate limit, the call, and faults of the response. It
is below the framework, which only sends valid responses.
"""

from __future__ import annotations

import asyncio
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import rights, transport_faults
from .answers import failure_body
from .auth import Call, named
from .clock import stamp
from .console import PAGE, is_page
from .errors import OcpError, Problem, error, language_of
from .journal import Asking, readable
from .simulation import Simulation
from .state import User
from .transport_faults import Answer, Line

# Paths without a login: the clock, and the configuration server for proxies.
OPEN = ("/api/v2/time", "/services")
CONTROL = "/_simulator"
WRITES = ("POST", "PUT", "PATCH", "DELETE")


class Middleware:
    def __init__(self, app: ASGIApp, simulation: Simulation) -> None:
        self._app = app
        self._simulation = simulation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(CONTROL):
            await self._app(scope, receive, send)
            return
        body = await _body(receive)
        headers = named(scope["headers"])
        raw_path = scope.get("raw_path", scope["path"].encode()).decode("latin-1")
        client = scope["client"][0] if scope.get("client") else "?"
        call = Call(scope["method"], raw_path, scope["query_string"].decode("latin-1"), headers, body, client)
        line = Line.of(scope, receive, send)
        asking = self._note(call, scope["path"], line)
        started = time.monotonic()
        try:
            asking.status = await self._serve(scope, call, line, asking)
        finally:
            asking.seconds = round(time.monotonic() - started, 4)

    def _note(self, call: Call, path: str, line: Line) -> Asking:
        return self._simulation.journal.begin(
            time=stamp(self._simulation.clock.now()),
            method=call.method,
            path=path,
            query=call.query,
            scheme=call.scheme or None,
            client=call.client,
            connection=line.number,
            headers={name: call.header(name) for name in ("user-agent", "accept-language") if call.header(name)},
            body=readable(call.body),
        )

    async def _serve(self, scope: Scope, call: Call, line: Line, asking: Asking) -> int | None:
        fault = self._simulation.faults.pick(call.method, asking.path, call.query)
        language = language_of(call.header("accept-language"))
        if fault is not None:
            asking.fault = fault.kind
            early = await transport_faults.before_work(fault, line, self._simulation.settings, language)
            if early is transport_faults.NO_ANSWER:
                return None
            if isinstance(early, transport_faults.Answer):
                return await transport_faults.send(early, None, line)
        if is_page(call.method, asking.path):
            answer = Answer.of(200, "text/html", PAGE.encode())
        else:
            answer = await self._answer(scope, call, asking, language)
        if self._simulation.settings.latency:
            await asyncio.sleep(self._simulation.settings.latency)
        if fault is not None:
            answer = transport_faults.after_work(fault, answer, self._simulation.settings, language)
        return await transport_faults.send(answer, fault, line)

    async def _answer(self, scope: Scope, call: Call, asking: Asking, language: str) -> Answer:
        """Check the login, the rate limit and the rights, then run the call itself."""
        extra: dict[str, str] = {}
        started = time.monotonic()
        try:
            if asking.path not in OPEN:
                user = self._simulation.gate.admit(call)
                asking.user = user.username
                extra = self._throttle(user.username)
                self._may(user, call.method, asking.path)
                scope.setdefault("state", {})["user"] = user
        except _Throttled as refused:
            extra, problem = refused.headers, refused.problem
        except OcpError as refused:
            problem = refused
            if problem.problem.value.status == 401:
                extra = {"WWW-Authenticate": 'Basic realm="OCP"'}
        else:
            scope.setdefault("state", {}).update(started=started, language=language)
            answer = await _run(self._app, scope, call.body)
            answer.headers += [(name.encode(), value.encode()) for name, value in extra.items()]
            return answer
        content = failure_body(problem, self._simulation.settings, language, started, self._simulation.clock)
        return Answer.json(content["status"], content, extra)

    def _throttle(self, user: str) -> dict[str, str]:
        rule = self._simulation.settings.rate_limit
        if rule is None:
            return {}
        allowance = self._simulation.limiter.take(user, rule)
        if allowance.refused:
            raise _Throttled(error(Problem.TOO_MANY_REQUESTS, seconds=allowance.reset), allowance.headers())
        return allowance.headers()

    def _may(self, user: User, method: str, path: str) -> None:
        writes = method in WRITES
        if writes and self._simulation.settings.refuse_writes:
            raise error(Problem.WRITES_REFUSED)
        if missing := rights.missing(user.roles, path, writes):
            raise error(Problem.NO_PERMISSION, user=user.username, right=missing)


class _Throttled(Exception):
    def __init__(self, problem: OcpError, headers: dict[str, str]) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.headers = headers


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _run(app: ASGIApp, scope: Scope, body: bytes) -> Answer:
    """Return the framework's response without sending it."""
    sent: list[Message] = []
    asked = False

    async def receive() -> Message:
        nonlocal asked
        if asked:
            await asyncio.Event().wait()
        asked = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def keep(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, keep)
    head = next(message for message in sent if message["type"] == "http.response.start")
    content = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    return Answer(head["status"], list(head.get("headers", [])), content)
