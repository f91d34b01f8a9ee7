#!/usr/bin/python
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: ocp_task
short_description: Retry, roll back, skip or cancel an OCP task
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Retries or rolls back a failed task, or retries, skips or cancels one of its subtasks. Then it waits for the task to
    end and shows the progress live.
  - The module checks the task first. It does not request what has already been done or is under way. If OCP's answer is
    lost, the module looks for the operation in OCP instead of requesting it again.
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
      - Does not change a task with nothing left to retry, a task that has been rolled back, or a subtask that has been
        skipped or cancelled.
options:
  task_id:
    description:
      - The id of the task.
    type: int
    required: true
  operation:
    description:
      - The operation to request.
      - V(retry) continues a failed task at the subtask that failed, or runs only the given subtask again. OCP does not
        retry a task after a rollback.
      - V(rollback) undoes what a failed task has done. OCP does not allow it for some tasks.
      - V(skip) continues after a failed subtask. OCP does not allow it for some subtasks.
      - V(cancel) ends a running subtask, and with it the task, which then counts as failed. The module does not fail
        because of this. If the subtask is about to run, the module waits until it does, since OCP only cancels running
        subtasks.
    type: str
    choices: [retry, rollback, skip, cancel]
    required: true
  subtask_id:
    description:
      - The id of the subtask, as M(obops.oceanbase.ocp_task_info) returns it.
      - Required for O(operation=skip) and O(operation=cancel), optional for O(operation=retry).
    type: int
  wait:
    description:
      - Whether to wait for the task to end. With V(false), the module does not notice if the task fails again.
seealso:
  - module: obops.oceanbase.ocp_task_info
  - module: obops.oceanbase.ocp_task_wait
  - module: obops.oceanbase.ocp_obproxy_takeover
    description: Can retry failed tasks by itself, see O(obops.oceanbase.ocp_obproxy_takeover#module:retries).
"""

EXAMPLES = r"""
- name: Retry a failed task after fixing its cause
  obops.oceanbase.ocp_task:
    ocp_url: http://ocp.example.com:8080
    ocp_username: admin
    ocp_password: "{{ ocp_password }}"
    task_id: 33001
    operation: retry
  delegate_to: localhost
  run_once: true

- name: Roll back another task, with OCP_URL, OCP_USERNAME and OCP_PASSWORD set
  obops.oceanbase.ocp_task:
    task_id: 33002
    operation: rollback
  delegate_to: localhost
  run_once: true

- name: Find the failed subtask of a third task
  obops.oceanbase.ocp_task_info:
    task_ids: [33003]
  delegate_to: localhost
  run_once: true
  register: answer

- name: Skip this subtask
  obops.oceanbase.ocp_task:
    task_id: 33003
    operation: skip
    subtask_id: "{{ answer.tasks[0].failed_subtasks[0].id }}"
  delegate_to: localhost
  run_once: true
"""

RETURN = r"""
tasks:
  description:
    - The task as it is now, as a list with the keys of RV(obops.oceanbase.ocp_task_info#module:tasks). Also returned
      after a failure.
  returned: when the task was found
  type: list
  elements: dict
  sample:
    - id: 33001
      name: Install obproxy
      status: SUCCESSFUL
      operation: RETRY
      host_id: 2
      started: "2026-11-24T00:34:53.985+08:00"
      finished: "2026-11-24T00:35:07.955+08:00"
      subtasks:
        - id: 34798
          name: Start obproxy process
          status: SUCCESSFUL
          operation: RETRY
          upstreams: []
      failed_subtasks: []
      url: http://ocp.example.com:8080/task/33001
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
    message: "operation: rollback requires the status FAILED, but this is task 33002 (Install obproxy) SUCCESSFUL."
"""

from typing import Any, Dict

from ..module_utils._ocp.client import Client
from ..module_utils._ocp.module import module_for, progress, run
from ..module_utils._ocp.operable import STATES
from ..module_utils._ocp.operation import Operation


def main() -> None:
    module = module_for(
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

    def operate(client: Client) -> Dict[str, Any]:
        operation = Operation(
            client,
            progress(client),
            params["task_id"],
            params["operation"],
            params["subtask_id"],
            interval=params["wait_interval"],
        )
        return operation.run(check=module.check_mode, wait=params["wait"])

    run(module, operate)


if __name__ == "__main__":
    main()
