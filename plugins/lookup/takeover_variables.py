# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: takeover_variables
short_description: Get the variables for the takeover of a host's OBProxy
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Reads the variables of the playbook C(obops.oceanbase.takeover) for the current host and converts each to its type.
    The README of the collection lists them.
  - The result contains passwords. Use it with C(no_log).
options: {}
"""

EXAMPLES = r"""
- name: Read the variables of each host
  ansible.builtin.set_fact:
    my_host: "{{ lookup('obops.oceanbase.takeover_variables') }}"
  no_log: true
"""

RETURN = r"""
_value:
  description:
    - A dictionary with C(host), the name in the inventory, C(address), by which OCP knows the host, C(sql_port),
      C(cluster) and C(cluster_id), of which at most one is set, C(values), all variables that must not differ within a
      cluster or a run, C(problems), the values that are invalid for the playbooks or the role, and what the role is
      going to do according to its variables.
  type: list
  elements: dict
"""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from ansible import constants as C
from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ..plugin_utils._fleet.variables import ADDRESSES, VARIABLES, settle

#: What the role validates its variables by.
SPECIFICATION = Path(__file__).parents[2] / "roles" / "obproxy" / "meta" / "argument_specs.yml"


class LookupModule(LookupBase):
    def run(self, terms: list[Any], variables: Any = None, **kwargs: Any) -> list[Any]:
        raw, problems = {}, []
        options = role_options()
        for name in dict.fromkeys((*VARIABLES, *options, *ADDRESSES)):
            if name in variables:
                try:
                    raw[name] = self._templar.template(variables[name])  # type: ignore[union-attr]
                except AnsibleError as error:
                    problems.append(f"{name} cannot be read: {error}")
        settled = settle(raw, options)
        settled["problems"] += problems
        if settled["values"]["obproxy_blockers_fatal"] is None:
            settled["values"]["obproxy_blockers_fatal"] = C.config.get_config_value("ANY_ERRORS_FATAL")
        return [settled]


@cache
def role_options() -> dict[str, Any]:
    specification = yaml.safe_load(SPECIFICATION.read_text(encoding="utf-8"))
    options: dict[str, Any] = specification["argument_specs"]["main"]["options"]
    return options
