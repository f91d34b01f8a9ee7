# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OCP's objects: how they are read, and how the requested cluster, host and proxy are identified."""

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.errors import OcpError
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.info import cluster_info, host_info
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.objects import (
    Cluster,
    Host,
    Places,
    find_cluster,
    find_host,
    from_public,
    public,
    read_all,
)

HOSTS = [
    {"id": 1, "innerIpAddress": "10.0.0.1", "name": "a"},
    {"id": 2, "innerIpAddress": "10.0.0.11", "name": "b.example.com"},
    {"id": 3, "innerIpAddress": "10.0.0.3", "name": "same"},
    {"id": 4, "innerIpAddress": "10.0.0.4", "name": "same"},
    {"id": 5, "innerIpAddress": "2001:db8::5", "name": "1"},
]
CLUSTERS = [{"id": 1, "name": "demo"}, {"id": 2, "name": "Billing"}, {"id": 3, "name": "billing"}]


class Lists:
    """A client that can only return lists."""

    def __init__(self, **lists):
        self._lists = lists

    def list(self, path):
        return self._lists[path.rsplit("/", 1)[-1]]


def ids(*wanted, hosts=None):
    return [host["id"] for host in host_info(Lists(hosts=HOSTS if hosts is None else hosts), list(wanted))["hosts"]]


@pytest.mark.parametrize(
    "wanted, found",
    [
        (["10.0.0.1"], [1]),
        (["b.example.com", "10.0.0.1"], [2, 1]),
        (["2"], [2]),
        (["1"], [5]),  # a name takes precedence over an id
        (["same"], [3, 4]),
        (["a", "10.0.0.1"], [1]),
        (["A", " B.Example.COM. "], [1, 2]),
        (["2001:DB8:0:0::5"], [5]),
        (["[2001:db8::5]"], [5]),
        (["::ffff:10.0.0.1"], [1]),
        ([], []),
    ],
)
def test_a_host_is_found_by_address_name_or_id_however_these_are_spelled(wanted, found):
    assert ids(*wanted) == found


@pytest.mark.parametrize("wanted", ["10.0.0", "10.0.0.111", "b", "b.example", "9", "", "2001:db8::55"])
def test_similar_names_are_not_found(wanted):
    with pytest.raises(OcpError) as caught:
        ids("a", wanted)
    assert caught.value.kind == "not_found"
    assert f"OCP knows no host {wanted}. It has 5: " in caught.value.message


def test_existing_hosts_are_listed_with_name_and_address_and_similar_ones_first():
    with pytest.raises(OcpError) as caught:
        ids("b.example.org")
    assert "It has 5: b.example.com (10.0.0.11, id 2), a (10.0.0.1, id 1), same (10.0.0.3" in caught.value.message


def test_all_that_are_unknown_are_named():
    with pytest.raises(OcpError, match=r"no host x, y\. It has 0: none"):
        ids("x", "y", hosts=[])


def test_one_host_is_meant_or_none():
    hosts = read_all(Host, HOSTS)
    assert find_host(hosts, "A.").id == 1
    assert find_host(hosts, host_id=5).name == "1"
    with pytest.raises(OcpError, match=r"host: same matches 2 hosts in OCP: same \(10.0.0.3, id 3\), same \(10.0.0.4"):
        find_host(hosts, "same")
    with pytest.raises(OcpError, match=r"hosts\[1\].host_id: OCP knows no host 9"):
        find_host(hosts, host_id=9, option="hosts[1].")


def test_a_host_that_is_listed_twice_is_one_host():
    assert ids("a", hosts=HOSTS + HOSTS) == [1]


def test_a_host_of_which_ocp_returns_only_the_id():
    (host,) = host_info(Lists(hosts=[{"id": "7"}, {"name": "no id"}]))["hosts"]
    assert host["id"] == 7
    assert host["services"] == []
    assert host["address"] is None


@pytest.mark.parametrize(
    "wanted, found",
    [
        ({"name": "demo"}, 1),
        ({"name": " DEMO"}, 1),
        ({"name": "Billing"}, 2),  # the exact spelling takes precedence
        ({"name": "billing"}, 3),
        ({"cluster_id": 2}, 2),
    ],
)
def test_a_cluster_is_found_by_name_or_id(wanted, found):
    assert find_cluster(read_all(Cluster, CLUSTERS), **wanted).id == found


