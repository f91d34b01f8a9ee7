# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task's three shapes. What a shape lacks is not in its model: no call can answer with another call's keys."""

from __future__ import annotations

from typing import Literal

from .base import Answered, Moment

Operation = Literal["EXECUTE", "RETRY", "ROLLBACK", "SKIP", "CANCEL", "ROLLBACK_SKIP"]
Kind = Literal["MANUAL", "SYS_ONECE", "SCHEDULED", "SYS_SCHEDULED"]


class Person(Answered):
    id: int
    name: str


class Reference(Answered):
    """An OB cluster or tenant that a task belongs to: empty for a task that belongs to none."""

    id: int | None = None
    name: str | None = None


class BasicSubtask(Answered):
    id: int
    name: str
    description: str
    # Not an enumeration: a fault may show a status that nobody has heard of.
    status: str
    operation: Operation


class Subtask(BasicSubtask):
    class_name: str
    series_id: int
    node_type: str
    timeout: int
    run_time: int
    start_time: Moment | None = None
    finish_time: Moment | None = None
    parallel_idx: int
    prohibit_rollback: bool
    upstreams: list[int]
    downstreams: list[int]


class Context(Answered):
    list_map: dict[str, list[str]]
    string_map: dict[str, str]
    parallel: bool
    parallel_idx: int


class TaskInstance(Answered):
    """In answers to POSTs that start a task: the only shape with a host, and with a context that may hold secrets."""

    id: int
    name: str
    type: Kind
    status: str
    operation: Operation
    creator: str
    executor: str
    host_id: int | None = None
    cluster_id: int | None = None
    tenant_id: int | None = None
    context: Context | str
    create_time: Moment | None = None
    start_time: Moment | None = None
    finish_time: Moment | None = None
    prohibit_rollback: bool | None = None
    task_definition_id: int
    subtasks: list[Subtask]


class WrappedTaskInstance(Answered):
    """In answers to GET of one task, to retry and to rollback."""

    id: int
    name: str
    task_definition_id: int
    type: Kind
    status: str
    operation: Operation
    executor: str
    prohibit_rollback: bool
    create_time: Moment
    start_time: Moment | None = None
    finish_time: Moment | None = None
    creator: Person
    cluster: Reference
    tenant: Reference
    subtasks: list[Subtask]


class BasicTaskInstance(Answered):
    """In the list of tasks."""

    id: int
    name: str
    status: str
    start_time: Moment | None = None
    finish_time: Moment | None = None
    creator: Person
    cluster: Reference
    tenant: Reference
    subtasks: list[BasicSubtask]


class SubtaskLog(Answered):
    log: str
