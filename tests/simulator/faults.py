# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults of the transport and of responses: which requests they hit, and what happens to them."""

from __future__ import annotations

import random
import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Rule(BaseModel):
    """Selects requests. The first `skip` matching requests pass, and the next `times` are hit."""

    model_config = ConfigDict(extra="forbid")

    id: int | None = Field(None, description="Given by the simulator.")
    method: str | None = Field(None, description="GET, POST, …; none: any.")
    path: str = Field("", description="A regular expression, searched in the path.")
    query: str = Field("", description="A regular expression, searched in the query string.")
    skip: int = Field(0, ge=0)
    times: int | None = Field(1, ge=1, description="null: every time.")
    chance: float = Field(1, gt=0, le=1, description="Hits only so often, by the simulator's seed.")
    seen: int = Field(0, description="Matching requests so far.")
    hits: int = Field(0, description="Requests that were hit so far.")

    @field_validator("path", "query")
    @classmethod
    def _expression(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as problem:
            raise ValueError(f"not a regular expression: {problem}") from problem
        return value


class Status(Rule):
    """An error response. With `work: true`, the call's work is done anyway."""

    kind: Literal["status"]
    status: int = Field(500, ge=100, le=599)
    code: int | str | None = None
    message: str = "Unexpected error."
    headers: dict[str, str] = Field(default_factory=dict)
    work: bool = False


class Unsuccessful(Rule):
    """Status 200 with `successful: false` and an error."""

    kind: Literal["unsuccessful"]
    code: int | str | None = None
    message: str = "Unexpected error."
    work: bool = False


class Reset(Rule):
    """The connection is closed without a response, before or after the work, either by RST or by a normal close."""

    kind: Literal["reset"]
    when: Literal["before", "after"] = "before"
    how: Literal["reset", "close"] = "reset"


class Cut(Rule):
    """The response breaks off after a share of its body."""

    kind: Literal["cut"]
    share: float = Field(0.5, ge=0, lt=1)


class Delay(Rule):
    """The call waits before the work is done, or (by default) before the response is sent."""

    kind: Literal["delay"]
    seconds: float = Field(gt=0)
    when: Literal["before", "after"] = "after"


class Silent(Rule):
    """There is no response, and the connection stays open."""

    kind: Literal["silent"]
    when: Literal["before", "after"] = "before"


class Drip(Rule):
    """The response arrives in small pieces."""

    kind: Literal["drip"]
    bytes: int = Field(1, ge=1)
    seconds: float = Field(0.1, gt=0, description="Between two crumbs.")


class Endless(Rule):
    """The response begins and never ends, since white space is sent forever."""

    kind: Literal["endless"]
    seconds: float = Field(0.1, gt=0, description="Between two pieces.")


class NotJson(Rule):
    """The response is not JSON, such as the error page of a web proxy."""

    kind: Literal["not_json"]
    status: int = Field(200, ge=200, le=599)
    content_type: str = "text/html"
    body: str = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
    work: bool = False


class RateLimited(Rule):
    """Status 429, with the seconds until the window resets. `limit: null` omits the headers."""

    kind: Literal["rate_limited"]
    reset: int = Field(1, ge=0)
    limit: int | None = 100


class Expired(Rule):
    """The credentials are no longer valid."""

    kind: Literal["expired"]


Fault = Annotated[
    Status | Unsuccessful | Reset | Cut | Delay | Silent | Drip | Endless | NotJson | RateLimited | Expired,
    Field(discriminator="kind"),
]


class FaultBook:
    """The active faults, in the order in which they were added. Only the first fault that hits a request applies."""

    def __init__(self, faults: list[Fault], seed: int) -> None:
        self._random = random.Random(seed)
        self._next_id = 1
        self.faults: list[Fault] = []
        for fault in faults:
            self.add(fault)

    def add(self, fault: Fault) -> Fault:
        fault.id, fault.seen, fault.hits = self._next_id, 0, 0
        self._next_id += 1
        self.faults.append(fault)
        return fault

    def remove(self, fault_id: int | None) -> int:
        before = len(self.faults)
        self.faults = [fault for fault in self.faults if fault_id is not None and fault.id != fault_id]
        return before - len(self.faults)

    def pick(self, method: str, path: str, query: str) -> Fault | None:
        chosen: Fault | None = None
        for fault in self.faults:
            if fault.method and fault.method.upper() != method:
                continue
            if not re.search(fault.path, path) or not re.search(fault.query, query):
                continue
            fault.seen += 1
            if chosen is not None or fault.seen <= fault.skip:
                continue
            if fault.times is not None and fault.hits >= fault.times:
                continue
            if fault.chance < 1 and self._random.random() >= fault.chance:
                continue
            fault.hits += 1
            chosen = fault
        return chosen
