# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings, which can be changed while the simulator runs."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class RateLimit(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: int = Field(ge=1)
    window: float = Field(gt=0)


class Refusal(BaseModel):
    """Refuses the next `calls` takeovers (null means all of them)."""

    model_config = ConfigDict(extra="forbid")

    code: int | str
    status: int | None = Field(None, ge=400, le=599, description="None: the one that goes with the code.")
    message: str = "Refused, as ordered."
    calls: int | None = Field(None, ge=0, description="So many are left.")


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
    unstated_status: Literal[400, 409, 500] = Field(
        500, description="The HTTP status of errors whose kind OCP does not state, such as most refusals."
    )
    unknown_path: Literal["error", "html"] = Field(
        "error", description="What an unknown API path answers: 400, or 200 with the console's page."
    )
    takeover_refusals: list[Refusal] = Field(
        default_factory=list, description="Refuse takeovers with these codes, one after the other."
    )
    takeover_answer_after: float = Field(
        0, ge=0, description="Takeovers begin, and are answered, only after so many seconds."
    )
    host_filter_finds_takeovers: bool = Field(
        True, description="Whether the list of tasks finds takeovers by hostId: OCP's may not."
    )
    engine_retries: int = Field(
        0, ge=0, description="How often the engine tries a failed subtask again by itself: its task runs on meanwhile."
    )
    other_tasks: int = Field(2, ge=0, description="Tasks of other people that always run: backups, inspections.")
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
    failed_log_ins: int = Field(20, ge=1, description="So many failed logins block an address.")
    block_seconds: float = Field(1800, ge=0)
    clock_skew: float = Field(900, ge=0, description="By how many seconds a signed request's Date may be off.")
