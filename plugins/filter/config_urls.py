# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: config_urls
short_description: Get the config URLs for new proxies
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Returns the config URL with which the role P(obops.oceanbase.obproxy#role) starts a proxy on each host. If the
    host's variables do not set a start mode, the one of the host's OBProxy cluster is used.
options:
  _input:
    description: The result of P(obops.oceanbase.takeover_variables#lookup) for each host, by its name in the inventory.
    type: dict
    required: true
  clusters:
    description: All OBProxy clusters of OCP.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Get the config URLs for new proxies
  ansible.builtin.set_fact:
    my_config_urls: "{{ my_hosts | obops.oceanbase.config_urls(answer.clusters) }}"
"""

RETURN = r"""
_value:
  description: The config URL of each host, by its name. Empty if the host has none.
  type: dict
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..plugin_utils._fleet.plan import Records
from ..plugin_utils._fleet.plan import config_urls as choose


def config_urls(settled: Mapping[str, Mapping[str, Any]], clusters: Iterable[dict[str, Any]]) -> dict[str, str]:
    return choose(settled, Records(clusters))


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"config_urls": config_urls}
