#!/usr/bin/python
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: ocp_task_wait
short_description: Wait for OCP tasks
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Waits until OCP tasks have ended, regardless of who started them, and shows the progress live.
  - If a task fails, the module fails with the end of the log and what to do next. It also fails if a task is rolled
    back while the module waits for it.
extends_documentation_fragment:
  - obops.oceanbase.connection
  - obops.oceanbase.waiting
  - obops.oceanbase.attributes
  - obops.oceanbase.attributes.info
  - obops.oceanbase.attributes.ocp
attributes:
  check_mode:
    details:
      - This module does not modify state. In check mode, it checks the tasks once and does not wait.
options:
  task_ids:
    description:
      - The ids of the tasks to wait for. The module fails if OCP does not know one of them.
    type: list
    elements: int
    required: true
  until:
    description:
      - What to wait for.
      - V(finished) waits until all tasks have ended, whether they failed or not.
      - V(progress) waits until the state of any task or subtask differs from its state at the first check. If all tasks
        have ended, it does not wait.
    type: str
    choices: [finished, progress]
    default: finished
  wait:
    description:
      - Whether to wait. With V(false), the module checks the tasks once.
seealso:
  - module: obops.oceanbase.ocp_task_info
  - module: obops.oceanbase.ocp_task
  - module: obops.oceanbase.ocp_obproxy_takeover
"""

EXAMPLES = r"""
- name: Wait for two tasks, an hour at most
  obops.oceanbase.ocp_task_wait:
    ocp_url: http://ocp.example.com:8080
    ocp_username: admin
    ocp_password: "{{ ocp_password }}"
    task_ids: [33001, 33002]
    wait_timeout: 3600
  delegate_to: localhost
  run_once: true

- name: Start a takeover, with OCP_URL, OCP_USERNAME and OCP_PASSWORD set
  obops.oceanbase.ocp_obproxy_takeover:
    cluster: demo
    hosts:
      - host: 10.0.0.11
    wait: false
  delegate_to: localhost
  run_once: true
  register: started

- name: Wait for the takeover to end
  obops.oceanbase.ocp_task_wait:
    task_ids: "{{ started.tasks | map(attribute='id') }}"
  delegate_to: localhost
  run_once: true
"""

RETURN = r"""
tasks:
  description:
    - The tasks as they are now, in the order of O(task_ids), with the keys of
      RV(obops.oceanbase.ocp_task_info#module:tasks). Also returned after a failure.
  returned: when all tasks were found
  type: list
  elements: dict
  sample:
    - id: 33001
      name: Install obproxy
      status: SUCCESSFUL
      operation: EXECUTE
      host_id: 2
      started: "2026-11-24T00:34:53.985+08:00"
      finished: "2026-11-24T00:35:07.955+08:00"
      subtasks:
        - id: 34798
          name: Start obproxy process
          status: SUCCESSFUL
          operation: EXECUTE
          upstreams: []
      failed_subtasks: []
      url: http://ocp.example.com:8080/task/33001
finished:
  description: Whether all tasks have ended.
  returned: when all tasks were found
  type: bool
  sample: true
elapsed:
  description: How long it took, in seconds.
  returned: when all tasks were found
  type: float
  sample: 23.3
failure:
  description:
    - What failed, as data, with the keys of RV(obops.oceanbase.ocp_obproxy_takeover#module:failure).
  returned: failure
  type: dict
  sample: {"kind": "not_found", "message": "task_ids: OCP knows no task 33009."}
"""

from ..module_utils._ocp.module import module_for, progress, run
from ..module_utils._ocp.wait import wait_for_ids


def main() -> None:
    module = module_for(
        {
            "task_ids": {"type": "list", "elements": "int", "required": True},
            "until": {"type": "str", "choices": ["finished", "progress"], "default": "finished"},
        },
        waiting=True,
        supports_check_mode=True,
    )
    params = module.params
    run(
        module,
        lambda client: wait_for_ids(
            client,
            params["task_ids"],
            progress(client),
            until=params["until"],
            interval=params["wait_interval"],
            wait=params["wait"] and not module.check_mode,
        ),
    )


if __name__ == "__main__":
    main()
