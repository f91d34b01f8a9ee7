# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: play_hosts
short_description: Check the hosts of a play
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Returns the host pattern of a play, and fails if the play would have no hosts.
  - Ansible would skip such a play, and the run would succeed without doing anything.
  - The playbooks of this collection use it for the variable C(obproxy_hosts).
  - It also fails if there is a problem with the plans of the playbook C(obops.oceanbase.discover) that the run uses as
    inventories. This is the case if a host to take over is no longer in the other inventories, if a host is in two
    groups of one plan, or if two plans disagree.
options:
  _input:
    description: A pattern, a list of patterns, or a text with a pattern on each line.
    type: raw
    required: true
  groups:
    description: The variable C(groups) of Ansible.
    type: dict
    required: true
  limit:
    description: The value of C(--limit), which is Ansible's variable C(ansible_limit).
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Work on the proxies
  hosts: "{{ obproxy_hosts | obops.oceanbase.play_hosts(groups, ansible_limit | default('')) }}"
"""

RETURN = r"""
_value:
  description: The pattern, in one line.
  type: str
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible import constants as C
from ansible import context
from ansible.errors import AnsibleFilterError

from ..plugin_utils._fleet import plan_sources
from ..plugin_utils._fleet.hosts import check, pattern_of


def play_hosts(value: Any, groups: Mapping[str, Iterable[str]], limit: str | None = "") -> str:
    pattern = pattern_of(value)
    # A syntax check has no inventory of its own.
    if not context.CLIARGS.get("syntax"):
        try:
            check(pattern, groups, limit or "")
        except ValueError as error:
            raise AnsibleFilterError(f"obproxy_hosts: {error} Nothing was done.") from None
        # A play that needs no hosts needs no plan.
        sources = (
            []
            if pattern == "localhost"
            else context.CLIARGS.get("inventory") or C.config.get_config_value("DEFAULT_HOST_LIST")
        )
        problems = plan_sources.problems(sources)
        if problems:
            raise AnsibleFilterError(f"Inventory: {' '.join(problems)} Nothing was done.")
    return pattern


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"play_hosts": play_hosts}
