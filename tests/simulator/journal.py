# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A record of the requests to the simulator, for tests that count requests, logins and takeovers."""

from __future__ import annotations

import json
from collections import deque
from typing import Any

from pydantic import BaseModel, Field

_SECRETS = ("passwd", "password", "passphrase", "secret")


class Asking(BaseModel):
    """A request to OCP."""

    id: int
    time: str
    method: str
    path: str
    query: str
    user: str | None = None
    scheme: str | None = None
    client: str
    # Requests of one connection have the same number.
    connection: int
    headers: dict[str, str] = Field(default_factory=dict)
    body: Any = None
    # None if no response was sent.
    status: int | None = None
    seconds: float = 0
    fault: str | None = None


class Accepted(BaseModel):
    """A takeover that the simulator started. A proxy whose takeover is started twice has two entries."""

    cluster: str
    cluster_id: int
    host_id: int
    address: str
    sql_port: int
    task_id: int
    time: str
    password_given: bool


class Journal:
    def __init__(self) -> None:
        # A lab may run for weeks, so the oldest requests are dropped.
        self.requests: deque[Asking] = deque(maxlen=100_000)
        self.takeovers: list[Accepted] = []
        self._next = 1

    def begin(self, **what: Any) -> Asking:
        asking = Asking(id=self._next, **what)
        self._next += 1
        self.requests.append(asking)
        return asking


def readable(body: bytes) -> Any:
    """Return the body of a request with its secrets masked, since anyone can read the journal."""
    if not body:
        return None
    try:
        return _masked(json.loads(body))
    except ValueError:
        return body.decode(errors="replace")


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: "***" if any(word in key.lower() for word in _SECRETS) else _masked(each)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [_masked(each) for each in value]
    return value
