# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: takeover_review
short_description: Summarize a preflight for approval
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Creates the report of the playbook C(obops.oceanbase.review).
options:
  _input:
    description: The statistic C(obproxy_takeover_hosts) of the playbook C(obops.oceanbase.preflight).
    type: list
    elements: dict
    required: true
  fatal:
    description: Whether a blocked host stops the others (variable C(obproxy_blockers_fatal)).
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Show what to approve
  obops.oceanbase.report:
    lines: "{{ (obproxy_takeover_hosts | obops.oceanbase.takeover_review).lines }}"
"""

RETURN = r"""
_value:
  description: C(problem), why there is nothing to approve, or an empty text, and C(lines), the report as text.
  type: dict
"""

from collections.abc import Callable, Iterable
from typing import Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils._fleet.review import review
from ..plugin_utils._fleet.variables import read


def takeover_review(rows: Iterable[dict[str, Any]], fatal: Any = False) -> dict[str, Any]:
    try:
        return review(rows, bool(read("obproxy_blockers_fatal", fatal)))
    except ValueError as error:
        raise AnsibleFilterError(f"{error}.") from None


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"takeover_review": takeover_review}
