# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: status_report
short_description: Summarize OBProxies and tasks in OCP
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Creates the report of the playbook C(obops.oceanbase.status).
options:
  _input:
    description: OBProxy clusters of OCP, as M(obops.oceanbase.ocp_obproxy_cluster_info) returns them.
    type: list
    elements: dict
    required: true
  running:
    description: The running tasks, as M(obops.oceanbase.ocp_task_info) returns them.
    type: list
    elements: dict
    default: []
  failed:
    description: The failed tasks.
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: Show OCP's OBProxies
  obops.oceanbase.report:
    lines: "{{ (answer.clusters | obops.oceanbase.status_report).lines }}"
"""

RETURN = r"""
_value:
  description:
    - C(proxies), each with C(cluster), C(address), C(sql_port), C(version) and C(status); C(wrong), the proxies that
      are neither running nor being changed by OCP, and a C(message) about them; C(lines), the report as text; and
      C(stats), the values that the playbook passes on.
  type: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..plugin_utils._fleet.status import report


def status_report(
    clusters: Iterable[Mapping[str, Any]],
    running: Iterable[Mapping[str, Any]] = (),
    failed: Iterable[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    return report(clusters, running, failed)


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"status_report": status_report}
