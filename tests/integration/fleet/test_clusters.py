# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each proxy joins the cluster set for its host, and values that must not differ between hosts are rejected."""

import json

import pytest
import requests


def members(ocp):
    """Return the addresses of the proxies in each cluster."""
    answer = requests.get(f"{ocp.url}/api/v2/obproxy/clusters?size=100", auth=(ocp.username, ocp.password), timeout=30)
    clusters = answer.json()["data"]["contents"]
    return {cluster["name"]: sorted(proxy["ip"] for proxy in cluster["obproxies"]) for cluster in clusters}


def posts(ocp):
    return [request for request in ocp.requests() if request["method"] == "POST"]


@pytest.fixture
def mixed(fleet):
    """Four hosts for two clusters, set by name or by ID."""
    fleet.add("proxy-1", ansible_host="10.0.0.1", obproxy_cluster="demo")
    fleet.add("proxy-2", ansible_host="10.0.0.2", obproxy_cluster_id=2)
    fleet.add("proxy-3", ansible_host="10.0.0.3", obproxy_cluster_id="1")
    fleet.add("proxy-4", ansible_host="10.0.0.4", obproxy_cluster="billing")
    return fleet


def test_each_host_goes_into_the_cluster_that_it_names_with_one_call_for_each_cluster(mixed, ocp):
    plan = mixed.run("preflight", "--diff")
    assert plan.code == 0
    assert set(plan.outcomes.values()) == {"would_take_over"}
    assert posts(ocp) == []

    run = mixed.run("takeover", "--diff")
    assert run.code == 0
    assert set(run.outcomes.values()) == {"taken_over"}
    assert members(ocp) == {"demo": ["10.0.0.1", "10.0.0.3"], "billing": ["10.0.0.2", "10.0.0.4"]}
    assert len(posts(ocp)) == 2
    for each in (plan, run):
        clusters = {host: row["CLUSTER"] for host, row in each.table.items()}
        assert clusters == {
            "proxy-1": "demo (1)",
            "proxy-2": "billing (2)",
            "proxy-3": "demo (1)",
            "proxy-4": "billing (2)",
        }
        assert [host["cluster"] for host in each.stats["obproxy_takeover_hosts"]] == [
            *({"id": 1, "name": "demo"}, {"id": 2, "name": "billing"}),
            *({"id": 1, "name": "demo"}, {"id": 2, "name": "billing"}),
        ]


def test_two_imports_in_one_run_pass_on_the_hosts_of_both(fleet):
    fleet.add("proxy-1", ansible_host="10.0.0.1")
    fleet.add("proxy-2", ansible_host="10.0.0.2")
    plays = [
        {"import_playbook": "obops.oceanbase.preflight", "vars": {"obproxy_cluster": "demo"}},
        {
            "import_playbook": "obops.oceanbase.takeover",
            "vars": {"obproxy_cluster": "demo", "obproxy_hosts": "proxy-1"},
        },
        {
            "import_playbook": "obops.oceanbase.takeover",
            "vars": {"obproxy_cluster": "billing", "obproxy_hosts": "proxy-2"},
        },
    ]
    stats = fleet.run(plays).stats
    assert [(host["host"], host["outcome"], host["cluster"]["name"]) for host in stats["obproxy_takeover_hosts"]] == [
        ("proxy-1", "taken_over", "demo"),
        ("proxy-2", "taken_over", "billing"),
    ]
    assert [cluster["name"] for cluster in stats["obproxy_takeover_clusters"]] == ["demo", "billing"]
    assert len(stats["obproxy_takeover_task_ids"]) == 2
    assert stats["obproxy_takeover_failed"] == []


def test_a_fresh_proxy_gets_the_config_url_of_its_own_cluster_and_one_that_ocp_has_keeps_its_settings(
    mixed, ocp, tmp_path
):
    mixed.run("takeover", "--limit", "proxy-1")
    (tmp_path / "given").mkdir()
    mixed.run("takeover", given_to_role=str(tmp_path / "given"))
    given = {file.name: json.loads(file.read_text()) for file in (tmp_path / "given").iterdir()}
    assert given["proxy-1"]["configure"] is False
    assert given["proxy-3"]["configure"] is True
    assert "ObproxyClusterName=demo" in given["proxy-3"]["config_url"]
    assert "ObproxyClusterName=billing" in given["proxy-4"]["config_url"]


