# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: retry_report
short_description: Summarize a retry of OCP tasks
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Creates the report of the playbook C(obops.oceanbase.retry).
options:
  _input:
    description: The ids of the tasks.
    type: list
    elements: int
    required: true
  tasks:
    description: Those of the tasks that OCP knows, as M(obops.oceanbase.ocp_task_info) returned them before the retry.
    type: list
    elements: dict
    required: true
  retried:
    description: The results of M(obops.oceanbase.ocp_task), in a loop over tasks.
    type: list
    elements: dict
    default: []
  waited:
    description: The result of M(obops.oceanbase.ocp_task_wait).
    type: dict
    default: {}
  dry:
    description: Whether the run makes no changes.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Show the results of the tasks
  obops.oceanbase.report:
    lines: "{{ ([33001] | obops.oceanbase.retry_report(look.tasks, waited=wait)).lines }}"
"""

RETURN = r"""
_value:
  description:
    - C(failed), the ids of the tasks that did not succeed, C(message), C(lines), the report as text, and C(stats), the
      values that the playbook passes on.
  type: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..plugin_utils._fleet.retry import report


def retry_report(
    wanted: Iterable[int | str],
    tasks: Iterable[Mapping[str, Any]],
    retried: Iterable[Mapping[str, Any]] = (),
    waited: Mapping[str, Any] | None = None,
    dry: bool = False,
) -> dict[str, Any]:
    # Templates of ansible-core before 2.19 turn numbers into text.
    return report([int(number) for number in wanted], tasks, retried, waited or {}, dry)


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"retry_report": retry_report}
