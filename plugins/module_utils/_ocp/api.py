# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""OCP's calls, by the names of its API reference.

Answers are read tolerantly: a missing key means null, extra keys are ignored, and numbers may be strings.
"""

from typing import Any, Dict, Iterable, List, Optional, Tuple
from urllib.parse import quote

from .client import Client
from .errors import OcpError
from .objects import Cluster, Host, Parameter, read, read_all
from .response import PAGE_SIZE
from .values import id_of, integer

CLUSTERS = "/api/v2/obproxy/clusters"
HOSTS = "/api/v2/compute/hosts"
TASKS = "/api/v2/tasks/instances"
#: What a host belongs to, or is added with, by the names of the options.
RESOURCES = {
    "region": "/api/v2/compute/regions",
    "idc": "/api/v2/compute/idcs",
    "host_type": "/api/v2/compute/hostTypes",
    # Not in any reference, but open clients of OCP use it.
    "credential": "/api/v2/profiles/me/credentials",
}


def clusters(client: Client) -> List[Cluster]:
    """All OBProxy clusters, each with its obproxies."""
    return read_all(Cluster, client.list(CLUSTERS))


def create_cluster(client: Client, body: Dict[str, Any], timeout: float) -> List[Dict[str, Any]]:
    """Creates an OBProxy cluster by a task. The answer lacks its id, so it is found by its name when the task has
    ended."""
    return tasks_in(client.post(CLUSTERS, body, timeout=timeout))


def change_cluster(client: Client, cluster_id: int, changes: Dict[str, Any]) -> None:
    client.patch("%s/%d" % (CLUSTERS, cluster_id), changes)


def add_ob_links(client: Client, cluster_id: int, links: List[Dict[str, Any]]) -> None:
    path = "%s/%d/obLinks/batchAdd" % (CLUSTERS, cluster_id)
    try:
        client.post(path, links)
    except OcpError as error:
        if error.status != 400:
            raise
        # The newest reference describes the body in two ways.
        try:
            client.post(path, {"obLinks": links})
        except OcpError as second:
            raise error if second.status == 400 else second from None


def remove_ob_link(client: Client, cluster_id: int, cluster_name: str) -> None:
    client.delete("%s/%d/obLinks/%s" % (CLUSTERS, cluster_id, quote(cluster_name, safe="")))


def delete_cluster(client: Client, cluster_id: int) -> List[Dict[str, Any]]:
    """Deletes an OBProxy cluster by a task, which uninstalls all its proxies."""
    return tasks_in(client.delete("%s/%d" % (CLUSTERS, cluster_id)))


def parameters(client: Client, cluster_id: int) -> List[Parameter]:
    """The parameters of an OBProxy cluster, which a proxy gets when it is taken over."""
    return [read(Parameter, raw) for raw in client.list("%s/%d/parameters" % (CLUSTERS, cluster_id))]


def hosts(client: Client) -> List[Host]:
    """All hosts that OCP knows."""
    return read_all(Host, client.list(HOSTS))


def add_hosts(client: Client, body: Dict[str, Any], timeout: float) -> List[Dict[str, Any]]:
    """Adds hosts to OCP, each by a task of its own."""
    return tasks_in(client.post(HOSTS + "/batchCreate", body, timeout=timeout))


def delete_hosts(client: Client, host_ids: List[int]) -> None:
    """Deletes hosts from OCP, at once."""
    client.post(HOSTS + "/batchDelete", {"hostIdList": host_ids})


def resources(client: Client, option: str) -> List[Dict[str, Any]]:
    """OCP's regions, IDCs, host types, or the credentials of this user for hosts."""
    filters = {"targetType": "HOST"} if option == "credential" else {}
    return client.list(RESOURCES[option], **filters)


def make_idc(client: Client, name: str, region_id: int) -> None:
    client.post(RESOURCES["idc"], {"name": name, "regionId": region_id})


def take_over(client: Client, cluster_id: int, proxies: Iterable[Any], timeout: float) -> List[Dict[str, Any]]:
    """Takes over proxies (see plan.Proxy) in one call. timeout: how long the answer may take, in seconds."""
    hosts = []
    for proxy in proxies:
        entry = {"hostId": proxy.host_id, "sqlPort": proxy.sql_port}
        if proxy.password:
            # Newer OCPs accept it; an older one might refuse an unknown key.
            entry["proxysysPasswd"] = proxy.password
        hosts.append(entry)
    return tasks_in(client.post("%s/%d/takeOver" % (CLUSTERS, cluster_id), {"hosts": hosts}, timeout=timeout))


def tasks_in(data: Any) -> List[Dict[str, Any]]:
    """The tasks of an answer. According to the reference it is a task, according to its samples it is contents:
    [task]."""
    found = data
    if isinstance(data, dict) and "contents" in data:
        found = data["contents"]
    elif isinstance(data, dict):
        found = [data]
    tasks = [task for task in found if isinstance(task, dict) and integer(task.get("id")) is not None] if found else []
    if not tasks:
        raise OcpError("protocol", "OCP's answer does not contain the documented task.", maybe_done=True)
    return tasks


def task(client: Client, task_id: int) -> Any:
    return client.get("%s/%d" % (TASKS, task_id))


def running_tasks(client: Client) -> List[Dict[str, Any]]:
    return client.list(TASKS, status="RUNNING")


def tasks_of_host(client: Client, host_id: int, size: int = 20) -> List[Dict[str, Any]]:
    """The newest tasks of a host, newest first."""
    found = next(client.pages(TASKS, hostId=host_id, sort="id,desc", size=size))[0]
    tasks = [task for task in found if id_of(task) is not None]
    return sorted(tasks, key=lambda task: id_of(task) or 0, reverse=True)


def find_tasks(client: Client, most: int, **filters: Any) -> Tuple[List[Dict[str, Any]], int]:
    """The newest tasks that OCP's list shows for these filters, and how many there are in all."""
    found, there = [], 0
    for contents, total in client.pages(TASKS, size=min(most, PAGE_SIZE), sort="id,desc", **filters):
        found += [task for task in contents if id_of(task) is not None]
        there = total
        if len(found) >= most:
            break
    return found[:most], there


def retry_task(client: Client, task_id: int) -> Any:
    return operate(client, task_id, "retry")


def operate(client: Client, task_id: int, operation: str, subtask_id: Optional[int] = None) -> Any:
    """Retries or rolls back a task, or retries, skips or cancels a subtask. The answers differ."""
    path = "%s/%d" % (TASKS, task_id)
    if subtask_id is not None:
        path += "/subtasks/%d" % subtask_id
    return client.post("%s/%s" % (path, operation))


def subtask_log(client: Client, task_id: int, subtask_id: int) -> Optional[str]:
    """A subtask's log as text, or None."""
    data = client.get("%s/%d/subtasks/%d/log" % (TASKS, task_id, subtask_id))
    log = data.get("log") if isinstance(data, dict) else data
    return log if isinstance(log, str) else None
