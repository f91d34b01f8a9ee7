#!/usr/bin/python
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: ocp_obproxy_cluster
short_description: Create, change or delete an OBProxy cluster of OCP
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Creates an empty OBProxy cluster, which can then take over proxies with M(obops.oceanbase.ocp_obproxy_takeover). If
    OCP already has a cluster of this name, the module updates its address, port and linked OB clusters.
  - The module fails if the options differ in something that OCP cannot change later. This applies to the start mode of
    a cluster and, in the mode V(RS_LIST), to its linked OB cluster. OCP has no call to change the parameters of a
    cluster.
  - A cluster is never created twice. If OCP's answer is lost, the module looks for the cluster in OCP instead of
    creating it again. If a run was interrupted, the next run waits for the cluster that is being created.
  - The module does not delete a cluster that has proxies, since OCP would stop and uninstall them.
notes:
  - The OCP user needs the roles OBPROXY_MANAGER and TASK_VIEWER.
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
      - Shows the name, start mode, address, port and linked OB clusters before and after.
  idempotent:
    support: full
options:
  name:
    description:
      - The name of the cluster. The name of a new cluster must begin with a letter and contain only letters, digits and
        underscores.
      - For existing clusters, case and surrounding blanks are ignored, unless two clusters differ only in these.
    type: str
    required: true
  state:
    description:
      - Whether the cluster should exist.
    type: str
    choices: [present, absent]
    default: present
  work_mode:
    description:
      - How the cluster's proxies find their OB clusters. For a new cluster, the default is V(CONFIG_URL).
    type: str
    choices: [CONFIG_URL, RS_LIST]
  address:
    description:
      - The address at which clients reach the cluster, such as that of a load balancer.
      - If it is not set or empty, the address of an existing cluster is not changed.
    type: str
  port:
    description:
      - The port at which clients reach the cluster. For a new cluster, the default is V(2883).
    type: int
  ob_links:
    description:
      - The OB clusters that the cluster links to, as OCP knows them. Missing links are added.
      - A cluster in the mode V(RS_LIST) must link to exactly one OB cluster, which cannot be changed later.
      - If it is not set, the links of an existing cluster are not changed.
    type: list
    elements: dict
    suboptions:
      cluster_name:
        description:
          - The name of the OB cluster.
        type: str
        required: true
      ob_cluster_id:
        description:
          - The OB cluster's own id, not its id in OCP.
        type: int
        required: true
      username:
        description:
          - The user that the proxies use to log in to the OB cluster.
        type: str
        default: proxyro
  purge_ob_links:
    description:
      - Whether to remove links that O(ob_links) does not list. A link with another C(ob_cluster_id) or C(username) is
        removed and added again.
      - If a link is removed, clients can no longer connect to that OB cluster through the cluster's proxies.
    type: bool
    default: false
  password:
    description:
      - The password of C(root@proxysys) for a new cluster. Proxies get it when the cluster takes them over.
      - Only newer versions of OCP accept it, so it is sent only if it is set. An existing cluster keeps its current
        password.
    type: str
  proxyro_password:
    description:
      - The password that the proxies of a new cluster use to log in to its OB clusters.
      - Only newer versions of OCP accept it, so it is sent only if it is set. An existing cluster keeps its current
        password.
    type: str
seealso:
  - module: obops.oceanbase.ocp_obproxy_cluster_info
  - module: obops.oceanbase.ocp_obproxy_takeover
  - module: obops.oceanbase.ocp_host
"""

EXAMPLES = r"""
- name: Create an empty OBProxy cluster
  obops.oceanbase.ocp_obproxy_cluster:
    ocp_url: http://ocp.example.com:8080
    ocp_username: admin
    ocp_password: "{{ ocp_password }}"
    name: billing
    address: billing.example.com
    ob_links:
      - cluster_name: obcluster
        ob_cluster_id: 1
  delegate_to: localhost
  run_once: true
  register: answer

- name: Show the config URL of its proxies
  ansible.builtin.debug:
    var: answer.cluster.config_url

