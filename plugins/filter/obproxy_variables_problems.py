# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: obproxy_variables_problems
short_description: Check the variables of the role obproxy
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Checks the variables of the role P(obops.oceanbase.obproxy#role) before any host is checked.
options:
  _input:
    description: The variables that begin with C(obproxy_), by their names.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Fail if a variable is invalid
  ansible.builtin.fail:
    msg: "{{ problems | map(attribute='text') | join(' ') }}"
  when: problems | length > 0
  vars:
    problems: "{{ checked | obops.oceanbase.obproxy_variables_problems }}"
    checked:
      obproxy_state: started
      obproxy_package_version: 1.9.1.1-1919579
      obproxy_package_source: repository
      obproxy_package_checksum: ""
      obproxy_sql_port: 2883
      obproxy_exporter_port: 2884
      obproxy_config_url: "http://ocp.example.com:8080/services?Action=GetObProxyConfig"
      obproxy_rs_list: []
      obproxy_ob_cluster: ""
      obproxy_app_name: demo
      obproxy_environment: private
      obproxy_extra_options: {}
"""

RETURN = r"""
_value:
  description: The problems, each with C(name), C(found), C(needed), C(cure) and C(text). Empty if there are none.
  type: list
  elements: dict
"""

from collections.abc import Callable
from typing import Any

from ..plugin_utils._variables import variables_problems


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"obproxy_variables_problems": variables_problems}
