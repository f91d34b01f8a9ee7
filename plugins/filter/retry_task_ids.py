# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: retry_task_ids
short_description: Read the ids of tasks to retry
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Reads the variable C(obproxy_task_ids) of the playbook C(obops.oceanbase.retry).
options:
  _input:
    description: A list of ids, a single id, or a text with ids separated by commas, blanks or line breaks.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Show the ids
  ansible.builtin.debug:
    msg: "{{ ('33001, 33002' | obops.oceanbase.retry_task_ids).ids }}"
"""

RETURN = r"""
_value:
  description: C(ids), the ids without duplicates, and C(problem), what is wrong with them. It is empty if nothing is
    wrong.
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ..plugin_utils._fleet.retry import task_ids


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"retry_task_ids": task_ids}
