# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults of tasks, for example to make a task fail, hang, vanish, or show an unknown status."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class TaskFault(BaseModel):
    """A fault of the next task of a host (or of any host), or with `times: null` of every task."""

    model_config = ConfigDict(extra="forbid")

    id: int | None = Field(None, description="Given by the simulator.")
    host: int | str | None = Field(None, description="Id, address or name; none: whichever comes first.")
    times: int | None = Field(1, ge=1, description="So many tasks get it; null: all of them.")
    kind: Literal["fail", "hang", "vanish", "status", "pace", "rolled_back"]
    subtask: int = Field(1, ge=1, le=12, description="At which subtask, from 1 in the order of execution.")
    attempts: int | None = Field(
        1, ge=1, description="fail: so many runs of the subtask fail, then a retry gets through; null: every one fails."
    )
    log: str | None = Field(None, description="fail, rolled_back: the last lines of the subtask's log.")
    status: str | None = Field(None, description="status: what the subtask shows while it runs.")
    task_status: str | None = Field(None, description="status: what the task shows meanwhile.")
    during_rollback: bool = Field(False, description="It hits the task's rollback and not its execution.")
    stay: bool = Field(False, description="status: it stays so for ever.")
    seconds: float | None = Field(None, ge=0, description="pace: how long the whole task takes; 0: it is done at once.")

    @model_validator(mode="after")
    def _complete(self) -> TaskFault:
        if self.kind == "status" and not (self.status or self.task_status):
            raise ValueError("kind status needs a status or a task_status to show")
        if self.kind == "pace" and self.seconds is None:
            raise ValueError("kind pace needs seconds")
        return self
