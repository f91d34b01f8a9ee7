# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The outer keys of every response."""

from __future__ import annotations

from typing import Generic, TypeVar

from .base import Answered, Moment

T = TypeVar("T")


class Page(Answered):
    total_elements: int
    total_pages: int
    number: int
    size: int


class Contents(Answered, Generic[T]):
    contents: list[T]


class Paged(Answered, Generic[T]):
    contents: list[T]
    page: Page


class Outer(Answered):
    successful: bool
    timestamp: Moment
    duration: int
    status: int
    trace_id: str
    server: str


class Success(Outer, Generic[T]):
    data: T


class Done(Outer):
    """The call has no result, so the response contains no data."""


class SubError(Answered):
    code: int | str
    message: str
    target: str | None = None


class ErrorBody(Answered):
    code: int | str
    message: str
    debug_message: str | None = None
    target: str | None = None
    sub_errors: list[SubError]


class Failure(Outer):
    error: ErrorBody
