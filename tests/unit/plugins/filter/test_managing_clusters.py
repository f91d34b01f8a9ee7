# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The clusters that manage a host's proxies are found by each way in which OCP may identify the host."""

import pytest
from ansible_collections.obops.oceanbase.plugins.filter.managing_clusters import managing_clusters

HOSTS = (
    {"id": 1, "name": "proxy-1", "address": "10.0.0.1"},
    {"id": 2, "name": "proxy-2", "address": "10.0.0.2"},
)


def cluster(name, **proxy):
    return {
        "id": len(name),
        "name": name,
        "obproxies": [{"host_id": 1, "address": "10.0.0.1", "sql_port": 2883, **proxy}],
    }


def managing(clusters, address="10.0.0.1", sql_ports=(2883,), hosts=HOSTS):
    return [found["name"] for found in managing_clusters(clusters, hosts, address, list(sql_ports))]


@pytest.mark.parametrize("address", ["10.0.0.1", "proxy-1"])
@pytest.mark.parametrize("proxy", [{}, {"host_id": None}, {"address": None}, {"status": "DELETING"}])
def test_by_name_and_address_and_whatever_its_status(address, proxy):
    assert managing([cluster("demo", **proxy), cluster("other", host_id=2, address="10.0.0.2")], address) == ["demo"]


def test_by_its_address_where_ocp_has_lost_the_host():
    assert managing([cluster("demo", host_id=None)], hosts=[]) == ["demo"]


def test_a_port_of_another_proxy_and_hosts_without_a_number_are_none_of_it():
    assert managing([cluster("demo", sql_port=2893)]) == []
    assert managing([cluster("demo", sql_port=2893)], sql_ports=["2883", "2893"]) == ["demo"]
    unknown = [{"id": None, "name": "proxy-1", "address": "10.0.0.1"}]
    assert managing([cluster("demo", host_id=None, address="10.0.0.2")], hosts=unknown) == []


def test_each_cluster_once():
    twice = cluster("demo")
    twice["obproxies"] += [dict(twice["obproxies"][0], sql_port=2893)]
    assert managing([twice, cluster("other")], sql_ports=[2883, 2893]) == ["demo", "other"]
