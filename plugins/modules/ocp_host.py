#!/usr/bin/python
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: ocp_host
short_description: Add hosts to OCP or delete them
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Adds hosts to OCP and waits until they are C(ONLINE). A proxy can be taken over only on such a host.
  - OCP logs in to each host over SSH with O(credential), checks the host and installs its agent.
  - All hosts are added in one call, or one call for every 50 hosts. A host that OCP already has is not changed,
    regardless of the other options. If OCP refuses a call because of one host, the module adds the others without it
    and fails at the end.
  - A host is never added twice. If OCP's answer is lost, the module looks for the hosts in OCP instead of adding them
    again. A host with status C(NEW) is already being added, by an earlier run or by someone else; the module waits for
    it, and retries its task once if the task has failed.
notes:
  - The OCP user needs the roles HOST_MANAGER and TASK_MANAGER, and OBPROXY_VIEWER to delete hosts.
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
      - Shows which of the hosts OCP has before and after, with their status.
  idempotent:
    support: full
options:
  hosts:
    description:
      - The hosts. Specify a new host by its IPv4 address, and a host that OCP already has by its address or name.
      - OCP refuses a call with hosts of different operating systems or architectures. The module then adds them in
        several calls.
    type: list
    elements: str
    required: true
  state:
    description:
      - Whether the hosts should be in OCP.
      - A host on which OCP manages an OBProxy is not deleted.
    type: str
    choices: [present, absent]
    default: present
  idc:
    description:
      - The name or id of the IDC of new hosts in OCP. Required if O(state=present).
    type: str
  region:
    description:
      - The name or id of the region in which to create the IDC if OCP does not have it.
      - If it is not set, no IDC is created, and the module fails if OCP does not have the IDC.
    type: str
  host_type:
    description:
      - The name or id of the host type of new hosts in OCP. Required if O(state=present).
    type: str
  credential:
    description:
      - The name or id of the credential that OCP uses to log in to new hosts. Required if O(state=present).
      - A credential belongs to one OCP user, in this case the user that this module logs in as.
    type: str
  ssh_port:
    description:
      - The SSH port of new hosts.
    type: int
    default: 22
  kind:
    description:
      - The kind of machine that new hosts are. V(DEDICATED_ECS) requires a newer version of OCP.
    type: str
    choices: [DEDICATED_PHYSICAL_MACHINE, DEDICATED_CONTAINER, DEDICATED_ECS]
    default: DEDICATED_PHYSICAL_MACHINE
  alias:
    description:
      - The name of the new host in OCP. Only allowed if O(hosts) contains a single host.
    type: str
  description:
    description:
      - The description of new hosts in OCP.
    type: str
seealso:
  - module: obops.oceanbase.ocp_host_info
  - module: obops.oceanbase.ocp_obproxy_cluster
  - module: obops.oceanbase.ocp_obproxy_takeover
"""

EXAMPLES = r"""
- name: Add two hosts to OCP and wait until they are online
  obops.oceanbase.ocp_host:
    ocp_url: http://ocp.example.com:8080
    ocp_username: admin
    ocp_password: "{{ ocp_password }}"
    hosts:
      - 10.0.0.21
      - 10.0.0.22
    idc: idc1
    host_type: proxies
    credential: root of proxies
  delegate_to: localhost
  run_once: true

- name: Add a host and create its IDC if OCP does not have it, with OCP_URL, OCP_USERNAME and OCP_PASSWORD set
  obops.oceanbase.ocp_host:
    hosts:
      - 10.0.0.23
    alias: proxy-23
    idc: idc2
    region: region1
    host_type: proxies
    credential: root of proxies
  delegate_to: localhost
  run_once: true

- name: Delete a host from OCP
  obops.oceanbase.ocp_host:
    hosts:
      - 10.0.0.22
    state: absent
  delegate_to: localhost
  run_once: true
"""

RETURN = r"""
hosts:
  description: The hosts in the order given, without duplicates.
  returned: when the hosts were looked up
  type: list
  elements: dict
  contains:
    host_id:
      description: The id of the host in OCP. Not set if OCP does not have it.
      type: int
      sample: 6
    address:
      description: The address of the host.
      type: str
      sample: 10.0.0.21
    name:
      description: The name of the host in OCP.
      type: str
      sample: host-6
    status:
      description: The status of the host in OCP, such as V(NEW), V(ONLINE) or V(OFFLINE).
      type: str
      sample: ONLINE
    outcome:
      description:
        - V(added), V(already_added), V(failed), or V(would_add) in check mode.
        - V(submitted) if OCP is adding the host, or if OCP did not answer and may still add it.
        - If O(state=absent), V(removed), V(already_absent), V(failed), or V(would_remove) in check mode.
      type: str
      sample: added
    task_id:
      description: The id of OCP's task for this host, if it is known.
      type: int
      sample: 33001
tasks:
  description: OCP's tasks, with the keys of RV(obops.oceanbase.ocp_obproxy_takeover#module:tasks).
  returned: always
  type: list
  elements: dict
  sample:
    - id: 33001
      name: Prepare host
      status: SUCCESSFUL
      operation: EXECUTE
      host_id: 6
      started: "2021-09-03T16:25:08.004+08:00"
      finished: "2021-09-03T16:25:31.112+08:00"
      subtasks:
        - id: 34801
          name: Pre-check for host
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
  description:
    - What failed, as data, with the keys of RV(obops.oceanbase.ocp_obproxy_takeover#module:failure).
  returned: failure
  type: dict
  sample: {"kind": "not_found", "message": "host_type: OCP has no host type big. It has: proxies (1)."}
"""

from typing import Any, Dict

from ..module_utils._ocp.client import Client
from ..module_utils._ocp.hosts_absent import HostsAbsent
from ..module_utils._ocp.hosts_present import HostsPresent
from ..module_utils._ocp.module import module_for, progress, run

KINDS = ["DEDICATED_PHYSICAL_MACHINE", "DEDICATED_CONTAINER", "DEDICATED_ECS"]
NEEDED = ["idc", "host_type", "credential"]


def main() -> None:
    module = module_for(
        {
            "hosts": {"type": "list", "elements": "str", "required": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "idc": {"type": "str"},
            "region": {"type": "str"},
            "host_type": {"type": "str"},
            "credential": {"type": "str"},
            "ssh_port": {"type": "int", "default": 22},
            "kind": {"type": "str", "choices": KINDS, "default": KINDS[0]},
            "alias": {"type": "str"},
            "description": {"type": "str"},
        },
        waiting=True,
        required_if=[("state", "present", NEEDED)],
        supports_check_mode=True,
    )
    params = module.params

    def bring_about(client: Client) -> Dict[str, Any]:
        shown, interval = progress(client), params["wait_interval"]
        if params["state"] == "absent":
            return HostsAbsent(client, params["hosts"], shown, interval).run(module.check_mode)
        return HostsPresent(client, params, shown, interval).run(module.check_mode, params["wait"])

    run(module, bring_about)


if __name__ == "__main__":
    main()
