#!/usr/bin/python
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: ocp_obproxy_cluster_info
short_description: Tell what OCP knows of its OBProxy clusters
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Reads the OBProxy clusters of OCP with their proxies, start mode and config URL.
extends_documentation_fragment:
  - obops.oceanbase.connection
  - obops.oceanbase.attributes
  - obops.oceanbase.attributes.info
  - obops.oceanbase.attributes.ocp
options:
  cluster_id:
    description:
      - The id of the one cluster to tell of. A cluster that OCP does not have is an error.
      - Without O(cluster_id) and O(cluster) all clusters are told.
    type: int
  cluster:
    description:
      - The name of the one cluster to tell of.
    type: str
seealso:
  - module: obops.oceanbase.ocp_obproxy_takeover
  - module: obops.oceanbase.ocp_host_info
"""

EXAMPLES = r"""
- name: Ask for one cluster
  obops.oceanbase.ocp_obproxy_cluster_info:
    ocp_url: http://ocp.example.com:8080
    ocp_username: admin
    ocp_password: "{{ ocp_password }}"
    cluster: demo
  delegate_to: localhost
  register: answer

- name: Show what its proxies are started with
  ansible.builtin.debug:
    var: answer.clusters[0].config_url
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
      description: How its proxies learn of their OB clusters, V(CONFIG_URL) or V(RS_LIST).
      type: str
      sample: CONFIG_URL
    config_url:
      description: The URL that its proxies are started with, in the mode V(CONFIG_URL).
      type: str
      sample: http://ocp.example.com:8080/services?Action=GetObProxyConfig&ObproxyClusterName=demo
    address:
      description: The address under which the cluster is reached.
      type: str
      sample: 10.0.0.10
    port:
      description: The port under which the cluster is reached.
      type: int
      sample: 2883
    versions:
      description: The versions of its proxies, and how many there are of each.
      type: list
      elements: dict
      sample: [{"version": "1.9.1.1-1919579", "count": 2}]
    ob_links:
      description: The OB clusters that it links.
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
failure:
  description:
    - What failed, as data, with the keys of RV(obops.oceanbase.ocp_obproxy_takeover#module:failure).
  returned: failure
  type: dict
  sample: {"kind": "not_found", "message": "cluster: OCP has no OBProxy cluster prod."}
"""

from ..module_utils import _module
from ..module_utils._info import cluster_info


def main():
    module = _module.module_for(
        {"cluster_id": {"type": "int"}, "cluster": {"type": "str"}},
        mutually_exclusive=[("cluster_id", "cluster")],
        supports_check_mode=True,
    )
    _module.run(module, lambda client: cluster_info(client, module.params["cluster_id"], module.params["cluster"]))


if __name__ == "__main__":
    main()
