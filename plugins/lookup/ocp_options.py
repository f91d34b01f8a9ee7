# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: ocp_options
short_description: Get options of the OCP modules from variables
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Returns options of the C(ocp_) modules from the variables of the playbooks, for use in C(module_defaults). Empty
    variables count as not set.
options:
  _terms:
    description:
      - V(connection) stands for the variables C(ocp_url), C(ocp_username), C(ocp_password), C(ocp_access_key_id),
        C(ocp_access_key_secret), C(ocp_validate_certs), C(ocp_ca_path), C(ocp_client_cert), C(ocp_client_key) and
        C(ocp_request_timeout).
      - V(waiting) stands for C(obproxy_takeover_timeout), C(obproxy_takeover_interval) and
        C(obproxy_takeover_progress).
    type: str
    required: true
  hosts:
    description:
      - A host pattern, for a play on C(localhost). Variables that are not set for C(localhost) are taken from the
        inventory variables of these hosts, which must all have the same values.
    type: raw
    default: ""
"""

EXAMPLES = r"""
- name: Show OCP's hosts
  hosts: localhost
  module_defaults:
    group/obops.oceanbase.ocp: "{{ lookup('obops.oceanbase.ocp_options', 'connection', hosts='obproxy') }}"
  tasks:
    - name: Get information about OCP hosts
      obops.oceanbase.ocp_host_info:
"""

RETURN = r"""
_value:
  description: The options that are set, by their names in the modules.
  type: list
  elements: dict
"""

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ..plugin_utils._fleet import hosts, variables

WAITING = ("wait_timeout", "wait_interval", "progress")
KINDS: dict[str, dict[str, str | None]] = {
    "connection": variables.CONNECTION,
    "waiting": {name: option for name, option in variables.WAITING.items() if option in WAITING},
}


class LookupModule(LookupBase):
    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[Any]:
        self.set_options(var_options=variables, direct=kwargs)
        try:
            return [self._of(KINDS[term], variables or {}, self.get_option("hosts")) for term in terms]
        except (KeyError, ValueError) as error:
            raise AnsibleLookupError(str(error)) from None

    def _of(self, names: Mapping[str, str | None], known: Mapping[str, Any], pattern: Any) -> dict[str, Any]:
        own = {name: self._templar.template(known[name]) for name in names if name in known}  # type: ignore[union-attr]
        values = {name: variables.read(name, own.get(name)) for name in names}
        missing = [name for name, value in values.items() if value is None]
        if pattern and missing:
            values.update(self._of_hosts(known, hosts.pattern_of(pattern), missing))
        return variables.options_of(values, names)

    def _of_hosts(self, known: Mapping[str, Any], pattern: str, names: list[str]) -> dict[str, Any]:
        found: list[dict[str, Any]] = []
        for host in hosts.matching(pattern, known["groups"]):
            theirs = known["hostvars"][host]
            values = {name: variables.read(name, theirs[name]) for name in names if name in theirs}
            found.append({"host": host, "values": values})
        differing = variables.differences(found, variables.RUN)
        if differing:
            raise ValueError(" ".join(differing))
        return found[0]["values"] if found else {}
