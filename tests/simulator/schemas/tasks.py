# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The three shapes of a task. Each has its own model, so that no call can respond with keys of another shape."""

from __future__ import annotations

from typing import Literal

from .base import Answered, Moment

Operation = Literal["EXECUTE", "RETRY", "ROLLBACK", "SKIP", "CANCEL", "ROLLBACK_SKIP"]
Kind = Literal["MANUAL", "SYS_ONECE", "SCHEDULED", "SYS_SCHEDULED"]


class Person(Answered):
    id: int
    name: str


class Reference(Answered):
    """The OB cluster or tenant that a task belongs to. It is empty if the task belongs to none."""

    id: int | None = None
    name: str | None = None


class BasicSubtask(Answered):
    id: int
    name: str
    description: str
    # Not an enumeration, since a fault may show an unknown status.
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
    """The task in responses to POSTs that start it. Only this shape has a host, and a context that may hold secrets."""

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
    """The task in responses to a GET of one task, to a retry and to a rollback."""

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
    """The task in the list of tasks."""

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
