# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fleets for unit tests: hosts with their variables, the results of checking them, and an OCP that has them."""

from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.variables import settle

from .looks import look, process


def settled(name, **variables):
    """Return the variables of a host as the playbooks read them."""
    variables.setdefault("obproxy_cluster", "demo")
    return settle({"inventory_hostname": name, **variables})


def fleet(*hosts):
    return {host["host"]: host for host in hosts}


FINE = look(process())


def cluster(number=1, name="demo", proxies=(), **changes):
    return {
        "id": number,
        "name": name,
        "work_mode": "CONFIG_URL",
        "address": None,
        "port": None,
        "config_url": f"http://ocp:8080/services?Action=GetObProxyConfig&ObproxyClusterName={name}",
        "versions": [],
        "ob_links": [],
        "obproxies": list(proxies),
        **changes,
    }


def managed(number, status="RUNNING", port=2883):
    address = f"10.0.0.{number}"
    return {
        "id": 100 + number,
        "host_id": number,
        "address": address,
        "sql_port": port,
        "exporter_port": 2884,
        "version": "4.2.1-11",
        "status": status,
    }


def host(number, **changes):
    return {
        "id": number,
        "address": f"10.0.0.{number}",
        "name": f"proxy-{number}",
        "status": "ONLINE",
        "agent_status": "RUNNING",
        "services": [],
        **changes,
    }


HOSTS = [host(number) for number in range(1, 10)]
