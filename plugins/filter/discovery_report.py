# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: discovery_report
short_description: Summarize the OBProxies that were found
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Creates the report of the playbook C(obops.oceanbase.discover).
options:
  _input:
    description: The C(hosts) that P(obops.oceanbase.discovery#filter) returns.
    type: list
    elements: dict
    required: true
  file:
    description: The result of M(obops.oceanbase.plan_file), if a plan was written.
    type: dict
  groups:
    description: The variable C(groups) of Ansible.
    type: dict
    default: {}
  began:
    description: When the run began, in ISO 8601.
    type: str
"""

EXAMPLES = r"""
- name: Show what was found
  obops.oceanbase.report:
    lines: "{{ (found.hosts | obops.oceanbase.discovery_report).lines }}"
"""

RETURN = r"""
_value:
  description:
    - C(lines), the report as text, C(stats), the values that the playbook passes on with C(set_stats), and C(report),
      the same report for M(obops.oceanbase.report_file).
  type: dict
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from ..plugin_utils._fleet.discovery_report import advice, lines, stats
from ..plugin_utils._report.contents import contents


def discovery_report(
    rows: Iterable[dict[str, Any]],
    file: Mapping[str, Any] | None = None,
    groups: Mapping[str, Iterable[str]] | None = None,
    began: str | None = None,
) -> dict[str, Any]:
    rows = list(rows)
    file = file if file and file.get("state") else None
    planned = {row["host"] for row in rows if row["outcome"] == "fits"}
    unplanned = [host for host in (groups or {}).get("obproxy", []) if host not in planned]
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    words = advice(rows, file, unplanned)
    return {
        "lines": lines(rows, file, unplanned),
        "stats": stats(rows, file),
        "report": contents(rows, [], "OBProxies of the inventory", began or now, now, words),
    }


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"discovery_report": discovery_report}
