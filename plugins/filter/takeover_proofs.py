# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: takeover_proofs
short_description: Find proxies that do not serve after a takeover
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - After a wave of the playbook C(obops.oceanbase.takeover), compares what OCP shows for each proxy, what the proxy
    answers on its own host, and whether the controller can still reach it.
options:
  _input:
    description: A row for each host, as P(obops.oceanbase.takeover_outcomes#filter) returns it.
    type: list
    elements: dict
    required: true
  wave:
    description: The wave that was taken over.
    type: int
    required: true
  clusters:
    description: All OBProxy clusters of OCP, after the takeover.
    type: list
    elements: dict
    required: true
  checks:
    description: The result of M(obops.oceanbase.obproxy_check) on each host, by its name in the inventory.
    type: dict
    required: true
  looks:
    description: The result of M(obops.oceanbase.obproxy_info) on each host, before the takeover.
    type: dict
    default: {}
  before:
    description: The result of M(obops.oceanbase.obproxy_check) on the controller, before the takeover.
    type: dict
    default: {}
  after:
    description: The result of M(obops.oceanbase.obproxy_check) on the controller, after the takeover.
    type: dict
    default: {}
  errors:
    description: The errors of the tasks in C(obproxy_check_tasks), by the host's name.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Mark the proxies that do not serve
  ansible.builtin.set_fact:
    my_rows: "{{ my_rows | obops.oceanbase.takeover_proofs(1, clusters=answer.clusters, checks=my_checks) }}"
"""

RETURN = r"""
_value:
  description: The rows. If a proxy does not serve, its row has a C(failure) of the kind V(check_failed).
  type: list
  elements: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..plugin_utils._fleet.impact import came_true
from ..plugin_utils._fleet.outcomes import proofs
from ..plugin_utils._fleet.plan import Records


def takeover_proofs(
    rows: Iterable[dict[str, Any]],
    wave: int | str,
    clusters: list[dict[str, Any]],
    checks: Mapping[str, Mapping[str, Any]],
    looks: Mapping[str, Mapping[str, Any]] | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    reached = tuple((result or {}).get("proxies") or [] for result in (before, after))
    rows = came_true(rows, looks or {}, clusters)
    return proofs(rows, int(wave), Records(clusters), checks, reached, errors)


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"takeover_proofs": takeover_proofs}
