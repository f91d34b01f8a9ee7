# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: managing_clusters
short_description: Tell which OBProxy clusters of OCP manage the proxies of a host
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Finds the OBProxy clusters that have a proxy of a host, by all addresses and names that OCP knows the host by.
  - The playbook C(obops.oceanbase.takeover) leaves the settings of such a proxy to OCP, and the role
    P(obops.oceanbase.obproxy#role) does not remove it.
options:
  _input:
    description: All OBProxy clusters of OCP, as M(obops.oceanbase.ocp_obproxy_cluster_info) returns them.
    type: list
    elements: dict
    required: true
  hosts:
    description: All hosts of OCP, as M(obops.oceanbase.ocp_host_info) returns them.
    type: list
    elements: dict
    required: true
  address:
    description: By which address or name OCP knows the host.
    type: str
    required: true
  sql_ports:
    description: The SQL ports of the host's proxies.
    type: list
    elements: int
    required: true
"""

EXAMPLES = r"""
- name: Name the clusters
  ansible.builtin.debug:
    msg: >-
      {{ answer.clusters | obops.oceanbase.managing_clusters(hosts=known.hosts, address='10.0.0.11', sql_ports=[2883])
      | map(attribute='name') }}
"""

RETURN = r"""
_value:
  description: Those of the clusters that have such a proxy, whatever its status. Empty when OCP does not know it.
  type: list
  elements: dict
"""

from ..plugin_utils import _preconditions


def managing_clusters(clusters, hosts, address, sql_ports):
    # Templates of ansible-core before 2.19 make text of numbers.
    return _preconditions.managing(address, [int(port) for port in sql_ports], clusters, hosts)


class FilterModule:
    def filters(self):
        return {"managing_clusters": managing_clusters}
