# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: managing_clusters
short_description: Find the OBProxy clusters that manage the proxies of a host
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Finds the OBProxy clusters that contain a proxy of a host. All addresses and names that OCP has for the host are
    considered.
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
    description: The address or name that OCP has for the host.
    type: str
    required: true
  sql_ports:
    description: The SQL ports of the host's proxies.
    type: list
    elements: int
    required: true
"""

EXAMPLES = r"""
- name: Show the clusters
  ansible.builtin.debug:
    msg: >-
      {{ answer.clusters | obops.oceanbase.managing_clusters(hosts=known.hosts, address='10.0.0.11', sql_ports=[2883])
      | map(attribute='name') }}
"""

RETURN = r"""
_value:
  description: The clusters that contain such a proxy, regardless of its status. Empty if OCP does not know the proxy.
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterable
from typing import Any

from ..module_utils._blockers import ocp
from ..module_utils._ocp.objects import Cluster, Host, from_public, public


def managing_clusters(
    clusters: Iterable[dict[str, Any]], hosts: Iterable[dict[str, Any]], address: str, sql_ports: Iterable[int | str]
) -> list[dict[str, Any]]:
    ports = [int(port) for port in sql_ports]  # templates of ansible-core before 2.19 turn numbers into text
    read = [from_public(Cluster, cluster) for cluster in clusters]
    found = ocp.managing(address, ports, read, [from_public(Host, host) for host in hosts])
    return [public(cluster) for cluster in found]


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"managing_clusters": managing_clusters}
