#!/usr/bin/python
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: ocp_task
short_description: Retry or roll back a task of OCP
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Has OCP go on with a task that failed, undo it, or skip, retry or cancel one of its subtasks; then waits for the end
    of the task and shows live what happens.
  - It looks at the task first. What has been done already, or is being done, is not asked for again. An answer that got
    lost is looked for in OCP instead of being asked for again.
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
    support: none
  idempotent:
    support: full
    details:
      - A task in which nothing is left to retry, or that has been rolled back, is not changed.
options:
  task_id:
    description:
      - The id of the task.
    type: int
    required: true
  operation:
    description:
      - What OCP is to do.
      - With V(retry) it goes on with a task that failed, from the subtask that failed, or runs the one subtask again.
      - With V(rollback) it undoes what a task that failed has done. OCP forbids it for some tasks.
      - With V(skip) it goes on behind a subtask that failed. OCP forbids it for some subtasks.
      - With V(cancel) it ends a subtask that runs, and so the task, which then counts as failed. That is no failure of
        this module.
    type: str
    choices: [retry, rollback, skip, cancel]
    required: true
  subtask_id:
    description:
      - The id of the one subtask that is meant, as RV(tasks[].subtasks[].id) tells it.
      - Required for O(operation=skip) and O(operation=cancel), possible for O(operation=retry).
    type: int
  wait:
    description:
      - Whether to wait for the end of the task. With V(false) a task that fails again is not noticed.
seealso:
  - module: obops.oceanbase.ocp_task_info
  - module: obops.oceanbase.ocp_task_wait
  - module: obops.oceanbase.ocp_obproxy_takeover
    description: Has a way of its own to retry tasks that fail, O(obops.oceanbase.ocp_obproxy_takeover#module:retries).
"""

EXAMPLES = r"""
- name: Go on with a task that failed, now that its cause is mended
  obops.oceanbase.ocp_task:
    ocp_url: http://ocp.example.com:8080
    ocp_username: admin
    ocp_password: "{{ ocp_password }}"
    task_id: 33001
    operation: retry
  delegate_to: localhost
  run_once: true

- name: Undo what another one has done; OCP_URL, OCP_USERNAME and OCP_PASSWORD are set
  obops.oceanbase.ocp_task:
    task_id: 33002
    operation: rollback
  delegate_to: localhost
  run_once: true

- name: Look at which subtask a third one failed
  obops.oceanbase.ocp_task_info:
    task_ids: [33003]
  delegate_to: localhost
  run_once: true
  register: answer

- name: Go on behind it
  obops.oceanbase.ocp_task:
    task_id: 33003
    operation: skip
    subtask_id: "{{ answer.tasks[0].failed_subtasks[0].id }}"
  delegate_to: localhost
  run_once: true
"""

RETURN = r"""
tasks:
  description: The task as it stands now, in a list. After a failure, too.
  returned: when it was found
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
      description: V(RUNNING), V(FAILED) or V(SUCCESSFUL).
      type: str
      sample: SUCCESSFUL
    operation:
      description:
        - What it does or did last, V(EXECUTE), V(RETRY), V(ROLLBACK), V(SKIP) or V(CANCEL). OCP's list does not tell
          it; then it is empty.
      type: str
      sample: RETRY
    host_id:
      description: The id of the task's host in OCP, where it is known.
      type: int
      sample: 2
    started:
      description: When it was started.
      type: str
      sample: "2026-11-24T00:34:53.985+08:00"
    finished:
      description: When it ended, if it has.
      type: str
      sample: "2026-11-24T00:35:07.955+08:00"
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
          sample: SUCCESSFUL
        operation:
          description: What it does or did last, like the task's own.
          type: str
          sample: RETRY
    failed_subtasks:
      description: The subtasks that failed, each with the end of its log where it was read.
      type: list
      elements: dict
      sample: []
    url:
      description: The address of the task in OCP's API.
      type: str
      sample: http://ocp.example.com:8080/api/v2/tasks/instances/33001
elapsed:
  description: How long it took, in seconds.
  returned: always
  type: float
  sample: 13.8
failure:
  description:
    - What failed, as data, with the keys of RV(obops.oceanbase.ocp_obproxy_takeover#module:failure).
  returned: failure
  type: dict
  sample:
    kind: rejected
    message: "operation: rollback needs one that is FAILED, and this is task 33002 (Install obproxy) SUCCESSFUL."
"""

from ..module_utils import _module
from ..module_utils._operation import STATES, Operation


def main():
    module = _module.module_for(
        {
            "task_id": {"type": "int", "required": True},
            "operation": {"type": "str", "choices": list(STATES), "required": True},
            "subtask_id": {"type": "int"},
        },
        waiting=True,
        required_if=[("operation", "skip", ["subtask_id"]), ("operation", "cancel", ["subtask_id"])],
        supports_check_mode=True,
    )
    params = module.params

    def operate(client):
        operation = Operation(
            client,
            params["task_id"],
            params["operation"],
            params["subtask_id"],
            progress=_module.progress(client),
            interval=params["wait_interval"],
        )
        return operation.run(check=module.check_mode, wait=params["wait"])

    _module.run(module, operate)


if __name__ == "__main__":
    main()
