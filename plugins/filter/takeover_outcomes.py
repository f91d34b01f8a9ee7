# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: takeover_outcomes
short_description: Add the results from OCP to the hosts of a fleet
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Adds the results of M(obops.oceanbase.ocp_obproxy_takeover) for each cluster to the rows of a fleet. A proxy is
    identified by its host and its SQL port, so the order does not matter.
options:
  _input:
    description:
      - A row for each host, as P(obops.oceanbase.takeover_calls#filter) returns it. C(caller) names the result that
        contains its proxy.
    type: list
    elements: dict
    required: true
  results:
    description: The results of M(obops.oceanbase.ocp_obproxy_takeover), by the caller's name in the inventory.
    type: dict
    required: true
  wave:
    description: The wave that has ended. If it is not set, all hosts are considered.
    type: int
"""

EXAMPLES = r"""
- name: Show the outcome of each host
  ansible.builtin.debug:
    msg: "{{ rows | obops.oceanbase.takeover_outcomes(results) | map(attribute='outcome') }}"
  vars:
    rows:
      - {host: proxy-1, address: 10.0.0.11, sql_port: 2883, host_id: 1, outcome: would_take_over, caller: proxy-1}
    results:
      proxy-1:
        hosts:
          - {host_id: 1, address: 10.0.0.11, name: null, sql_port: 2883, outcome: taken_over, task_id: 33001}
"""

RETURN = r"""
_value:
  description:
    - The rows, each with its C(outcome), C(task_id), C(task), C(message), C(failure), C(started) and C(finished), and
      with C(taken_now) if this wave has taken over the proxy.
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from ..plugin_utils._fleet.outcomes import outcomes
from ..plugin_utils._fleet.waves import ended


def takeover_outcomes(
    rows: Iterable[dict[str, Any]], results: Mapping[str, Mapping[str, Any]], wave: Any = None
) -> list[dict[str, Any]]:
    return ended(outcomes(rows, results), wave and int(wave), datetime.now().astimezone())


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"takeover_outcomes": takeover_outcomes}
