# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""OCP's calls, by the names of its API reference, and how its objects are read.

Answers are read tolerantly: a key that is absent means null, extra keys do not matter, and numbers may be strings.
"""

from ._answer import PAGE_SIZE
from ._errors import OcpError

CLUSTERS = "/api/v2/obproxy/clusters"
HOSTS = "/api/v2/compute/hosts"
TASKS = "/api/v2/tasks/instances"


def clusters(client):
    """All OBProxy clusters, each with its obproxies."""
    return client.list(CLUSTERS)


def hosts(client):
    """All hosts that OCP knows."""
    return client.list(HOSTS)


def take_over(client, cluster_id, proxies):
    """Has OCP take over proxies, a list of (host id, SQL port, root@proxysys password or None), in one call."""
    body = []
    for host_id, sql_port, password in proxies:
        entry = {"hostId": host_id, "sqlPort": sql_port}
        if password:
            # Newer OCPs take it; an older one might refuse a key that it does not know.
            entry["proxysysPasswd"] = password
        body.append(entry)
    return tasks_in(client.post("%s/%d/takeOver" % (CLUSTERS, cluster_id), {"hosts": body}))


def tasks_in(data):
    """The tasks of an answer, which the reference says is a task and its samples say are contents: [task]."""
    found = data
    if isinstance(data, dict) and "contents" in data:
        found = data["contents"]
    elif isinstance(data, dict):
        found = [data]
    tasks = [task for task in found if isinstance(task, dict) and integer(task.get("id")) is not None] if found else []
    if not tasks:
        raise OcpError("protocol", "OCP's answer holds no task where one is documented.", maybe_done=True)
    return tasks


def task(client, task_id):
    return client.get("%s/%d" % (TASKS, task_id))


def running_tasks(client):
    return client.list(TASKS, status="RUNNING")


def tasks_of_host(client, host_id, size=20):
    """The newest tasks of a host, newest first."""
    found = next(client.pages(TASKS, hostId=host_id, sort="id,desc", size=size))[0]
    return sorted((task for task in found if integer(task.get("id")) is not None), key=id_of, reverse=True)


def find_tasks(client, most, **filters):
    """The newest tasks that OCP's list shows for these filters, and how many there are in all."""
    found, there = [], 0
    for contents, total in client.pages(TASKS, size=min(most, PAGE_SIZE), sort="id,desc", **filters):
        found += [task for task in contents if id_of(task) is not None]
        there = total
        if len(found) >= most:
            break
    return found[:most], there


def retry_task(client, task_id):
    return operate(client, task_id, "retry")


def operate(client, task_id, operation, subtask_id=None):
    """Has OCP retry or roll back a task, or retry, skip or cancel a subtask. What it answers differs."""
    path = "%s/%d" % (TASKS, task_id)
    if subtask_id is not None:
        path += "/subtasks/%d" % subtask_id
    return client.post("%s/%s" % (path, operation))


def subtask_log(client, task_id, subtask_id):
    """A subtask's log as text, or None."""
    data = client.get("%s/%d/subtasks/%d/log" % (TASKS, task_id, subtask_id))
    log = data.get("log") if isinstance(data, dict) else data
    return log if isinstance(log, str) else None


def integer(value):
    """An id or a port as an integer, or None."""
    if isinstance(value, bool):
        return None
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return None


def text(value):
    return value if isinstance(value, str) else None


def items(value):
    """The objects of a list that may be absent."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def id_of(item):
    return integer(item.get("id"))
