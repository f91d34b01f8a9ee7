#!/usr/bin/python
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: ocp_obproxy_takeover
short_description: Take over OBProxies into OCP
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Takes over OBProxies that already run on hosts known to OCP into an OBProxy cluster, with OCP's call C(POST
    /api/v2/obproxy/clusters/{id}/takeOver), and waits for the resulting tasks.
  - All proxies are taken over in one call. A proxy that the cluster already manages is not changed. If OCP refuses the
    call because something else uses one of the hosts, the module takes over the others first, and that proxy when its
    host is free.
  - A takeover is never requested twice. If OCP's answer is lost, the module looks for the takeover in OCP instead of
    requesting it again. If a run was interrupted, the next run joins the tasks that are still running.
  - OCP may check every proxy before it answers. The call may therefore take a minute plus two seconds for each proxy,
    or O(request_timeout) if that is longer, but at most half of O(wait_timeout).
notes:
  - OCP resets the password of C(root@proxysys) to the cluster's, overwrites the proxy's parameters with the cluster's,
    and may restart the proxy.
  - OCP refuses a proxy, or its task fails, if the host has not been added to OCP, if the host has more than one obproxy
    process or package, or if the start mode or the OB clusters do not match those of the OBProxy cluster.
extends_documentation_fragment:
  - obops.oceanbase.connection
  - obops.oceanbase.waiting
  - obops.oceanbase.attributes
  - obops.oceanbase.attributes.ocp
attributes:
  check_mode:
    support: full
    details:
      - Sends GET requests only.
  diff_mode:
    support: full
    details:
      - Shows the proxies of the cluster before and after.
  idempotent:
    support: full
options:
  cluster_id:
    description:
      - The id of the OBProxy cluster that takes the proxies over.
      - Exactly one of O(cluster_id) and O(cluster) is required.
    type: int
  cluster:
    description:
      - The name of the OBProxy cluster that takes the proxies over.
    type: str
  hosts:
    description:
      - The proxies to take over.
    type: list
    elements: dict
    required: true
    suboptions:
      host_id:
        description:
          - The id of the proxy's host in OCP.
          - Exactly one of O(hosts[].host_id) and O(hosts[].host) is required.
        type: int
      host:
        description:
          - The address or the name of the proxy's host in OCP. Names match regardless of case, a trailing dot and
            surrounding blanks. IPv6 addresses match in any notation. Exactly one host must match.
        type: str
      sql_port:
        description:
          - The SQL port of the proxy.
        type: int
        default: 2883
      proxysys_password:
        description:
          - The password of C(root@proxysys), if it was changed.
          - Only newer versions of OCP accept it, so it is sent only if it is set.
          - A retry of a failed takeover uses the password that the takeover began with. To use another password, roll
            back the task with M(obops.oceanbase.ocp_task), then run this module again.
        type: str
  retries:
    description:
      - How often to retry a failed task in OCP before the module fails.
    type: int
    default: 0
seealso:
  - module: obops.oceanbase.ocp_obproxy_cluster_info
  - module: obops.oceanbase.ocp_host_info
  - module: obops.oceanbase.ocp_task_wait
  - module: obops.oceanbase.ocp_task
"""

EXAMPLES = r"""
- name: Take over two proxies
  obops.oceanbase.ocp_obproxy_takeover:
    ocp_url: http://ocp.example.com:8080
    ocp_username: admin
    ocp_password: "{{ ocp_password }}"
    cluster: demo
    hosts:
      - host: 10.0.0.11
      - host: 10.0.0.12
        sql_port: 3306
  delegate_to: localhost
  run_once: true

- name: Start a takeover without waiting for it, with OCP_URL, OCP_USERNAME and OCP_PASSWORD set
  obops.oceanbase.ocp_obproxy_takeover:
    cluster_id: 1
    hosts:
      - host_id: 3
        proxysys_password: "{{ proxysys_password }}"
    wait: false
  delegate_to: localhost
  run_once: true
"""

RETURN = r"""
cluster:
  description: The OBProxy cluster.
  returned: when it was found
  type: dict
  sample: {"id": 1, "name": "demo", "work_mode": "CONFIG_URL"}
