# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: discovered_port
short_description: Get the SQL port of the OBProxy that runs on a host
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Returns the SQL port of the only OBProxy that M(obops.oceanbase.obproxy_info) found on a host.
options:
  _input:
    description: The result of M(obops.oceanbase.obproxy_info).
    type: dict
    required: true
  default:
    description: The port to return if no OBProxy or more than one is running, or if the port is unknown.
    type: int
    required: true
"""

EXAMPLES = r"""
- name: Show the SQL port
  ansible.builtin.debug:
    msg: "{{ look | obops.oceanbase.discovered_port(2883) }}"
"""

RETURN = r"""
_value:
  description: The port.
  type: int
"""

from collections.abc import Callable, Mapping
from typing import Any

from ..plugin_utils._fleet.discovery import sql_port


def discovered_port(look: Mapping[str, Any], default: int | str) -> int:
    return sql_port(look, int(default))


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"discovered_port": discovered_port}
