# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: obproxy_faults
short_description: Get the reasons why an OBProxy is not ready or OCP would refuse it
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Returns what is wrong with an OBProxy after the role P(obops.oceanbase.obproxy#role) has finished with it.
options:
  _input:
    description: The C(obproxy) that M(obops.oceanbase.obproxy_info) returns if C(expected) is set.
    type: dict
    required: true
  variables:
    description: The variables of the role that begin with C(obproxy_), by their names.
    type: dict
    required: true
  started:
    description: Whether this run started the proxy.
    type: bool
    default: false
  configured:
    description: Whether this run set the password of C(root@proxysys). If so, the login is not checked again.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Fail if OCP would refuse the proxy
  ansible.builtin.fail:
    msg: "{{ faults | join('\n') }}"
  when: faults | length > 0
  vars:
    faults: "{{ look.obproxy | obops.oceanbase.obproxy_faults(variables) }}"
    variables:
      obproxy_user: admin
      obproxy_sql_port: 2883
      obproxy_configure: true
      obproxy_start_timeout: 600
"""

RETURN = r"""
_value:
  description: The faults, with one or more lines each. Empty if the proxy is ready and OCP would accept it.
  type: list
  elements: str
"""

from collections.abc import Callable
from typing import Any

from ..plugin_utils._faults import faults


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"obproxy_faults": faults}
