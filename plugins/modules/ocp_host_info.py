#!/usr/bin/python
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: ocp_host_info
short_description: Get information about OCP hosts
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Gets the hosts that have been added to OCP. Proxies can be taken over only on these hosts.
extends_documentation_fragment:
  - obops.oceanbase.connection
  - obops.oceanbase.attributes
  - obops.oceanbase.attributes.info
  - obops.oceanbase.attributes.ocp
options:
  hosts:
    description:
      - The addresses, names or ids of the hosts. Names match regardless of case, a trailing dot and surrounding blanks.
        IPv6 addresses match in any notation.
      - If OCP does not know a host, the module fails and lists the hosts that OCP knows. If several hosts have the same
        name, all of them are returned.
      - If O(hosts) is not set, all hosts are returned.
    type: list
    elements: str
seealso:
  - module: obops.oceanbase.ocp_obproxy_takeover
  - module: obops.oceanbase.ocp_obproxy_cluster_info
"""

EXAMPLES = r"""
- name: Check that OCP knows the hosts of all proxies
  obops.oceanbase.ocp_host_info:
    ocp_url: http://ocp.example.com:8080
    ocp_username: admin
    ocp_password: "{{ ocp_password }}"
    hosts:
      - 10.0.0.11
      - 10.0.0.12
  delegate_to: localhost
  run_once: true

- name: List all hosts, with OCP_URL, OCP_USERNAME and OCP_PASSWORD set
  obops.oceanbase.ocp_host_info:
  delegate_to: localhost
  run_once: true
  register: answer

- name: Show the hosts whose agent does not run
  ansible.builtin.debug:
    msg: "{{ answer.hosts | rejectattr('agent_status', 'equalto', 'RUNNING') | map(attribute='address') }}"
"""

RETURN = r"""
hosts:
  description: The hosts, in the order requested.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The id of the host.
      type: int
      sample: 2
    name:
      description: The name of the host.
      type: str
      sample: proxy-1
    address:
      description: The address at which OCP reaches the host.
      type: str
      sample: 10.0.0.11
    ssh_port:
      description: The SSH port of the host.
      type: int
      sample: 22
    kind:
      description: The kind of machine.
      type: str
      sample: DEDICATED_PHYSICAL_MACHINE
    status:
      description: V(NEW), V(AVAILABLE), V(ONLINE), V(OFFLINE) or V(DELETING).
      type: str
      sample: ONLINE
    services:
      description: The services that OCP runs on the host.
      type: list
      elements: dict
      sample: [{"name": "demo", "version": "1.9.1.1-1919579", "type": "OBPROXY"}]
    agent_status:
      description: The state of OCP's agent on the host.
      type: str
      sample: RUNNING
    operating_system:
      description: The operating system of the host.
      type: str
      sample: CentOS Linux release 7.9.2009 (Core)
    architecture:
      description: The architecture of the host.
      type: str
      sample: x86_64
    idc_id:
      description: The id of the host's IDC.
      type: int
      sample: 1
    idc_name:
      description: The name of the host's IDC.
      type: str
      sample: idc1
    region_name:
      description: The name of the IDC's region.
      type: str
      sample: region1
failure:
  description:
    - What failed, as data, with the keys of RV(obops.oceanbase.ocp_obproxy_takeover#module:failure).
  returned: failure
  type: dict
  sample:
    kind: not_found
    message: "hosts: OCP knows no host 10.0.0.77. It has 2: proxy-1 (10.0.0.11, id 1), proxy-2 (10.0.0.12, id 2)."
"""

from ..module_utils._ocp.info import host_info
from ..module_utils._ocp.module import module_for, run


def main() -> None:
    module = module_for({"hosts": {"type": "list", "elements": "str"}}, supports_check_mode=True)
    run(module, lambda client: host_info(client, module.params["hosts"]))


if __name__ == "__main__":
    main()