def test_a_host_that_names_no_cluster_of_ocp_is_blocked_alone(mixed):
    mixed.hosts["proxy-1"]["obproxy_cluster"] = "prod"
    mixed.hosts["proxy-3"].pop("obproxy_cluster_id")
    run = mixed.run("preflight")
    assert run.code != 0
    assert run.outcomes == {
        "proxy-1": "blocked",
        "proxy-2": "would_take_over",
        "proxy-3": "blocked",
        "proxy-4": "would_take_over",
    }
    assert run.table["proxy-1"]["REASON"] == "cluster_not_in_ocp"
    assert run.table["proxy-3"]["REASON"] == "no_cluster"
    assert "OCP has no OBProxy cluster prod" in run.words


def test_a_run_stops_at_once_if_no_host_has_a_valid_cluster(mixed):
    run = mixed.run("takeover", obproxy_cluster="prod", obproxy_cluster_id="")
    assert run.code != 0
    assert len(run.fatal) == 1
    assert "OCP has no OBProxy cluster prod" in run.words
    assert "OCP has these OBProxy clusters: demo (1), billing (2). Nothing was done." in run.words


@pytest.mark.parametrize(
    "name, values, words",
    [
        (
            "ocp_url",
            ("http://10.9.9.8:1", "http://10.9.9.9:1"),
            ["http://10.9.9.8:1 for proxy-1", "10.9.9.9:1 for proxy-2"],
        ),
        ("ocp_password", ("first-secret", "second-secret"), ["a value of its own for proxy-1"]),
        ("obproxy_blockers_fatal", (True, False), ["True for proxy-1", "False for proxy-2"]),
    ],
)
def test_a_variable_of_the_whole_run_that_differs_between_hosts_is_refused_before_ocp_is_asked(
    mixed, ocp, name, values, words
):
    mixed.variables.pop(name, None)
    for host, value in zip(mixed.hosts.values(), values, strict=False):
        host[name] = value
    mixed.hosts["proxy-3"][name] = mixed.hosts["proxy-4"][name] = values[0]
    run = mixed.run("takeover")
    assert run.code != 0
    assert len(run.fatal) == 1
    assert f"{name} must be the same for all hosts in one run" in run.words
    assert all(word in run.words for word in words)
    assert "secret" not in run.output
    assert ocp.requests() == []


def test_options_of_a_call_may_differ_between_clusters_but_not_within_one(mixed, ocp):
    for name, timeout in zip(mixed.hosts, (100, 200, 100, 200), strict=True):
        mixed.hosts[name]["obproxy_takeover_timeout"] = timeout
    assert mixed.run("preflight").code == 0

    mixed.hosts["proxy-3"]["obproxy_takeover_timeout"] = 300
    run = mixed.run("takeover")
    assert run.code != 0
    wanted = (
        "obproxy_takeover_timeout must be the same for all hosts of the cluster demo (1), but it is 100 for proxy-1"
    )
    assert wanted in run.words
    assert posts(ocp) == []


def test_the_same_proxy_twice_in_the_inventory_blocks_those_alone(mixed, ocp):
    mixed.add("proxy-1.example.com", obproxy_ocp_address="PROXY-1", obproxy_cluster="billing")
    run = mixed.run("takeover")
    assert run.code != 0
    assert run.outcomes["proxy-1"] == run.outcomes["proxy-1.example.com"] == "blocked"
    assert run.table["proxy-1"]["REASON"] == "listed_twice"
    assert "the inventory hosts proxy-1, proxy-1.example.com are the same proxy" in run.words
    assert members(ocp) == {"demo": ["10.0.0.3"], "billing": ["10.0.0.2", "10.0.0.4"]}


def test_systemd_leaves_to_ocp_what_ocp_manages_now(fleet):
    fleet.add("proxy-1", ansible_host="10.0.0.1", obproxy_service=True)
    fleet.add("proxy-2", ansible_host="10.0.0.2")
    fleet.add("proxy-3", ansible_host="10.0.0.3", obproxy_service=True, role_fails="no space")
    fleet.add("proxy-4", ansible_host="10.0.0.4", obproxy_service=True, systemd_fails=True)
    done = fleet.run("takeover", obproxy_cluster="demo")
    assert "proxy-1 is left to OCP" in done.output
    assert "proxy-2 is left to OCP" not in done.output
    assert "proxy-3 is left to OCP" not in done.output
    assert done.outcomes == {
        "proxy-1": "taken_over",
        "proxy-2": "taken_over",
        "proxy-3": "failed",
        "proxy-4": "taken_over",
    }
    assert "proxy-1 is left to OCP" not in fleet.run("preflight", obproxy_cluster="demo").output
