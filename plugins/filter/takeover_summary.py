# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: takeover_summary
short_description: Summarize a takeover of many hosts
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Creates the report of the playbooks C(obops.oceanbase.preflight) and C(obops.oceanbase.takeover), and returns which
    hosts must fail.
options:
  _input:
    description:
      - A row for each host, as P(obops.oceanbase.takeover_outcomes#filter) returns it.
    type: list
    elements: dict
    required: true
  before:
    description: C(obproxy_takeover_hosts) of an earlier play of the same run, to which these rows are added.
    type: list
    elements: dict
    default: []
  began:
    description: When the run began, in ISO 8601.
    type: str
  present:
    description: The hosts that Ansible still works on. Any other host on which something had to be done counts as
      unreachable.
    type: list
    elements: str
  dry:
    description: Whether the report shows what would be done.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Show the outcome of the hosts
  obops.oceanbase.report:
    lines: "{{ (my_rows | obops.oceanbase.takeover_summary).lines }}"
"""

RETURN = r"""
_value:
  description:
    - C(hosts), each with C(host), C(address), C(sql_port), C(cluster), C(outcome), C(action), C(task_id), C(message),
      C(blockers), C(ignored) and C(failure).
    - C(managed), the names of the hosts whose proxies OCP now manages.
    - C(failed), the names of the hosts that were not successful, and C(ends), the result with which each of them ends.
    - C(stats), the values that the playbooks pass on with C(set_stats), C(lines), the report as text, and C(report),
      the same report for M(obops.oceanbase.report_file).
  type: dict
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from ..plugin_utils._fleet.calls import without_lost
from ..plugin_utils._fleet.impact import of_fleet
from ..plugin_utils._fleet.report import advice, lines
from ..plugin_utils._fleet.summary import summary
from ..plugin_utils._report.contents import contents


def takeover_summary(
    rows: Iterable[dict[str, Any]],
    before: Iterable[dict[str, Any]] = (),
    dry: bool = False,
    began: str | None = None,
    present: Iterable[str] | None = None,
) -> dict[str, Any]:
    rows = list(rows) if present is None else without_lost(rows, present)
    result = summary(rows, before)
    title = "Takeover of OBProxies: what would be done" if dry else "Takeover of OBProxies"
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    words = advice(result["hosts"], dry)
    return {
        **result,
        "lines": lines(result["hosts"], dry),
        "report": contents(rows, result["failed"], title, began or now, now, words, of_fleet(rows)),
    }


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"takeover_summary": takeover_summary}