- name: Replace the links of the cluster, with OCP_URL, OCP_USERNAME and OCP_PASSWORD set
  obops.oceanbase.ocp_obproxy_cluster:
    name: billing
    ob_links:
      - cluster_name: obcluster2
        ob_cluster_id: 2
    purge_ob_links: true
  delegate_to: localhost
  run_once: true

- name: Delete a cluster that has no proxies
  obops.oceanbase.ocp_obproxy_cluster:
    name: old_cluster
    state: absent
  delegate_to: localhost
  run_once: true
"""

RETURN = r"""
cluster:
  description:
    - The cluster after the change, with the keys of RV(obops.oceanbase.ocp_obproxy_cluster_info#module:clusters) except
      for C(parameters). Not set if the cluster does not exist.
    - In check mode and with O(wait=false), a new cluster does not have an C(id) and a C(config_url) yet.
  returned: when the cluster is known
  type: dict
  sample:
    id: 3
    name: billing
    work_mode: CONFIG_URL
    config_url: http://ocp.example.com:8080/services?Action=GetObProxyConfig&ObproxyClusterName=billing
    address: billing.example.com
    port: 2883
    versions: [{"version": "4.2.1.0-11", "count": 1}]
    ob_links: [{"cluster_name": "obcluster", "ob_cluster_id": 1, "username": "proxyro", "status": "NORMAL"}]
    obproxies:
      - id: 1
        host_id: 2
        address: 10.0.0.11
        sql_port: 2883
        exporter_port: 2884
        version: 4.2.1.0-11
        status: RUNNING
tasks:
  description:
    - OCP's tasks, with the keys of RV(obops.oceanbase.ocp_obproxy_takeover#module:tasks).
    - The list is empty if nothing had to be created or deleted, or if OCP's answer was lost and the task is unknown.
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
          name: Prepare create cluster
          status: SUCCESSFUL
          operation: EXECUTE
          upstreams: []
      failed_subtasks: []
      url: http://ocp.example.com:8080/task/33001
elapsed:
  description: How long it took, in seconds.
  returned: always
  type: float
  sample: 4.2
failure:
  description:
    - What failed, as data, with the keys of RV(obops.oceanbase.ocp_obproxy_takeover#module:failure).
  returned: failure
  type: dict
  sample: {"kind": "conflict", "message": "The OBProxy cluster billing (3) has 1 proxy."}
"""

from typing import Any, Dict

from ..module_utils._ocp.client import Client
from ..module_utils._ocp.cluster_absent import ClusterAbsent
from ..module_utils._ocp.cluster_plan import Wanted
from ..module_utils._ocp.cluster_present import ClusterPresent
from ..module_utils._ocp.module import module_for, progress, run

OPTIONS = {
    "name": {"type": "str", "required": True},
    "work_mode": {"type": "str", "choices": ["CONFIG_URL", "RS_LIST"]},
    "address": {"type": "str"},
    "port": {"type": "int"},
    "ob_links": {
        "type": "list",
        "elements": "dict",
        "options": {
            "cluster_name": {"type": "str", "required": True},
            "ob_cluster_id": {"type": "int", "required": True},
            "username": {"type": "str", "default": "proxyro"},
        },
    },
    "purge_ob_links": {"type": "bool", "default": False},
    "password": {"type": "str", "no_log": True},
    "proxyro_password": {"type": "str", "no_log": True},
}


def main() -> None:
    state = {"state": {"type": "str", "choices": ["present", "absent"], "default": "present"}}
    module = module_for(dict(OPTIONS, **state), waiting=True, supports_check_mode=True)
    params = module.params
    kind = ClusterPresent if params["state"] == "present" else ClusterAbsent

    def bring_about(client: Client) -> Dict[str, Any]:
        wanted = Wanted(**{option: params[option] for option in OPTIONS})
        cluster = kind(client, wanted, progress(client), params["wait_interval"])
        return cluster.run(check=module.check_mode, wait=params["wait"])

    run(module, bring_about)


if __name__ == "__main__":
    main()
