# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: takeover_refusals
short_description: Check the variables of a fleet before a takeover
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Returns what is wrong with a run as a whole. A variable that must be the same for all hosts, such as C(ocp_url), is
    refused if it differs between hosts. The message contains the values, except for passwords.
options:
  _input:
    description: The result of P(obops.oceanbase.takeover_variables#lookup) for each host.
    type: list
    elements: dict
    required: true
  clusters:
    description:
      - All OBProxy clusters of OCP. If they are given, the variables that must be the same for all hosts of a cluster
        are checked.
    type: list
    elements: dict
  in_play:
    description: The hosts of the play, to compare with C(obproxy_hosts).
    type: list
    elements: str
    default: []
  groups:
    description: The variable C(groups) of Ansible.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Check that all hosts use the same OCP
  ansible.builtin.assert:
    that: my_hosts | obops.oceanbase.takeover_refusals | length == 0
"""

RETURN = r"""
_value:
  description: The problems, one sentence each. Empty if there are none.
  type: list
  elements: str
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..plugin_utils._fleet.refusals import after_ocp, before_ocp


def takeover_refusals(
    settled: Iterable[Mapping[str, Any]],
    clusters: list[dict[str, Any]] | None = None,
    in_play: Iterable[str] = (),
    groups: Mapping[str, Any] | None = None,
) -> list[str]:
    return before_ocp(settled, in_play, groups or {}) if clusters is None else after_ocp(settled, clusters)


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"takeover_refusals": takeover_refusals}
