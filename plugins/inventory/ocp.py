# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: ocp
short_description: Inventory of OCP's hosts and OBProxies
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Lists the hosts that OCP knows, with the OBProxies that run on them.
  - Groups them by OBProxy cluster (C(ocp_cluster_…)), start mode (C(ocp_work_mode_…)), status of the proxy
    (C(ocp_proxy_status_…)) and of the host (C(ocp_status_…)), and IDC (C(ocp_idc_…)). All hosts that have a proxy are
    in the group C(ocp_obproxy).
  - Takes one request for every 2,000 hosts and one for every 2,000 OBProxy clusters.
  - The name of the configuration file must end in C(ocp.yml) or C(ocp.yaml).
extends_documentation_fragment:
  - obops.oceanbase.connection
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
options:
  plugin:
    description:
      - Must be V(obops.oceanbase.ocp).
    type: str
    required: true
    choices:
      - obops.oceanbase.ocp
  hostnames:
    description:
      - What to use as the host's name in the inventory, in order of preference. The first value that OCP has for the
        host and that no other host has is used. Values that do not look like a host name or an address are skipped. If
        no value is left, the name is C(ocp-host-ID).
    type: list
    elements: str
    choices:
      - name
      - address
      - id
    default:
      - name
      - address
  prefix:
    description:
      - The prefix of the names of host variables.
    type: str
    default: ocp_
  filters:
    description:
      - The hosts to list. A host must match one of the values of every given filter.
    type: dict
    default: {}
    suboptions:
      cluster:
        description: The names of OBProxy clusters.
        type: list
        elements: str
      work_mode:
        description: The start modes of OBProxy clusters, V(CONFIG_URL) or V(RS_LIST).
        type: list
        elements: str
      proxy_status:
        description: The statuses of proxies, as OCP names them.
        type: list
        elements: str
      status:
        description: The statuses of hosts, as OCP names them.
        type: list
        elements: str
      idc:
        description: The names of IDCs.
        type: list
        elements: str
notes:
  - Texts that come from OCP are never evaluated as templates.
seealso:
  - module: obops.oceanbase.ocp_host_info
"""

EXAMPLES = r"""
# All hosts. With OCP_URL, OCP_USERNAME and OCP_PASSWORD set, this line is enough.
plugin: obops.oceanbase.ocp
# The running proxies of one cluster, by address, in groups by version.
ocp_url: http://ocp.example.com:8080
ocp_username: admin
ocp_password: "{{ lookup('ansible.builtin.env', 'MY_OCP_PASSWORD') }}"
hostnames: [address]
filters:
  cluster: [demo]
  proxy_status: [RUNNING]
keyed_groups:
  - key: ocp_obproxies | map(attribute='version')
    prefix: obproxy_version
compose:
  obproxy_sql_port: ocp_obproxies[0].sql_port
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/ocp-inventory
"""

from typing import Any

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.utils.unsafe_proxy import wrap_var

from ..module_utils._ocp import api
from ..module_utils._ocp.client import Client
from ..module_utils._ocp.errors import OcpError
from ..module_utils._ocp.options import client_of, connection_spec
from ..module_utils._ocp.transport import REQUESTS_IMPORT_ERROR, requests
from ..plugin_utils import _inventory


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    NAME = "obops.oceanbase.ocp"

    def verify_file(self, path: str) -> bool:
        return super().verify_file(path) and path.endswith(("ocp.yml", "ocp.yaml"))

    def parse(self, inventory: InventoryData, loader: DataLoader, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        config = self._read_config_data(path)
        self._filters = self._checked_filters()
        hosts = [host for host in self._hosts(config, path, cache) if _inventory.wanted(host, self._filters)]
        names = _inventory.names(hosts, self.get_option("hostnames"))
        for host in hosts:
            self._add(inventory, names[host["id"]], host)

    def _hosts(self, config: dict[str, Any], path: str, cache: bool) -> list[dict[str, Any]]:
        """All hosts with their proxies, from the cache if it is enabled and has them, else from OCP."""
        key = self.get_cache_key(path)
        use_cache = cache and self.get_option("cache")
        if use_cache and key in self._cache:
            cached: list[dict[str, Any]] = self._cache[key]
            return cached
        try:
            client = self._client(config)
            hosts = _inventory.join(api.hosts(client), api.clusters(client))
        except OcpError as error:
            raise AnsibleParserError(f"{path}: {error}") from None
        if self.get_option("cache"):
            self._cache[key] = hosts
        return hosts

    def _client(self, config: dict[str, Any]) -> Client:
        """The client for the options in the file and the environment, by the same rules as for the modules."""
        if requests is None:
            raise AnsibleError(f"The inventory plugin needs the Python package requests: {REQUESTS_IMPORT_ERROR}")
        given = {name: self.templar.template(config[name]) for name in connection_spec() if name in config}
        checked = ArgumentSpecValidator(connection_spec()).validate(given)
        if checked.error_messages:
            raise OcpError("rejected", "; ".join(checked.error_messages))
        return client_of(checked.validated_parameters, notify=self.display.vv, remark=self.display.v)

    def _checked_filters(self) -> dict[str, list[Any]]:
        filters = self.get_option("filters") or {}
        unknown = sorted(set(filters) - set(_inventory.CRITERIA))
        if unknown:
            there = ", ".join(sorted(_inventory.CRITERIA))
            raise AnsibleParserError(f"filters: {', '.join(unknown)} is none of {there}.")
        return {name: [values] if isinstance(values, str) else values for name, values in filters.items() if values}

    def _add(self, inventory: InventoryData, name: str, host: dict[str, Any]) -> None:
        """Adds one host to the inventory. Values from OCP are never evaluated as templates."""
        prefix, strict = self.get_option("prefix"), self.get_option("strict")
        variables = {f"{prefix}{key}": wrap_var(value) for key, value in host.items()}
        inventory.add_host(name)
        if host["address"]:
            inventory.set_variable(name, "ansible_host", wrap_var(host["address"]))
        for key, value in variables.items():
            inventory.set_variable(name, key, value)
        for group in _inventory.groups(host):
            inventory.add_child(inventory.add_group(self._sanitize_group_name(group)), name)
        variables = inventory.hosts[name].get_vars()
        self._set_composite_vars(self.get_option("compose"), variables, name, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), variables, name, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, name, strict=strict)
