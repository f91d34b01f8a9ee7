# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: discovery
short_description: Find the OBProxies on hosts and the OBProxy clusters that could take them over
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Returns for each host which OBProxy runs or is installed there, whether OCP already manages it, which of OCP's
    OBProxy clusters could take it over according to the documented rules, or what blocks it.
  - The playbook C(obops.oceanbase.discover) creates its plan with it.
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
    description: All OBProxy clusters of OCP.
    type: list
    elements: dict
    required: true
  hosts:
    description: All hosts of OCP.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Show which hosts have an OBProxy that OCP does not manage
  ansible.builtin.debug:
    msg: "{{ found.hosts | rejectattr('outcome', 'in', ['managed', 'without_proxy']) | map(attribute='host') }}"
  vars:
    found: "{{ my_hosts | obops.oceanbase.discovery(looks, answer.clusters, known.hosts) }}"
"""

RETURN = r"""
_value:
  description:
    - C(hosts), a row for each host, and C(plan), the text of an inventory.
    - A row has the C(host), its C(address), C(in_ocp) (whether OCP knows the host) and C(host_id), its C(proxies) (each
      with C(sql_port), C(version), C(user), C(home), C(start_mode), C(ob_clusters), C(started_by) and C(installed_by)),
      its C(sql_port) if exactly one runs, and its C(outcome).
    - The outcome is V(fits) (one cluster, C(cluster)), V(several_fit) (those in C(fitting)), V(none_fits) (C(needed)
      says which empty cluster would), V(managed) (by C(cluster), with OCP's C(status)), V(blocked) (by C(blockers),
      each with C(name), C(found), C(needed) and C(cure)), V(without_proxy) or V(unreachable).
    - C(misfits) has the C(blockers) of each cluster that does not fit.
  type: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..plugin_utils._fleet.discovery import discover
from ..plugin_utils._fleet.plan import Records
from ..plugin_utils._fleet.plan_file import plan_text


def discovery(
    settled: Mapping[str, Mapping[str, Any]],
    looks: Mapping[str, Mapping[str, Any]],
    clusters: list[dict[str, Any]],
    hosts: Iterable[dict[str, Any]],
) -> dict[str, Any]:
    rows = discover(settled, looks, Records(clusters, hosts))
    return {"hosts": rows, "plan": plan_text(rows, clusters)}


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"discovery": discovery}
