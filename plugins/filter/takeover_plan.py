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
  - Says for each host of a fleet into which OBProxy cluster it goes, and whether OCP would take its proxy over or what
    blocks it, each blocker with its cure.
  - Compares what the hosts show (M(obops.oceanbase.obproxy_info)) with what OCP knows
    (M(obops.oceanbase.ocp_host_info) and M(obops.oceanbase.ocp_obproxy_cluster_info)).
  - The playbooks C(obops.oceanbase.preflight) and C(obops.oceanbase.takeover) work by this plan.
options:
  _input:
    description: What P(obops.oceanbase.takeover_variables#lookup) returns for each host, by its name in the inventory.
    type: dict
    required: true
  looks:
    description: The result of M(obops.oceanbase.obproxy_info) on each host, by its name in the inventory.
    type: dict
    required: true
  clusters:
    description: All OBProxy clusters of OCP; with their parameters, the changes that OCP makes are known.
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
    description: What the role's own checks failed with, by the host's name; empty if they did not.
    type: dict
    default: {}
  waves:
    description:
      - The sizes of the waves, as Ansible's C(serial) takes them; a number, a percentage, or several of them between
        commas. One wave if it is empty.
    type: str
    default: ""
  fatal:
    description: Whether nothing is done on any host if one of them is blocked or unreachable.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Show what would become of the hosts
  ansible.builtin.debug:
    msg: "{{ my_hosts | obops.oceanbase.takeover_plan(looks, answer.clusters, known.hosts, ansible_play_hosts) }}"
"""

RETURN = r"""
_value:
  description:
    - A row for each host, with its C(host), C(address), C(sql_port) and C(host_id) in OCP, its C(cluster) with C(id)
      and C(name), its C(outcome) (V(would_take_over), V(already_managed), V(blocked), V(unreachable) or
      V(not_reached)), the C(action) of the role (V(nothing), V(start), V(install) or V(upgrade)), its C(blockers), each
      with C(name) (stable), C(found), C(needed) and C(cure), the C(ignored) ones by name, its C(wave), and
      the C(changes) that OCP makes to the proxy's settings, each with C(name), C(before), C(after) and C(restart), if
      the look at the host has the settings of a proxy that runs.
    - C(role_has_work) says whether the role has anything to do on the host.
    - C(configure) says whether the role may change the settings of the proxy, which it may not if a cluster of OCP has
      it already.
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
