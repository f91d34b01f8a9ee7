#!/usr/bin/python
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: ocp_task_info
short_description: Get information about OCP tasks
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Gets OCP tasks with their subtasks, by id or by their properties.
  - The module does not wait for tasks, and does not fail if a task has failed. Use M(obops.oceanbase.ocp_task_wait) for
    that.
extends_documentation_fragment:
  - obops.oceanbase.connection
  - obops.oceanbase.attributes
  - obops.oceanbase.attributes.info
  - obops.oceanbase.attributes.ocp
options:
  task_ids:
    description:
      - The ids of the tasks to get. If OCP does not know an id, the module fails unless O(ignore_unknown=true).
      - If O(task_ids) is not set, the module returns the newest tasks that match all of O(status), O(name) and
        O(host_id).
    type: list
    elements: int
  ignore_unknown:
    description:
      - Whether to ignore ids in O(task_ids) that OCP does not know. RV(unknown) lists them.
    type: bool
    default: false
  status:
    description:
      - Return only tasks in one of these states.
    type: list
    elements: str
    choices: [RUNNING, FAILED, SUCCESSFUL]
  name:
    description:
      - Return only tasks with this text in their names. OCP's own search decides what matches.
    type: str
  host_id:
    description:
      - Return only tasks that concern the host with this id in OCP; see M(obops.oceanbase.ocp_host_info).
    type: int
  limit:
    description:
      - The maximum number of tasks to return, the newest first. RV(total) is the number of all matching tasks.
    type: int
    default: 100
  logs:
    description:
      - Whether to get the end of the log of each failed subtask. This takes one more request for each of them.
      - OCP writes the context of a task, which may contain passwords, to each log. The module removes this part.
    type: bool
    default: false
  hosts:
    description:
      - Whether to find out which hosts the tasks concern if OCP's answer does not contain them. This takes one more
        request, and one for each host with an OBProxy that OCP is taking over, at most 20.
    type: bool
    default: false
seealso:
  - module: obops.oceanbase.ocp_task_wait
  - module: obops.oceanbase.ocp_task
"""

EXAMPLES = r"""
- name: Find failed tasks and why they failed
  obops.oceanbase.ocp_task_info:
    ocp_url: http://ocp.example.com:8080
    ocp_username: admin
    ocp_password: "{{ ocp_password }}"
    status: [FAILED]
    limit: 10
    logs: true
  delegate_to: localhost
  run_once: true
  register: answer

- name: Show the last lines of their logs
  ansible.builtin.debug:
    msg: "{{ answer.tasks | map(attribute='failed_subtasks') | flatten | map(attribute='log') }}"

- name: Get one task, with OCP_URL, OCP_USERNAME and OCP_PASSWORD set
  obops.oceanbase.ocp_task_info:
    task_ids: [33001]
  delegate_to: localhost
  run_once: true
"""

RETURN = r"""
tasks:
  description: The tasks, the newest first, or in the order of O(task_ids).
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The id of the task.
      type: int
      sample: 33001
    name:
      description: The name of the task.
      type: str
      sample: Install obproxy
    status:
      description:
        - V(RUNNING), V(FAILED) or V(SUCCESSFUL). A task that has been rolled back is also V(SUCCESSFUL), with the
          operation V(ROLLBACK) and V(PENDING) subtasks.
      type: str
      sample: FAILED
    operation:
      description:
        - The current or last operation, V(EXECUTE), V(RETRY), V(ROLLBACK), V(SKIP) or V(CANCEL). Empty if the tasks
          were not requested by O(task_ids), since OCP's list does not contain it.
      type: str
      sample: EXECUTE
    host_id:
      description: The id of the task's host in OCP, if it is known; see O(hosts).
      type: int
      sample: 2
    started:
      description: When the task started.
      type: str
      sample: "2026-11-24T00:34:53.985+08:00"
    finished:
      description: When the task ended. Empty while it is running, also if it is running again.
      type: str
      sample: "2026-11-24T00:34:54.485+08:00"
    subtasks:
      description: Its subtasks in the order of execution.
      type: list
      elements: dict
      contains:
        id:
          description: The id of the subtask.
          type: int
          sample: 34798
        name:
          description: The name of the subtask.
          type: str
          sample: Start obproxy process
        status:
          description:
            - V(PENDING), V(READY), V(RUNNING), V(CANCELING), V(FAILED) or V(SUCCESSFUL).
          type: str
          sample: FAILED
        operation:
          description: The current or last operation, as for the task.
          type: str
          sample: EXECUTE
        upstreams:
          description: The ids of the subtasks directly before this one. Empty for all subtasks if OCP does not show
            them.
          type: list
          elements: int
          sample: [34797]
    failed_subtasks:
      description: The failed subtasks, each with the end of its log if O(logs=true).
      type: list
      elements: dict
      sample:
        - id: 34798
          name: Start obproxy process
          log: "ERROR cannot connect to 10.0.0.11:2883: Connection refused"
    url:
      description: The URL of the task in OCP's console.
      type: str
      sample: http://ocp.example.com:8080/task/33001
unknown:
  description: The ids of O(task_ids) that OCP does not know.
  returned: success
  type: list
  elements: int
  sample: []
total:
  description: The total number of matching tasks.
  returned: success
  type: int
  sample: 1
failure:
  description:
    - What failed, as data, with the keys of RV(obops.oceanbase.ocp_obproxy_takeover#module:failure).
  returned: failure
  type: dict
  sample: {"kind": "not_found", "message": "task_ids: OCP knows no task 33009."}
"""

from ..module_utils._ocp.module import module_for, run
from ..module_utils._ocp.tasks import find

FILTERS = {
    "status": {"type": "list", "elements": "str", "choices": ["RUNNING", "FAILED", "SUCCESSFUL"]},
    "name": {"type": "str"},
    "host_id": {"type": "int"},
}


def main() -> None:
    module = module_for(
        dict(
            FILTERS,
            task_ids={"type": "list", "elements": "int"},
            ignore_unknown={"type": "bool", "default": False},
            limit={"type": "int", "default": 100},
            logs={"type": "bool", "default": False},
            hosts={"type": "bool", "default": False},
        ),
        mutually_exclusive=[("task_ids", name) for name in FILTERS],
        supports_check_mode=True,
    )
    params = module.params
    run(
        module,
        lambda client: find(
            client,
            params["task_ids"],
            ignore_unknown=params["ignore_unknown"],
            status=params["status"],
            name=params["name"],
            host_id=params["host_id"],
            limit=params["limit"],
            logs=params["logs"],
            hosts=params["hosts"],
        ),
    )


if __name__ == "__main__":
    main()
