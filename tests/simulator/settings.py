# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can be set while the simulator runs."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class RateLimit(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: int = Field(ge=1)
    window: float = Field(gt=0)


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid")

    task_seconds: float = Field(6, ge=0, description="How long a whole task takes.")
    check_proxies: bool = Field(True, description="Open each proxy's port, read its greeting and log in to it.")
    check_start_mode: bool = Field(True, description="Its config URL must fit the cluster, where it tells it.")
    check_timeout: float = Field(3, gt=0, description="How long a proxy may take to answer, in seconds.")
    error_codes: Literal["integer", "string"] = Field("integer", description="Codes as up to V4.2.1, or from V4.2.2.")
    takeover_answer: Literal["contents", "object"] = Field(
        "contents", description="contents: a list of tasks, as in OCP's sample; object: one task, as in OCP's table."
    )
    tasks_per_host: bool = Field(True, description="A task for each host of a takeover, or one for all of them.")
    refuse_at: Literal["task", "call"] = Field(
        "task", description="Where a precondition that is not met is told: by the task, or by the call itself."
    )
    state_errors: Literal[400, 409] = Field(
        400, description="The HTTP status of what the present state forbids: retry of a running task, managed proxies."
    )
    rollback_answer: Literal["task", "nothing"] = "task"
    context_as: Literal["object", "string"] = "object"
    prohibit_rollback: bool = False
    rate_limit: RateLimit | None = Field(
        default_factory=lambda: RateLimit(limit=1000, window=10), description="Requests of a user in so many seconds."
    )
    refuse_writes: bool = Field(
        False, description="Answer every write with an error: it is in the requests all the same."
    )
    latency: float = Field(0, ge=0, description="Seconds that each answer takes longer.")
    page_size: int = Field(10, ge=1, le=2000, description="The size of a page when the request names none.")
    build_version: str = "4.2.1-20231208154410"
    failed_log_ins: int = Field(20, ge=1, description="So many failed log-ins block an address.")
    block_seconds: float = Field(1800, ge=0)
    clock_skew: float = Field(900, ge=0, description="By how many seconds a signed request's Date may be off.")
