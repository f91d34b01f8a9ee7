# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Looking at OCP's tasks, without waiting for them."""

from . import _api
from ._errors import OcpError
from ._tasks import Tasks


def find(client, task_ids=None, status=None, name=None, host_id=None, limit=100, logs=False):
    """The result of ocp_task_info: the tasks with these ids, else the newest that fit the filters."""
    if limit < 1:
        raise OcpError("rejected", "limit: %d is less than 1." % limit)
    if task_ids is not None:
        tasks = known(client, task_ids)
        total = len(tasks)
    else:
        tasks = Tasks(client)
        found, total = _api.find_tasks(
            client, limit, status=",".join(status) if status else None, name=name or None, hostId=host_id
        )
        for raw in found:
            task = tasks.add(raw)
            # The list does not tell the host, unless it is asked for one.
            task.host_id = task.host_id or host_id
    tasks.order()
    if logs:
        tasks.read_logs(most=None)
    return {"changed": False, "tasks": tasks.public(), "total": total}


def known(client, task_ids):
    """The tasks with these ids, each looked at once; one that OCP does not know is an error."""
    tasks = Tasks(client)
    for task_id in task_ids:
        tasks.add_id(task_id)
    tasks.look()
    unknown = [str(task.id) for task in tasks if task.misses]
    if unknown:
        raise OcpError(
            "not_found",
            "task_ids: OCP knows no task %s." % ", ".join(unknown),
            task=tasks.reference(tasks.get(int(unknown[0]))),
            next="Look for it with obops.oceanbase.ocp_task_info, by name or host_id.",
        )
    return tasks


def gone(tasks):
    """The error for tasks that OCP has stopped to know, or None."""
    lost = [task for task in tasks if task.gone]
    if not lost:
        return None
    return OcpError(
        "not_found",
        "OCP does not know task %s any more. When it was seen last, it was %s."
        % (", ".join(str(task.id) for task in lost), lost[0].status),
        task=tasks.reference(lost[0]),
        next="Look in OCP what became of it.",
    )
