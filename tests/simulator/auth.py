# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Authentication by HTTP Basic or by signature, and the block after too many failed logins."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from . import signature
from .clock import Clock
from .errors import Problem, error
from .state import State, User


@dataclass
class Call:
    """A request as it was received."""

    method: str
    raw_path: str
    query: str
    headers: list[tuple[str, str]]
    body: bytes
    client: str

    def header(self, name: str) -> str:
        return ",".join(value for key, value in self.headers if key.lower() == name)

    @property
    def scheme(self) -> str:
        return self.header("authorization").split(" ")[0]


class Gate:
    """Authenticates calls, and counts failed logins per client address, since OCP blocks addresses and not users."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock
        self._failures: dict[str, int] = {}
        self._blocked: dict[str, float] = {}

    def admit(self, call: Call) -> User:
        wait = self._blocked.get(call.client, 0) - self._clock.now()
        if wait > 0:
            raise error(Problem.BLOCKED, minutes=int(wait // 60) + 1)
        scheme, _, value = call.header("authorization").partition(" ")
        if scheme.lower() == "basic":
            user = self._basic(value)
        elif scheme == signature.SCHEME:
            user = self._signed(call, value)
        else:
            raise error(Problem.NO_CREDENTIALS)
        if user is None:
            self._failed(call.client)
            raise error(Problem.WRONG_CREDENTIALS)
        self._failures.pop(call.client, None)
        return user

    def _failed(self, client: str) -> None:
        self._failures[client] = self._failures.get(client, 0) + 1
        if self._failures[client] >= self._state.settings.failed_log_ins:
            self._blocked[client] = self._clock.now() + self._state.settings.block_seconds
            del self._failures[client]

    def _basic(self, value: str) -> User | None:
        try:
            name, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        for user in self._state.users:
            if user.username == name and hmac.compare_digest(user.password.encode(), password.encode()):
                return user
        return None

    def _signed(self, call: Call, value: str) -> User | None:
        key_id, _, given = value.partition(":")
        key = next((key for key in self._state.access_keys if key.id == key_id), None)
        if key is None:
            return None
        date = call.header("date")
        self._check_date(call.client, date)
        text = signature.message(
            call.method,
            call.body,
            call.header("content-type"),
            date,
            call.header("host"),
            call.headers,
            call.raw_path,
            call.query,
        )
        if not hmac.compare_digest(signature.sign(key.secret, text).encode(), given.encode()):
            self._failed(call.client)
            raise error(Problem.BAD_SIGNATURE, reason="it does not fit the request")
        return next(user for user in self._state.users if user.username == key.username)

    def _check_date(self, client: str, date: str) -> None:
        try:
            if not date.endswith("GMT"):
                raise ValueError(date)
            moment = parsedate_to_datetime(date).timestamp()
        except (ValueError, TypeError):
            self._failed(client)
            raise error(Problem.BAD_SIGNATURE, reason="the Date header must be in RFC 1123's form, in GMT") from None
        if abs(moment - self._clock.now()) >= self._state.settings.clock_skew:
            self._failed(client)
            raise error(Problem.BAD_SIGNATURE, reason="the Date header is too far from the server's clock")


def named(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
