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
  - Says what is wrong with a run as a whole. A variable of which there can be only one value, such as C(ocp_url), is
    refused if it differs between hosts, with the values. Those of passwords are not shown.
options:
  _input:
    description: The hosts, each as P(obops.oceanbase.takeover_variables#lookup) returns it.
    type: list
    elements: dict
    required: true
  clusters:
    description:
      - All OBProxy clusters of OCP. With them, the variables are checked that must be the same for all hosts of a
        cluster.
    type: list
    elements: dict
  in_play:
    description: The hosts of the play, to be compared with C(obproxy_hosts).
    type: list
    elements: str
    default: []
  groups:
    description: The variable C(groups) of Ansible.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Check that all hosts name the same OCP
  ansible.builtin.assert:
    that: my_hosts | obops.oceanbase.takeover_refusals | length == 0
"""

RETURN = r"""
_value:
  description: What is wrong, a sentence each. Empty if nothing is.
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
