# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: takeover_calls
short_description: Group the hosts of a fleet into one call to OCP for each cluster
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Takes a plan, the errors of the role, and the remaining hosts, and returns the calls to make to OCP.
options:
  _input:
    description: The rows of P(obops.oceanbase.takeover_plan#filter).
    type: list
    elements: dict
    required: true
  hosts:
    description: The result of P(obops.oceanbase.takeover_variables#lookup) for each host, by its name in the inventory.
    type: dict
    required: true
  errors:
    description: The errors of the role, by the host's name. Empty for hosts on which it did not fail.
    type: dict
    default: {}
  present:
    description: The hosts that Ansible still works on.
    type: list
    elements: str
    required: true
  wave:
    description: The wave to take over. If it is not set, all hosts are taken over.
    type: int
  fatal:
    description: Whether to make no call to OCP if one of the hosts is lost.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Get the calls to make to OCP
  ansible.builtin.set_fact:
    my_calls: "{{ my_plan | obops.oceanbase.takeover_calls(my_hosts, present=ansible_play_hosts) }}"
  no_log: true
"""

RETURN = r"""
_value:
  description:
    - C(rows) are the given rows with the outcome of each host, and C(caller), the host whose task makes the call.
    - C(calls) has for each caller the C(cluster), the C(hosts) as M(obops.oceanbase.ocp_obproxy_takeover) takes them,
      with their passwords, and its other C(options).
    - C(proxies) are the addresses and SQL ports of all of them, as M(obops.oceanbase.obproxy_check) takes them.
  type: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..plugin_utils._fleet.calls import calls, prepared, with_callers


def takeover_calls(
    rows: Iterable[dict[str, Any]],
    hosts: Mapping[str, Mapping[str, Any]],
    errors: Mapping[str, str] | None = None,
    present: Iterable[str] = (),
    fatal: bool = False,
    wave: Any = None,
) -> dict[str, Any]:
    wave = wave and int(wave)
    rows = with_callers(prepared(rows, errors or {}, present, fatal, wave), wave)
    found = calls(rows, hosts.values())
    proxies = [
        {"address": proxy["host"], "sql_port": proxy["sql_port"]} for call in found.values() for proxy in call["hosts"]
    ]
    return {"rows": rows, "calls": found, "proxies": proxies}


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"takeover_calls": takeover_calls}
