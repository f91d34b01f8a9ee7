# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ocp_host_info and ocp_obproxy_cluster_info against a simulated OCP."""

import pytest

from tests.integration.ocp.conftest import world


def addresses(run):
    return [host["address"] for host in run.result["hosts"]]


def test_all_hosts(runner):
    run = runner.module("ocp_host_info")
    assert addresses(run) == [f"10.0.0.{n}" for n in range(1, 6)]
    assert run.result["hosts"][0] == {
        "id": 1,
        "name": "proxy-1",
        "address": "10.0.0.1",
        "ssh_port": 22,
        "kind": "DEDICATED_PHYSICAL_MACHINE",
        "status": "ONLINE",
        "services": [],
        "agent_status": "RUNNING",
        "operating_system": "CentOS Linux release 7.9.2009 (Core)",
        "architecture": "x86_64",
        "idc_id": 1,
        "idc_name": "idc1",
        "region_name": "region1",
    }


def test_hosts_by_address_name_and_id_in_the_requested_order(runner):
    assert addresses(runner.module("ocp_host_info", hosts=["5", "proxy-2", "10.0.0.1"])) == [
        *("10.0.0.5", "10.0.0.2", "10.0.0.1")
    ]


def test_an_address_that_is_a_part_of_another_is_not_mistaken_for_it(ocp, runner):
    ocp.reset({**world(0), "hosts": ["10.0.0.11", "10.0.0.1"]})
    assert addresses(runner.module("ocp_host_info", hosts=["10.0.0.1"])) == ["10.0.0.1"]


def test_a_host_that_ocp_does_not_know(runner):
    failure = runner.module("ocp_host_info", hosts=["10.0.0.1", "10.0.0.77", "10.0.0"]).failure
    assert failure["kind"] == "not_found"
    assert "hosts: OCP knows no host 10.0.0.77, 10.0.0. It has 5: " in failure["message"]
    assert "proxy-1 (10.0.0.1, id 1)" in failure["message"]
    assert "Add the host to OCP" in failure["next"]


def test_the_services_of_a_host_after_a_takeover(runner, take_over):
    take_over(1)
    services = runner.module("ocp_host_info", hosts=["10.0.0.1"]).result["hosts"][0]["services"]
    assert services == [{"name": "demo", "version": "1.9.1.1-1919579", "type": "OBPROXY"}]


def test_many_hosts_cost_requests_by_the_page(ocp, runner):
    ocp.reset(world(254))
    assert len(runner.module("ocp_host_info").result["hosts"]) == 254
    assert len(ocp.requests()) == 1


def test_all_clusters_and_what_they_manage(runner, take_over):
    take_over(1)
    clusters = runner.module("ocp_obproxy_cluster_info").result["clusters"]
    assert [(cluster["id"], cluster["name"], cluster["work_mode"]) for cluster in clusters] == [
        (1, "demo", "CONFIG_URL"),
        (2, "other", "CONFIG_URL"),
    ]
    assert "ObproxyClusterName=demo" in clusters[0]["config_url"]
    assert [(proxy["host_id"], proxy["sql_port"], proxy["status"]) for proxy in clusters[0]["obproxies"]] == [
        (1, 2883, "RUNNING")
    ]
    assert clusters[1]["obproxies"] == []


@pytest.mark.parametrize("which", [{"cluster_id": 2}, {"cluster": "other"}])
def test_one_cluster(runner, which):
    clusters = runner.module("ocp_obproxy_cluster_info", **which).result["clusters"]
    assert [cluster["name"] for cluster in clusters] == ["other"]


def test_a_cluster_that_ocp_does_not_have(runner):
    failure = runner.module("ocp_obproxy_cluster_info", cluster="oth").failure
    assert failure["kind"] == "not_found"
    assert "demo (1), other (2)" in failure["message"]


def test_the_parameters_of_a_cluster(ocp, runner):
    parameters = {"syslog_level": "WARN", "obproxy_sys_password": "hidden-word"}
    ocp.reset({**world(1), "obproxy_clusters": [{"name": "demo", "parameters": parameters}, {"name": "other"}]})
    run = runner.module("ocp_obproxy_cluster_info", parameters=True)
    demo, other = ({each["name"]: each for each in cluster["parameters"]} for cluster in run.result["clusters"])
    assert demo["syslog_level"] == {
        "name": "syslog_level",
        "value": "WARN",
        "by_proxy": [{"value": "WARN", "obproxies": []}],
        "needs_restart": False,
        "description": "The level of the log.",
    }
    assert demo["work_thread_num"]["needs_restart"] is True
    assert other["syslog_level"]["value"] == "INFO"
    assert list(demo) == sorted(demo)
    assert "obproxy_sys_password" not in demo
    assert "hidden-word" not in run.output
    assert len(ocp.requests()) == 3


def test_an_ocp_that_shows_no_parameters_shows_its_clusters_anyway(ocp, runner):
    ocp.fault("status", method="GET", path="parameters", status=404)
    assert runner.module("ocp_obproxy_cluster_info", parameters=True).result["clusters"][0]["parameters"] is None


def test_parameters_are_returned_only_if_requested(ocp, runner):
    assert "parameters" not in runner.module("ocp_obproxy_cluster_info").result["clusters"][0]
    assert len(ocp.requests()) == 1


@pytest.mark.parametrize("module", ["ocp_host_info", "ocp_obproxy_cluster_info", "ocp_task_info"])
def test_check_mode_looks_as_well_and_changes_nothing(ocp, runner, module):
    ocp.settings(refuse_writes=True)
    run = runner.module(module, check=True)
    assert run.result == runner.module(module).result
    assert run.result["changed"] is False
    assert {request["method"] for request in ocp.requests()} == {"GET"}
