#!/usr/bin/python
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: ocp_task_wait
short_description: Wait for tasks of OCP
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Waits until tasks of OCP have ended, whoever started them, and shows live what happens.
  - A task that failed makes this module fail, with the end of the log and what to do next.
extends_documentation_fragment:
  - obops.oceanbase.connection
  - obops.oceanbase.waiting
  - obops.oceanbase.attributes
  - obops.oceanbase.attributes.info
  - obops.oceanbase.attributes.ocp
attributes:
  check_mode:
    details:
      - This module does not modify state. In check mode it looks at the tasks once and does not wait.
options:
  task_ids:
    description:
      - The ids of the tasks to wait for. One that OCP does not know is an error.
    type: list
    elements: int
    required: true
  until:
    description:
      - What to wait for.
      - With V(finished) that all tasks have ended, whether they failed or not.
      - With V(progress) that the state of any of the tasks or of their subtasks becomes another than it was at the
        first look. It does not wait when all of them have ended.
    type: str
    choices: [finished, progress]
    default: finished
  wait:
    description:
      - Whether to wait. With V(false) it looks at the tasks once.
seealso:
  - module: obops.oceanbase.ocp_task_info
  - module: obops.oceanbase.ocp_task
  - module: obops.oceanbase.ocp_obproxy_takeover
"""

EXAMPLES = r"""
- name: Wait for two tasks, an hour at the most
  obops.oceanbase.ocp_task_wait:
    ocp_url: http://ocp.example.com:8080
    ocp_username: admin
    ocp_password: "{{ ocp_password }}"
    task_ids: [33001, 33002]
    wait_timeout: 3600
  delegate_to: localhost
  run_once: true

- name: Start a takeover; OCP_URL, OCP_USERNAME and OCP_PASSWORD are set
  obops.oceanbase.ocp_obproxy_takeover:
    cluster: demo
    hosts:
      - host: 10.0.0.11
    wait: false
  delegate_to: localhost
  run_once: true
  register: started

- name: Do something else, then wait for its end
  obops.oceanbase.ocp_task_wait:
    task_ids: "{{ started.tasks | map(attribute='id') }}"
  delegate_to: localhost
  run_once: true
"""

RETURN = r"""
tasks:
  description: The tasks as they stand now, in the order of O(task_ids). After a failure, too.
  returned: when all of them were found
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
      sample: EXECUTE
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
      sample: "2026-11-24T00:35:17.218+08:00"
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
          sample: EXECUTE
    failed_subtasks:
      description: The subtasks that failed, each with the end of its log where it was read.
      type: list
      elements: dict
      sample: []
    url:
      description: The address of the task in OCP's API.
      type: str
      sample: http://ocp.example.com:8080/api/v2/tasks/instances/33001
finished:
  description: Whether all of them have ended.
  returned: when all of them were found
  type: bool
  sample: true
elapsed:
  description: How long it took, in seconds.
  returned: when all of them were found
  type: float
  sample: 23.3
failure:
  description:
    - What failed, as data, with the keys of RV(obops.oceanbase.ocp_obproxy_takeover#module:failure).
  returned: failure
  type: dict
  sample: {"kind": "not_found", "message": "task_ids: OCP knows no task 33009."}
"""

from ..module_utils import _module
from ..module_utils._task_wait import wait_for_ids


def main():
    module = _module.module_for(
        {
            "task_ids": {"type": "list", "elements": "int", "required": True},
            "until": {"type": "str", "choices": ["finished", "progress"], "default": "finished"},
        },
        waiting=True,
        supports_check_mode=True,
    )
    params = module.params
    _module.run(
        module,
        lambda client: wait_for_ids(
            client,
            params["task_ids"],
            _module.progress(client),
            until=params["until"],
            interval=params["wait_interval"],
            wait=params["wait"] and not module.check_mode,
        ),
    )


if __name__ == "__main__":
    main()
