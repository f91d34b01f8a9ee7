# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: takeover_blockers
short_description: Tell what keeps OCP from taking a proxy over
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Holds what a proxy's host tells of it (M(obops.oceanbase.obproxy_info)) against what OCP knows
    (M(obops.oceanbase.ocp_host_info) and M(obops.oceanbase.ocp_obproxy_cluster_info)), and returns what a takeover
    would fail for, each with its cure.
  - The playbooks C(obops.oceanbase.preflight) and C(obops.oceanbase.takeover) use it for every host.
options:
  _input:
    description:
      - RV(obops.oceanbase.obproxy_info#module:obproxy) of the host.
    type: dict
    required: true
  address:
    description: By which address or name OCP knows the host.
    type: str
    required: true
  sql_port:
    description: The SQL port of the proxy.
    type: int
    required: true
  cluster:
    description: The cluster that is to take the proxy over.
    type: dict
    required: true
  clusters:
    description: All OBProxy clusters of OCP.
    type: list
    elements: dict
    required: true
  hosts:
    description: All hosts of OCP.
    type: list
    elements: dict
    required: true
  version:
    description:
      - The version of OBProxy that is going to be installed and started where none runs. Without it, a host without a
        proxy is told as a blocker.
    type: str
"""

EXAMPLES = r"""
- name: Show what is in the way
  ansible.builtin.debug:
    msg: >-
      {{ look.obproxy | obops.oceanbase.takeover_blockers(address='10.0.0.11', sql_port=2883,
      cluster=answer.clusters[0], clusters=answer.clusters, hosts=known.hosts) }}
"""

RETURN = r"""
_value:
  description:
    - The blockers, each with C(name) (stable), C(found), C(needed) and C(cure). Empty when nothing is in the way, or
      when the cluster manages the proxy already.
  type: list
  elements: dict
"""

from ..module_utils import _blockers
from ..plugin_utils import _preconditions


def takeover_blockers(obproxy, address, sql_port, cluster, clusters, hosts, version=None):
    # Templates of ansible-core before 2.19 make text of numbers.
    sql_port = int(sql_port)
    if _preconditions.managed(address, sql_port, cluster, hosts):
        return []
    found = _preconditions.in_ocp(address, sql_port, cluster, clusters, hosts)
    mine = _blockers.on_host(obproxy, sql_port)
    if version and not any(process["kind"] == "proxy" for process in obproxy["processes"]):
        # The role is going to start a proxy of this version, in the cluster's own mode.
        mine = [blocker for blocker in mine if blocker["name"] != "no_process"]
        obproxy = {"processes": [], "packages": [{"version": version}]}
    return found + mine + _preconditions.between(obproxy, cluster, clusters)


class FilterModule:
    def filters(self):
        return {"takeover_blockers": takeover_blockers}
