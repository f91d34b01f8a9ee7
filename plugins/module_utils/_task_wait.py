# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Waiting for tasks that somebody has started: until all have ended, or until something changes."""

from ._errors import OcpError
from ._task_info import gone, known
from ._wait import failure_of, wait_for


def wait_for_ids(client, task_ids, progress, until="finished", interval=5, wait=True):
    """The result of ocp_task_wait. A failed task is an OcpError, with the result as far as it came."""
    started = client.limit.elapsed
    tasks = known(client, task_ids)
    progress.looked(tasks)
    before = _states(tasks)
    # Finished is the default of wait_for.
    changed = (lambda: not tasks.unfinished or _states(tasks) != before) if until == "progress" else None
    try:
        if wait:
            wait_for(
                tasks,
                client.limit,
                interval,
                pace=lambda: client.pace,
                on_look=lambda: progress.looked(tasks),
                until=changed,
            )
        judge(tasks)
    except OcpError as error:
        error.result = _result(client, tasks, started)
        raise
    return _result(client, tasks, started)


def judge(tasks):
    """Raises an OcpError when a task has failed or is gone."""
    if tasks.failed:
        tasks.read_logs()
        raise failure_of(tasks.failed, tasks)
    lost = gone(tasks)
    if lost:
        raise lost


def _result(client, tasks, started):
    return {
        "changed": False,
        "tasks": tasks.public(),
        "finished": not tasks.unfinished,
        "elapsed": round(client.limit.elapsed - started, 1),
    }


def _states(tasks):
    """What counts as a change: the state of any task or subtask."""
    return [
        (task.id, task.gone, task.status, task.operation, sorted((s["id"], s["status"]) for s in task.subtasks))
        for task in tasks
    ]
