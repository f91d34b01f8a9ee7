# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: takeover_schedule
short_description: Read the waves and the change window of a takeover
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Turns the variables C(obproxy_wave_pause), C(obproxy_max_failures) and C(obproxy_window_end) into numbers and times
    for the whole run.
options:
  _input:
    description: A row for each host, as P(obops.oceanbase.takeover_plan#filter) returns it.
    type: list
    elements: dict
    required: true
  values:
    description: The C(values) that P(obops.oceanbase.takeover_variables#lookup) returns for any host of the run.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Read the schedule
  ansible.builtin.set_fact:
    my_schedule: "{{ my_rows | obops.oceanbase.takeover_schedule(my_host['values']) }}"
"""

RETURN = r"""
_value:
  description:
    - C(waves), the number of waves, C(pause) between them in seconds, C(most_failures), the number of failed hosts up
      to which another wave begins, C(end), the time in ISO 8601 after which no wave begins, or empty, and C(lines), a
      text that shows what OCP changes, and the waves if there are several.
  type: dict
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from ..plugin_utils._fleet import impact
from ..plugin_utils._fleet.waves import overview, schedule


def takeover_schedule(rows: list[dict[str, Any]], values: Mapping[str, Any]) -> dict[str, Any]:
    lines = [*impact.overview(rows), *overview(rows)]
    return {**schedule(values, rows, datetime.now().astimezone()), "lines": lines}


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"takeover_schedule": takeover_schedule}
