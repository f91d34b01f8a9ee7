# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: takeover_blockers
short_description: Find what keeps OCP from taking over a proxy
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Compares what M(obops.oceanbase.obproxy_info) found on a proxy's host with what OCP knows
    (M(obops.oceanbase.ocp_host_info) and M(obops.oceanbase.ocp_obproxy_cluster_info)), and returns each reason why a
    takeover would fail, with its cure.
  - The playbooks C(obops.oceanbase.preflight) and C(obops.oceanbase.takeover) use it for every host.
options:
  _input:
    description:
      - RV(obops.oceanbase.obproxy_info#module:obproxy) of the host.
    type: dict
    required: true
  address:
    description: The address or name that OCP has for the host.
    type: str
    required: true
  sql_port:
    description: The SQL port of the proxy.
    type: int
    required: true
  cluster:
    description: The OBProxy cluster that takes the proxy over.
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
      - The version of OBProxy to be installed and started if none is running. If it is not set, a host without a proxy
        is blocked.
    type: str
"""

EXAMPLES = r"""
- name: Show the blockers
  ansible.builtin.debug:
    msg: >-
      {{ look.obproxy | obops.oceanbase.takeover_blockers(address='10.0.0.11', sql_port=2883,
      cluster=answer.clusters[0], clusters=answer.clusters, hosts=known.hosts) }}
"""

RETURN = r"""
_value:
  description:
    - The blockers, each with C(name) (stable), C(found), C(needed) and C(cure). Empty if there are none, or if the
      cluster already manages the proxy.
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterable
from typing import Any

from ..module_utils._blockers import host, ocp
from ..module_utils._ocp.objects import Cluster, Host, from_public


def takeover_blockers(
    obproxy: dict[str, Any],
    address: str,
    sql_port: int | str,
    cluster: Any,
    clusters: Iterable[Any],
    hosts: Iterable[Any],
    version: str | None = None,
) -> list[dict[str, str]]:
    # Templates of ansible-core before 2.19 turn numbers into text.
    sql_port = int(sql_port)
    cluster = from_public(Cluster, cluster)
    clusters = [from_public(Cluster, other) for other in clusters]
    hosts = [from_public(Host, known) for known in hosts]
    if ocp.managed(address, sql_port, cluster, hosts):
        return []
    found = ocp.in_ocp(address, sql_port, cluster, clusters, hosts)
    mine = host.on_host(obproxy, sql_port)
    if version and not any(process["kind"] == "proxy" for process in obproxy["processes"]):
        # The role is going to start a proxy of this version, in the cluster's own mode.
        mine = [blocker for blocker in mine if blocker["name"] != "no_process"]
        obproxy = {"processes": [], "packages": [{"version": version}]}
    return found + mine + ocp.between(obproxy, cluster, clusters)


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"takeover_blockers": takeover_blockers}