@pytest.mark.parametrize(
    "wanted, words",
    [
        ({"name": "dem"}, r"cluster: OCP has no OBProxy cluster dem. It has: demo \(1\), Billing \(2\), billing \(3\)"),
        ({"cluster_id": 9}, "cluster_id: OCP has no OBProxy cluster 9"),
        ({"name": "BILLING"}, r"cluster: BILLING matches 2 OBProxy clusters: Billing \(2\), billing \(3\)"),
        ({"name": ""}, "cluster and cluster_id are both empty"),
    ],
)
def test_a_cluster_that_is_not_there_or_could_be_one_of_two_is_an_error(wanted, words):
    with pytest.raises(OcpError, match=words):
        find_cluster(read_all(Cluster, CLUSTERS), **wanted)


def test_what_the_info_modules_return_reads_back_as_the_same_objects():
    raw = {
        "id": 1,
        "name": "demo",
        "workMode": "RS_LIST",
        "configUrl": None,
        "port": "2883",
        "versions": [{"version": "4.2.3-1", "count": 1}],
        "obLinks": [{"clusterName": "ob1", "obClusterId": 7, "username": "proxyro", "status": "OK"}],
        "obproxies": [{"id": 3, "hostId": 1, "ip": "10.0.0.1", "sqlPort": 2883, "exporterPort": 2884}, "no proxy"],
    }
    (shown,) = cluster_info(Lists(clusters=[raw]))["clusters"]
    assert shown["obproxies"][0]["host_id"] == 1
    assert shown["obproxies"][0]["exporter_port"] == 2884
    assert shown["ob_links"][0]["ob_cluster_id"] == 7
    assert shown["port"] == 2883
    (cluster,) = read_all(Cluster, [raw])
    assert from_public(Cluster, shown) == cluster
    assert public(cluster) == shown


def place(*, host_id=1, address="10.0.0.1", sql_port=2883, **proxy):
    """Return the cluster of the proxy on host 1, 10.0.0.1, if the cluster other lists a proxy with these values."""
    entry = {"hostId": host_id, "ip": address, "sqlPort": sql_port, "status": "RUNNING", **proxy}
    clusters = read_all(Cluster, [{"id": 1, "name": "demo"}, {"id": 2, "name": "other", "obproxies": [entry]}])
    found = Places(clusters).of(1, "10.0.0.1", 2883, 1)
    return found and found.cluster.name


def parameters_of(*raws):
    (shown,) = cluster_info(Lists(clusters=[CLUSTERS[0]], parameters=list(raws)), parameters=True)["clusters"]
    return shown["parameters"]


def test_parameters_are_listed_by_name_without_secrets():
    secrets = ["observer_sys_password", "inspector_password1", "json_config_meta_table_password", "access_key"]
    shown = parameters_of(
        {"name": "work_thread_num", "needReboot": True, "valueString": "128", "description": "Threads."},
        *({"name": name, "valueString": "hidden-word"} for name in secrets),
        {"name": "app_name", "needReboot": "true", "values": [{"value": "a", "obproxies": ["10.0.0.1"]}]},
        {"valueString": "of nothing"},
    )
    assert shown == [
        {
            "name": "app_name",
            "value": "a",
            "by_proxy": [{"value": "a", "obproxies": ["10.0.0.1"]}],
            "needs_restart": True,
            "description": None,
        },
        {"name": "work_thread_num", "value": "128", "by_proxy": [], "needs_restart": True, "description": "Threads."},
    ]


def test_a_parameter_that_differs_between_proxies_has_no_single_value():
    values = [{"value": "a", "obproxies": ["10.0.0.1"]}, {"value": "b", "obproxies": ["10.0.0.2"]}]
    assert [each["value"] for each in parameters_of({"name": "app_name", "values": values})] == [None]


def test_a_proxy_is_managed_by_the_cluster_that_lists_its_host_by_id_or_address():
    assert place() == "other"
    assert place(host_id=99) == "other"  # the host was removed and added again
    assert place(host_id=None) == "other"
    assert place(address=None) == "other"
    assert place(sql_port="2883") == "other"
    assert place(host_id=99, address="10.0.0.2") is None
    assert place(host_id=None, address=None) is None
    assert place(sql_port=2893) is None
