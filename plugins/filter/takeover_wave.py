# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: takeover_wave
short_description: Begin a wave of a takeover, unless the change window or too many failures forbid it
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Selects the proxies that a wave of the playbook C(obops.oceanbase.takeover) takes over. If the wave must not begin,
    the proxies of this wave and of all later ones are V(not_reached), with the reason.
options:
  _input:
    description: A row for each host, as P(obops.oceanbase.takeover_plan#filter) returns it.
    type: list
    elements: dict
    required: true
  wave:
    description: The number of the wave, starting at V(1).
    type: int
    required: true
  schedule:
    description: The result of P(obops.oceanbase.takeover_schedule#filter) for the run.
    type: dict
    required: true
  present:
    description: The hosts that Ansible still works on. The others are V(unreachable).
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Begin the second wave
  ansible.builtin.set_fact:
    my_rows: "{{ my_rows | obops.oceanbase.takeover_wave(2, my_schedule, present=ansible_play_hosts) }}"
"""

RETURN = r"""
_value:
  description: The given rows. The outcome of hosts that are not reached or lost is updated.
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from ..plugin_utils._fleet.calls import without_lost
from ..plugin_utils._fleet.waves import begin


def takeover_wave(
    rows: Iterable[dict[str, Any]], wave: int | str, schedule: Mapping[str, Any], present: Iterable[str]
) -> list[dict[str, Any]]:
    return begin(without_lost(rows, present), int(wave), schedule, datetime.now().astimezone())


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"takeover_wave": takeover_wave}
