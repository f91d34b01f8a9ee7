# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: takeover_plan
short_description: Plan the takeover of a fleet
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Returns for each host of a fleet which OBProxy cluster takes over its proxy, and whether OCP would do so or what
    blocks it, with a cure for each blocker.
  - Compares what was found on the hosts (M(obops.oceanbase.obproxy_info)) with what OCP knows
    (M(obops.oceanbase.ocp_host_info) and M(obops.oceanbase.ocp_obproxy_cluster_info)).
  - The playbooks C(obops.oceanbase.preflight) and C(obops.oceanbase.takeover) follow this plan.
options:
  _input:
    description: The result of P(obops.oceanbase.takeover_variables#lookup) for each host, by its name in the inventory.
    type: dict
    required: true
  looks:
    description: The result of M(obops.oceanbase.obproxy_info) on each host, by its name in the inventory.
    type: dict
    required: true
  clusters:
    description: All OBProxy clusters of OCP. With their parameters, the plan contains the changes that OCP makes.
    type: list
    elements: dict
    required: true
  hosts:
    description: All hosts of OCP.
    type: list
    elements: dict
    required: true
  present:
    description: The hosts that Ansible still works on. The others failed or were lost in an earlier play.
    type: list
    elements: str
    required: true
  errors:
    description: The errors of the role's own checks, by the host's name. Empty for hosts on which they did not fail.
    type: dict
    default: {}
  waves:
    description:
      - The sizes of the waves, as for Ansible's C(serial). A number, a percentage, or several of them separated by
        commas. If it is empty, there is one wave.
    type: str
    default: ""
  fatal:
    description: Whether to do nothing on any host if one of them is blocked or unreachable.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Show what would happen to the hosts
  ansible.builtin.debug:
    msg: "{{ my_hosts | obops.oceanbase.takeover_plan(looks, answer.clusters, known.hosts, ansible_play_hosts) }}"
"""

RETURN = r"""
_value:
  description:
    - A row for each host, with its C(host), C(address), C(sql_port) and C(host_id) in OCP, its C(cluster) with C(id)
      and C(name), its C(outcome) (V(would_take_over), V(already_managed), V(blocked), V(unreachable) or
      V(not_reached)), the C(action) of the role (V(nothing), V(start), V(install) or V(upgrade)), its C(blockers), each
      with C(name) (stable), C(found), C(needed) and C(cure), the C(ignored) ones by name, its C(wave), and the
      C(changes) that OCP makes to the proxy's settings, each with C(name), C(before), C(after) and C(restart), if
      O(looks) contains the settings of a running proxy on the host.
    - C(role_has_work) says whether the role has anything to do on the host.
    - C(configure) says whether the role may change the settings of the proxy. It may not if the proxy is already in a
      cluster of OCP.
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..plugin_utils._fleet.impact import previewed
from ..plugin_utils._fleet.plan import Records, plan, stopped
from ..plugin_utils._fleet.waves import numbered


def takeover_plan(
    settled: Mapping[str, Mapping[str, Any]],
    looks: Mapping[str, Mapping[str, Any]],
    clusters: list[dict[str, Any]],
    hosts: Iterable[dict[str, Any]],
    present: Iterable[str],
    errors: Mapping[str, str] | None = None,
    waves: Any = "",
    fatal: bool = False,
) -> list[dict[str, Any]]:
    rows = plan(settled, looks, Records(clusters, hosts), present, errors)
    forbidden = {name: host["values"].get("obproxy_restart_allowed") is False for name, host in settled.items() if host}
    rows = previewed(rows, looks, clusters, forbidden)
    return numbered(stopped(rows) if fatal else rows, waves)


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"takeover_plan": takeover_plan}
