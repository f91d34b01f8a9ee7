# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts responses into OCP's envelopes."""

from __future__ import annotations

import math
import time
import uuid
from typing import Any, TypeVar

from starlette.requests import Request

from .clock import Clock, stamp
from .errors import OcpError
from .schemas import envelopes as schemas
from .settings import Settings

T = TypeVar("T")

# OCP's samples mask the address of the server that responded.
SERVER = "xxx.xxx.xxx.xxx"


def outer(started: float, clock: Clock, status: int = 200) -> dict[str, Any]:
    return {
        "successful": status < 400,
        "timestamp": stamp(clock.now()),
        "duration": round((time.monotonic() - started) * 1000),
        "status": status,
        "trace_id": uuid.uuid4().hex[:16],
        "server": SERVER,
    }


class Envelope:
    """Creates the response of a call. There is one instance per request."""

    def __init__(self, request: Request) -> None:
        self._started = request.state.started
        self._clock: Clock = request.app.state.simulation.clock

    def data(self, model: type[schemas.Success[T]], data: Any) -> schemas.Success[T]:
        return model(data=data, **outer(self._started, self._clock))

    def contents(self, model: type[schemas.Success[T]], things: list[Any]) -> schemas.Success[T]:
        return model(data={"contents": things}, **outer(self._started, self._clock))

    def done(self) -> schemas.Done:
        return schemas.Done(**outer(self._started, self._clock))


def page_of(things: list[T], number: int, size: int) -> tuple[list[T], schemas.Page]:
    total = len(things)
    page = schemas.Page(total_elements=total, total_pages=math.ceil(total / size), number=number, size=size)
    return things[(number - 1) * size : number * size], page


def failure_body(problem: OcpError, settings: Settings, language: str, started: float, clock: Clock) -> dict[str, Any]:
    code = problem.code(settings.error_codes)
    body = schemas.Failure(
        error=schemas.ErrorBody(
            code=code,
            message=problem.message(language),
            debug_message=problem.problem.name,
            target=problem.target,
            sub_errors=[schemas.SubError(code=code, message=text, target=target) for target, text in problem.subs],
        ),
        **outer(started, clock, problem.status(settings.unstated_status)),
    )
    return body.model_dump(by_alias=True, exclude_none=True)
