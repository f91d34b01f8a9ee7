# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every documented variable of the playbooks is honored for each host, or refused if its values differ."""

import re
from pathlib import Path

import pytest
import yaml
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet import calls, refusals, variables
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.plan import Records, plan
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.variables import (
    CLUSTER,
    CONTROLLER,
    HOST,
    RUN,
    VARIABLES,
)

from .fleets import FINE, HOSTS, cluster, fleet, settled

ROOT = Path(__file__).parents[5]
#: Two different values of each type.
VALUES = {
    "str": ("one", "two"),
    "int": (7, "8"),
    "bool": ("true", False),
    "port": (2883, "3306"),
    "names": (["wrong_user"], "agent_not_running,\nwrong_port"),
    "ids": ([1], "2"),
    "pattern": (["a", "b"], "c"),
    "steps": ([1, "50%"], "10%"),
    "moment": ("2099-01-01 04:00", "2099-01-01 05:00"),
    "paths": (["/tmp/a.html", "/tmp/a.json"], "/tmp/b.csv"),
}
CLUSTERS = [cluster(), cluster(2, "billing")]


def scope_of(*scopes):
    return [name for name, variable in VARIABLES.items() if variable.scope in scopes]


def test_the_table_in_the_readme_has_every_variable_and_no_other():
    table = (ROOT / "README.md").read_text().split("### Variables of the playbooks")[1].split("\n## ")[0]
    documented = {
        name
        for line in table.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`(\w+)`", line.split("|")[1])
    }
    assert documented == set(VARIABLES)


@pytest.mark.parametrize("name", scope_of(RUN, CLUSTER))
def test_a_variable_with_one_value_for_many_hosts_is_refused_if_they_differ_with_both_values(name):
    variable = VARIABLES[name]
    one, two = VALUES[variable.type]
    hosts = [settled("proxy-1", **{name: one}), settled("proxy-2", **{name: two})]
    found = (
        refusals.before_ocp(hosts, ["proxy-1", "proxy-2"], {})
        if variable.scope == RUN
        else refusals.after_ocp(hosts, CLUSTERS)
    )
    assert len(found) == 1
    assert name in found[0]
    for host, value in (("proxy-1", one), ("proxy-2", two)):
        shown = "a value of its own" if variable.secret else str(variables.read(name, value))
        assert f"{shown} for {host}" in found[0]


@pytest.mark.parametrize("name", scope_of(RUN, CLUSTER))
def test_a_variable_that_only_some_hosts_have_is_refused_too(name):
    hosts = [settled("proxy-1", **{name: VALUES[VARIABLES[name].type][0]}), settled("proxy-2")]
    found = refusals.before_ocp(hosts, [], {}) + refusals.after_ocp(hosts, CLUSTERS)
    assert len(found) == 1
    assert "not set for proxy-2" in found[0]


@pytest.mark.parametrize("name", scope_of(CLUSTER))
def test_an_option_of_the_call_is_each_clusters_own(name):
    one, two = VALUES[VARIABLES[name].type]
    hosts = fleet(settled("proxy-1", ansible_host="10.0.0.1", **{name: one}))
    hosts["proxy-2"] = settled("proxy-2", ansible_host="10.0.0.2", obproxy_cluster="billing", **{name: two})
    assert refusals.after_ocp(hosts.values(), CLUSTERS) == []
    made = calls.calls(rows(hosts), hosts.values())
    option = VARIABLES[name].option
    assert [call["options"] for call in made.values()] == [
        {option: variables.read(name, one)},
        {option: variables.read(name, two)},
    ]


def rows(hosts):
    looks = dict.fromkeys(hosts, FINE)
    return calls.with_callers(plan(hosts, looks, Records(CLUSTERS, HOSTS), hosts))


#: The destination of the value of each host variable.
ARRIVES = {
    "obproxy_cluster": ("demo", "billing", lambda row, proxy: row["cluster"]["name"]),
    "obproxy_cluster_id": (1, 2, lambda row, proxy: row["cluster"]["id"]),
    "obproxy_ocp_address": ("10.0.0.3", "10.0.0.4", lambda row, proxy: proxy["host"]),
    "obproxy_sql_port": (2883, 3306, lambda row, proxy: proxy["sql_port"]),
    "obproxy_proxysys_password": ("one", "two", lambda row, proxy: proxy["proxysys_password"]),
}


def test_where_the_variables_of_each_host_arrive_is_known_of_all():
    # The check of a proxy is a task on its host.
    of_the_check = {"obproxy_check_query", "obproxy_check_user", "obproxy_check_password"}
    of_the_plan = {"obproxy_blockers_ignored", "obproxy_restart_allowed"}
    assert {*ARRIVES, *of_the_plan, *of_the_check} == set(scope_of(HOST))