hosts:
  description: The proxies, in the order given.
  returned: when they were found
  type: list
  elements: dict
  contains:
    host_id:
      description: The id of the host in OCP.
      type: int
      sample: 2
    address:
      description: The address of the host in OCP.
      type: str
      sample: 10.0.0.11
    name:
      description: The name of the host in OCP.
      type: str
      sample: proxy-1
    sql_port:
      description: The SQL port of the proxy.
      type: int
      sample: 2883
    cluster:
      description: The OBProxy cluster that takes the proxy over, with its C(id) and C(name).
      type: dict
      sample: {"id": 1, "name": "demo"}
    outcome:
      description:
        - V(taken_over), V(already_managed) by this cluster, V(failed), or V(would_take_over) in check mode.
        - V(submitted) if OCP is taking over the proxy, or if OCP did not answer and may still take it over.
      type: str
      sample: taken_over
    task_id:
      description:
        - The id of OCP's task for this proxy. Not set if someone else began the takeover and OCP shows no task for it.
          In a large takeover, only some of these tasks are looked up.
      type: int
      sample: 33001
tasks:
  description: OCP's tasks, in OCP's own words.
  returned: always
  type: list
  elements: dict
  sample:
    - id: 33001
      name: Install obproxy
      status: SUCCESSFUL
      operation: EXECUTE
      host_id: 2
      started: "2021-09-03T16:25:08.004+08:00"
      finished: "2021-09-03T16:25:31.112+08:00"
      subtasks:
        - id: 34801
          name: Prepare obproxy install
          status: SUCCESSFUL
          operation: EXECUTE
          upstreams: []
      failed_subtasks: []
      url: http://ocp.example.com:8080/task/33001
elapsed:
  description: How long it took, in seconds.
  returned: always
  type: float
  sample: 24.3
failure:
  description: What failed, as data.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - One of V(connection), V(tls), V(authentication), V(permission), V(not_found), V(conflict), V(rejected),
          V(task_failed), V(timeout), V(protocol).
      type: str
      sample: task_failed
    message:
      description: What is wrong, in one sentence.
      type: str
      sample: OCP's task 33001 (Install obproxy) FAILED at subtask 6 of 12, Start obproxy process for host 10.0.0.11.
    host:
      description: The host concerned, with its C(host_id), C(address) and C(name), if it is a single one.
      type: dict
      sample: {"host_id": 2, "address": "10.0.0.11", "name": "proxy-1"}
    task:
      description: The task concerned, with its C(id), C(name) and C(url).
      type: dict
      sample: {"id": 33001, "name": "Install obproxy", "url": "http://ocp.example.com:8080/task/33001"}
    subtask:
      description: The subtask that failed, with its C(id) and C(name).
      type: dict
      sample: {"id": 34798, "name": "Start obproxy process"}
    log:
      description: The end of the failed subtask's log.
      type: str
      sample: "cannot connect to 10.0.0.11:2883: Connection refused"
    next:
      description: What to do next.
      type: str
      sample: Fix the cause, then run this again.
"""

from typing import Any, Dict

from ..module_utils._ocp.client import Client
from ..module_utils._ocp.module import module_for, progress, run
from ..module_utils._ocp.takeover import Takeover


def main() -> None:
    module = module_for(
        {
            "cluster_id": {"type": "int"},
            "cluster": {"type": "str"},
            "hosts": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "host_id": {"type": "int"},
                    "host": {"type": "str"},
                    "sql_port": {"type": "int", "default": 2883},
                    "proxysys_password": {"type": "str", "no_log": True},
                },
                "mutually_exclusive": [("host_id", "host")],
                "required_one_of": [("host_id", "host")],
            },
            "retries": {"type": "int", "default": 0},
        },
        waiting=True,
        mutually_exclusive=[("cluster_id", "cluster")],
        required_one_of=[("cluster_id", "cluster")],
        supports_check_mode=True,
    )
    params = module.params

    def take_over(client: Client) -> Dict[str, Any]:
        takeover = Takeover(
            client,
            params["cluster_id"],
            params["cluster"],
            params["hosts"],
            progress=progress(client),
            retries=params["retries"],
            interval=params["wait_interval"],
        )
        return takeover.run(check=module.check_mode, wait=params["wait"])

    run(module, take_over)


if __name__ == "__main__":
    main()
