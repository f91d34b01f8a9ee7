#!/usr/bin/python
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: ocp_obproxy_cluster_info
short_description: Get information about OBProxy clusters
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Gets the OBProxy clusters of OCP with their proxies, start mode and config URL.
extends_documentation_fragment:
  - obops.oceanbase.connection
  - obops.oceanbase.attributes
  - obops.oceanbase.attributes.info
  - obops.oceanbase.attributes.ocp
options:
  cluster_id:
    description:
      - Return only the cluster with this id. The module fails if OCP does not have it.
      - If neither O(cluster_id) nor O(cluster) is set, all clusters are returned.
    type: int
  cluster:
    description:
      - Return only the cluster with this name. Case and surrounding blanks are ignored, unless two clusters differ only
        in these.
    type: str
  parameters:
    description:
      - Whether to return RV(clusters[].parameters). This takes one more request for each cluster.
    type: bool
    default: false
seealso:
  - module: obops.oceanbase.ocp_obproxy_takeover
  - module: obops.oceanbase.ocp_host_info
"""

EXAMPLES = r"""
- name: Get one cluster
  obops.oceanbase.ocp_obproxy_cluster_info:
    ocp_url: http://ocp.example.com:8080
    ocp_username: admin
    ocp_password: "{{ ocp_password }}"
    cluster: demo
  delegate_to: localhost
  register: answer

- name: Show the config URL of its proxies
  ansible.builtin.debug:
    var: answer.clusters[0].config_url

- name: Get the parameters that a proxy gets when the cluster takes it over
  obops.oceanbase.ocp_obproxy_cluster_info:
    ocp_url: http://ocp.example.com:8080
    ocp_username: admin
    ocp_password: "{{ ocp_password }}"
    cluster: demo
    parameters: true
  delegate_to: localhost
  register: answer

- name: Show the parameters that need a restart to take effect
  ansible.builtin.debug:
    msg: "{{ answer.clusters[0].parameters | selectattr('needs_restart') | items2dict('name', 'value') }}"
"""

RETURN = r"""
clusters:
  description: The clusters.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The id of the cluster.
      type: int
      sample: 1
    name:
      description: The name of the cluster.
      type: str
      sample: demo
    work_mode:
      description: How its proxies find their OB clusters, V(CONFIG_URL) or V(RS_LIST).
      type: str
      sample: CONFIG_URL
    config_url:
      description: The config URL that its proxies are started with, in the mode V(CONFIG_URL).
      type: str
      sample: http://ocp.example.com:8080/services?Action=GetObProxyConfig&ObproxyClusterName=demo
    address:
      description: The address at which clients reach the cluster.
      type: str
      sample: 10.0.0.10
    port:
      description: The port at which clients reach the cluster.
      type: int
      sample: 2883
    versions:
      description: The versions of its proxies, with the number of proxies for each version.
      type: list
      elements: dict
      sample: [{"version": "1.9.1.1-1919579", "count": 2}]
    ob_links:
      description: The OB clusters that it links to.
      type: list
      elements: dict
      sample: [{"cluster_name": "obcluster", "ob_cluster_id": 1, "username": "proxyro", "status": "NORMAL"}]
    obproxies:
      description: Its proxies.
      type: list
      elements: dict
      sample:
        - id: 1
          host_id: 2
          address: 10.0.0.11
          sql_port: 2883
          exporter_port: 2884
          version: 1.9.1.1-1919579
          status: RUNNING
    parameters:
      description:
        - The cluster's parameters by name, without passwords and other secrets. A proxy gets them when the cluster
          takes it over.
        - Empty if OCP does not support this request, or if the user is not allowed to read parameters.
      returned: if O(parameters) is V(true)
      type: list
      elements: dict
      contains:
        name:
          description: The name of the parameter.
          type: str
          sample: work_thread_num
        value:
          description: Its value in the cluster. Not set if OCP does not return one.
          type: str
          sample: "128"
        by_proxy:
          description: Its values in the cluster's proxies, each with the addresses of the proxies that have it.
          type: list
          elements: dict
          sample: [{"value": "128", "obproxies": ["10.0.0.11", "10.0.0.12"]}]
        needs_restart:
          description: Whether a change takes effect only when the proxy is restarted.
          type: bool
          sample: true
        description:
          description: What the parameter is for, as described by OCP.
          type: str
          sample: The number of work threads.
failure:
  description:
    - What failed, as data, with the keys of RV(obops.oceanbase.ocp_obproxy_takeover#module:failure).
  returned: failure
  type: dict
  sample: {"kind": "not_found", "message": "cluster: OCP has no OBProxy cluster prod."}
"""

from ..module_utils._ocp.info import cluster_info
from ..module_utils._ocp.module import module_for, run


def main() -> None:
    module = module_for(
        {
            "cluster_id": {"type": "int"},
            "cluster": {"type": "str"},
            "parameters": {"type": "bool", "default": False},
        },
        mutually_exclusive=[("cluster_id", "cluster")],
        supports_check_mode=True,
    )
    params = module.params
    run(module, lambda client: cluster_info(client, params["cluster_id"], params["cluster"], params["parameters"]))


if __name__ == "__main__":
    main()