@pytest.mark.parametrize("name", ARRIVES)
def test_a_variable_of_a_host_is_its_own(name):
    one, two, arrived = ARRIVES[name]
    hosts = {}
    for number, value in enumerate((one, two), start=1):
        given = {"ansible_host": f"10.0.0.{number}", name: value}
        if name == "obproxy_cluster_id":
            given["obproxy_cluster"] = None
        hosts[f"proxy-{number}"] = settled(f"proxy-{number}", **given)
    assert refusals.before_ocp(hosts.values(), hosts, {}) + refusals.after_ocp(hosts.values(), CLUSTERS) == []
    proxies = [proxy for call in calls.calls(rows(hosts), hosts.values()).values() for proxy in call["hosts"]]
    assert [arrived(row, proxy) for row, proxy in zip(rows(hosts), proxies, strict=True)] == [one, two]


def test_a_blocker_is_ignored_only_on_the_host_that_says_so():
    hosts = fleet(
        settled("proxy-1", ansible_host="unknown-1", obproxy_blockers_ignored="wrong_user\nhost_not_in_ocp"),
        settled("proxy-2", ansible_host="unknown-2"),
    )
    assert [row["outcome"] for row in rows(hosts)] == ["would_take_over", "blocked"]
    assert rows(hosts)[0]["ignored"] == ["host_not_in_ocp"]


@pytest.mark.parametrize("name", scope_of(HOST, CLUSTER, RUN, CONTROLLER))
def test_an_empty_value_counts_as_none(name):
    assert variables.read(name, "") is None
    assert variables.read(name, None) is None


@pytest.mark.parametrize(
    "name, value, words",
    [
        ("obproxy_sql_port", "abc", "obproxy_sql_port is abc, which is not a port"),
        ("obproxy_sql_port", 70000, "obproxy_sql_port is 70000, which is not a port"),
        ("obproxy_cluster_id", "demo", "obproxy_cluster_id is demo, which is not a number"),
        ("obproxy_takeover_timeout", "soon", "obproxy_takeover_timeout is soon, which is not a number"),
        ("ocp_validate_certs", "perhaps", "ocp_validate_certs is perhaps, which is not true or false"),
    ],
)
def test_a_value_that_makes_no_sense_blocks_its_host_with_variable_and_value(name, value, words):
    hosts = fleet(
        settled("proxy-1", ansible_host="10.0.0.1", **{name: value}), settled("proxy-2", ansible_host="10.0.0.2")
    )
    first, second = rows(hosts)
    assert first["outcome"] == "blocked"
    assert words in next(entry["found"] for entry in first["blockers"] if entry["name"] == "invalid_variable")
    assert second["outcome"] == "would_take_over"


def test_obproxy_hosts_in_the_inventory_is_read_too_late_and_refused():
    hosts = [settled("proxy-1", obproxy_hosts="proxies")]
    groups = {"all": ["proxy-1", "proxy-2"], "proxies": ["proxy-2"], "obproxy": ["proxy-1"]}
    found = refusals.before_ocp(hosts, ["proxy-1"], groups)
    assert "obproxy_hosts is proxies" in found[0]
    assert refusals.before_ocp([settled("proxy-1", obproxy_hosts="obproxy")], ["proxy-1"], groups) == []


OPTIONS = yaml.safe_load((ROOT / "roles" / "obproxy" / "meta" / "argument_specs.yml").read_text())
OPTIONS = OPTIONS["argument_specs"]["main"]["options"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("obproxy_exporter_port", "many", "'obproxy_exporter_port'"),
        ("obproxy_upgrade", "perhaps", "'obproxy_upgrade'"),
        ("obproxy_state", "stopped", "value of obproxy_state must be one of: started, absent, got: stopped"),
        ("obproxy_extra_options", "more", "'obproxy_extra_options'"),
    ],
)
def test_a_variable_that_the_role_would_refuse_blocks_its_host_before_anything_changes(name, value, said):
    given = variables.settle({"inventory_hostname": "proxy-1", name: value}, OPTIONS)
    (problem,) = given["problems"]
    assert said in problem
    row = plan({"proxy-1": given}, {"proxy-1": FINE}, Records(CLUSTERS, HOSTS), ["proxy-1"])[0]
    assert "invalid_variable" in [entry["name"] for entry in row["blockers"]]


def test_variables_that_the_role_takes_are_no_problem():
    given = {
        "obproxy_exporter_port": "2884",
        "obproxy_upgrade": "yes",
        "obproxy_rs_list": "10.0.0.1:2881,10.0.0.2:2881",
    }
    assert variables.settle({"inventory_hostname": "proxy-1", **given}, OPTIONS)["problems"] == []


def test_a_secret_of_the_wrong_type_is_not_shown():
    found = variables.settle({"inventory_hostname": "proxy-1", "obproxy_observer_password": {"a": "geheim"}}, OPTIONS)
    assert "geheim" not in str(found["problems"])
