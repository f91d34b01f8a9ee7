# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory that is built from OCP's hosts and clusters."""

from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.objects import Cluster, Host, from_public
from ansible_collections.obops.oceanbase.plugins.plugin_utils import _inventory


def host(number, name="proxy-1", address=None, status="ONLINE", idc="idc1"):
    return {
        "id": number,
        "name": name,
        "address": address or f"10.0.0.{number}",
        "status": status,
        "idc_name": idc,
        "obproxies": [],
    }


def proxy(**keys):
    return {
        "id": 7,
        "host_id": None,
        "address": None,
        "sql_port": 2883,
        "exporter_port": 2884,
        "version": "3.2.1-1",
        "status": "RUNNING",
        **keys,
    }


def cluster(*proxies, name="demo", mode="CONFIG_URL"):
    return {"id": 1, "name": name, "work_mode": mode, "obproxies": list(proxies)}


def join(hosts, clusters):
    return _inventory.join(
        [from_public(Host, given) for given in hosts], [from_public(Cluster, given) for given in clusters]
    )


def test_a_host_has_the_proxies_of_all_clusters():
    hosts = join([host(1), host(2)], [cluster(proxy(host_id=1)), cluster(proxy(host_id=1), name="other")])
    assert [found["cluster"] for found in hosts[0]["obproxies"]] == ["demo", "other"]
    assert hosts[1]["obproxies"] == []


def test_a_proxy_without_a_host_id_is_found_by_its_address():
    hosts = join([host(1)], [cluster(proxy(address="10.0.0.1"))])
    assert len(hosts[0]["obproxies"]) == 1


def test_a_proxy_of_a_host_that_was_added_again_is_found_by_its_address():
    hosts = join([host(1)], [cluster(proxy(host_id=99, address="10.0.0.1"))])
    assert [found["cluster"] for found in hosts[0]["obproxies"]] == ["demo"]


def test_groups_show_cluster_mode_statuses_and_idc():
    (joined,) = join([host(1)], [cluster(proxy(host_id=1))])
    assert _inventory.groups(joined) == [
        "ocp_obproxy",
        "ocp_cluster_demo",
        "ocp_work_mode_CONFIG_URL",
        "ocp_proxy_status_RUNNING",
        "ocp_status_ONLINE",
        "ocp_idc_idc1",
    ]
    assert _inventory.groups(host(1, idc=None)) == ["ocp_status_ONLINE"]


def test_a_host_must_fit_every_filter_by_one_of_its_values():
    (joined,) = join([host(1)], [cluster(proxy(host_id=1))])
    assert _inventory.wanted(joined, {})
    assert _inventory.wanted(joined, {"cluster": ["demo", "other"], "status": ["ONLINE"]})
    assert not _inventory.wanted(joined, {"cluster": ["demo"], "idc": ["idc2"]})


def test_a_name_of_two_hosts_identifies_neither():
    found = _inventory.names([host(1, "a"), host(2, "a"), host(3, "b")], ["name", "address"])
    assert found == {1: "10.0.0.1", 2: "10.0.0.2", 3: "b"}


def test_a_name_that_could_be_a_template_is_passed_over():
    evil = "{{ lookup('pipe', 'id') }}"
    assert _inventory.names([host(1, evil, address=evil)], ["name", "address"]) == {1: "ocp-host-1"}
