# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each OBProxy in an inventory is found and assigned to the OBProxy clusters that OCP's documented rules allow."""

import time

import pytest
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet import discovery_report
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.discovery import discover, sql_port
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.plan import Records, plan
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.plan_groups import groups

from .fleets import FINE, HOSTS, cluster, fleet, host, managed, settled
from .looks import finding, look, process

NO_CLUSTER = {"obproxy_cluster": ""}


def link(*names):
    return [{"cluster_name": name, "ob_cluster_id": 1, "username": "u", "status": "ONLINE"} for name in names]


def versions(*names):
    return [{"version": name, "count": 1} for name in names]


def rs_list(*names, **changes):
    return process(start_mode="rs_list", ob_clusters=list(names), **changes)


DEMO = cluster(1, "demo", ob_links=link("ob1"), versions=versions("4.2.1-11"))
LISTED = cluster(2, "listed", work_mode="RS_LIST", config_url=None, ob_links=link("ob1"), versions=versions("4.2.1-11"))
OLD = cluster(3, "old", ob_links=link("ob1"), versions=versions("3.2.3.5-1"))


def row_of(found, clusters=(DEMO, LISTED, OLD), known=HOSTS, **variables):
    one = settled("proxy-1", ansible_host="10.0.0.1", **{**NO_CLUSTER, **variables})
    return discover(fleet(one), {"proxy-1": found}, Records(clusters, known))[0]


def names(row):
    return [each["name"] for each in row["fitting"]]


def test_a_proxy_goes_to_the_one_cluster_of_its_mode_version_and_ob_clusters():
    for found, wanted in (
        (look(process()), "demo"),
        (look(rs_list("ob1")), "listed"),
        (look(process(), version="3.2.3.5"), "old"),
    ):
        row = row_of(found)
        assert (row["outcome"], row["cluster"]["name"]) == ("fits", wanted)


def test_several_clusters_that_fit_are_all_named_and_none_is_chosen():
    row = row_of(FINE, [DEMO, cluster(4, "billing", ob_links=link("ob1")), OLD])
    assert (row["outcome"], names(row), row["cluster"]) == ("several_fit", ["demo", "billing"], None)


def test_a_host_that_names_its_cluster_keeps_it():
    clusters = [DEMO, cluster(4, "billing")]
    assert row_of(FINE, clusters, obproxy_cluster="billing")["cluster"]["name"] == "billing"
    row = row_of(FINE, [*clusters, LISTED], obproxy_cluster="listed")
    assert row["outcome"] == "blocked"
    assert [entry["name"] for entry in row["blockers"]] == ["start_mode"]
    assert names(row) == ["demo", "billing"]
    assert row_of(FINE, clusters, obproxy_cluster="prod")["blockers"][0]["name"] == "cluster_not_in_ocp"


def test_where_none_fits_the_empty_cluster_that_would_is_named():
    row = row_of(look(rs_list("ob9", "ob8")))
    assert row["outcome"] == "none_fits"
    assert row["needed"] == {"work_mode": "RS_LIST", "ob_clusters": ["ob8", "ob9"], "versions": "4.0.0 or later"}
    assert {each["name"]: each["blockers"] for each in row["misfits"]} == {
        "demo": ["start_mode"],
        "listed": ["ob_clusters"],
        "old": ["version_mismatch", "start_mode"],
    }
    (group,) = groups([row])
    assert group.name == "needs_rs_list_ob8_ob9_v4"
    assert "an empty OBProxy cluster in the mode RS_LIST linked to ob8, ob9 for versions 4.0.0 or later" in group.words


def test_without_any_cluster_in_ocp_one_is_needed():
    assert row_of(FINE, [])["outcome"] == "none_fits"


def test_a_blocker_of_the_host_itself_is_shown_with_the_clusters_that_would_fit():
    root = finding("wrong_user")
    row = row_of(look(process(user="root"), blockers=[root]))
    assert (row["outcome"], row["blockers"], names(row)) == ("blocked", [root], ["demo"])
    elsewhere = process(config_url="http://other:8080/services?Action=GetObProxyConfig&ObproxyClusterName=theirs")
    assert [entry["name"] for entry in row_of(look(elsewhere))["blockers"]] == ["config_url"]
    assert [entry["name"] for entry in row_of(FINE, known=[])["blockers"]] == ["host_not_in_ocp"]
    private = process(proxysys_private_only=True)
    far = cluster(1, config_url="http://10.0.0.100:8080/services?Action=GetObProxyConfig&ObproxyClusterName=demo")
    assert [entry["name"] for entry in row_of(look(private), [far])["blockers"]] == ["proxysys_private_only"]


def test_blockers_that_are_ignored_block_nothing():
    found = look(process(), blockers=[finding("wrong_user")])
    row = row_of(found, obproxy_blockers_ignored=["wrong_user"])
    assert (row["outcome"], row["ignored"]) == ("fits", ["wrong_user"])


def test_a_proxy_that_ocp_manages_is_managed_whatever_the_host_shows():
    clusters = [DEMO, cluster(4, "billing", [managed(1)])]
    for found in (FINE, look(blockers=[finding("no_process")]), {"unreachable": True, "msg": "timed out"}, {}):
        row = row_of(found, clusters)
        assert (row["outcome"], row["cluster"]["name"], row["sql_port"]) == ("managed", "billing", 2883)


def test_a_proxy_on_another_port_than_the_one_that_ocp_manages_is_its_own():
    row = row_of(look(process(sql_port=3306, ports=[3306])), [cluster(1, "demo", [managed(1)])])
    assert (row["outcome"], row["sql_port"]) == ("fits", 3306)


def test_a_proxy_that_ocp_is_removing_is_blocked():
    row = row_of(FINE, [cluster(1, "demo", [managed(1, "DELETING")])])
    assert [entry["name"] for entry in row["blockers"]] == ["being_removed"]


def test_several_proxies_on_one_host_are_all_shown_and_blocked_unless_ocp_manages_them():
    two = look(process(), process(sql_port=3306, ports=[3306]), blockers=[finding("several_processes")])
    row = row_of(two)
    assert (row["outcome"], row["sql_port"], names(row)) == ("blocked", None, [])
    assert [proxy["sql_port"] for proxy in row["proxies"]] == [2883, 3306]
    assert row_of(two, [cluster(1, "demo", [managed(1)])])["outcome"] == "blocked"
    assert row_of(two, [cluster(1, "demo", [managed(1), managed(1, port=3306)])])["outcome"] == "managed"


def test_a_proxy_that_does_not_run_is_shown_with_what_would_fit_and_not_started_unasked():
    found = look(action="start", blockers=[finding("no_process")], problems=[finding("no_start_mode")])
    row = row_of(found)
    assert row["outcome"] == "blocked"
    assert [entry["name"] for entry in row["blockers"]] == ["no_process"]
    assert names(row) == ["demo", "listed"]
    assert (row["proxies"][0]["version"], row["proxies"][0]["installed_by"]) == ("4.2.1-11", "package")


def test_a_program_without_a_package_is_an_obproxy_and_the_rest_of_a_directory_is_not():
    folder = {"path": "/home/admin/obproxy-3.1", "version": "3.1", "owner": "admin", "saved_configuration": True}
    nothing = [finding("no_process")]
    row = row_of(look(packages=[], blockers=nothing, installations=[{**folder, "program": True}], action="install"))
    assert (row["outcome"], row["proxies"][0]["installed_by"]) == ("blocked", "hand")
    row = row_of(look(packages=[], blockers=nothing, installations=[{**folder, "program": False}], action="install"))
    assert (row["outcome"], row["proxies"]) == ("without_proxy", [])


@pytest.mark.parametrize(
    "changes, package, origin, version",
    [
        ({}, "obproxy", "package", "4.2.1-11"),
        ({}, "obproxy-ce", "community package", "4.2.1-11"),
        ({"home": "/srv/obproxy", "started_by": "obdeploy"}, "obproxy", "obd", None),
        ({"home": "/home/admin/obproxy-3.2.3.5", "started_by": "hand"}, "obproxy", "hand", "3.2.3.5"),
    ],
)
def test_how_a_proxy_was_installed_is_shown(changes, package, origin, version):
    found = look(process(**changes))
    found["obproxy"]["packages"][0]["name"] = package
    (proxy,) = row_of(found)["proxies"]
    assert (proxy["installed_by"], proxy["version"]) == (origin, version)


def test_the_port_is_that_of_the_one_proxy_that_runs():
    assert sql_port(look(process(sql_port=3306)), 2883) == 3306
    assert sql_port(look(process(sql_port=None)), 2883) == 2883
    assert sql_port(look(process(), process(sql_port=3306)), 2884) == 2884
    assert sql_port({"unreachable": True}, 2883) == 2883


def test_a_host_that_cannot_be_checked_says_why():
    row = row_of({"unreachable": True, "msg": "Task failed: timed out"})
    assert (row["outcome"], row["message"]) == ("unreachable", "timed out")
    assert row_of({"failed": True, "msg": "no python"})["blockers"][0]["name"] == "look_failed"
    (blocker,) = row_of({"failed": True, "msg": "argument 'sql_port'"}, obproxy_sql_port="abc")["blockers"]
    assert blocker["name"] == "invalid_variable"
    assert row_of(look(root=False, problems=[finding("not_root")], packages=[]))["outcome"] == "blocked"


def test_proxies_of_different_kinds_are_not_all_put_into_the_same_empty_cluster():
    hosts = [settled(f"proxy-{number}", ansible_host=f"10.0.0.{number}", **NO_CLUSTER) for number in (1, 2, 3)]
    empty = Records([cluster(5, "empty", work_mode="RS_LIST")], HOSTS)
    alike = {"proxy-1": look(rs_list("ob1")), "proxy-2": look(rs_list("ob1")), "proxy-3": look(process())}
    assert [row["outcome"] for row in discover(fleet(*hosts), alike, empty)] == ["fits", "fits", "none_fits"]
    for other in (look(rs_list("ob2")), look(rs_list("ob1"), version="3.2.3.5")):
        rows = discover(fleet(*hosts), {**alike, "proxy-2": other}, empty)
        assert [row["outcome"] for row in rows] == ["several_fit", "several_fit", "none_fits"]
        assert "of different kinds" in groups(rows)[0].words


def test_two_names_of_one_proxy_are_blocked():
    hosts = [settled(name, ansible_host="10.0.0.1", **NO_CLUSTER) for name in ("a", "b")]
    rows = discover(fleet(*hosts), {"a": FINE, "b": FINE}, Records([DEMO], HOSTS))
    assert [[entry["name"] for entry in row["blockers"]] for row in rows] == [["listed_twice"]] * 2


#: The kinds of hosts that alternate in a fleet of 300.
KINDS = (
    lambda number: FINE,
    lambda number: look(rs_list("ob1")),
    lambda number: look(process(), version="3.2.3.5"),
    lambda number: look(rs_list("ob9")),
    lambda number: look(process(user="root"), blockers=[finding("wrong_user")]),
    lambda number: look(packages=[], action="install", blockers=[finding("no_process")]),
    lambda number: {"unreachable": True, "msg": "timed out"},
    lambda number: look(process(sql_port=3000 + number)),
)


def fleet_of_300():
    numbers = range(1, 301)
    clusters = [
        *(DEMO, LISTED, OLD),
        cluster(4, "billing", [managed(number) for number in numbers if number % 10 == 0]),
    ]
    hosts = [settled(f"p{number}", ansible_host=f"10.0.0.{number}", **NO_CLUSTER) for number in numbers]
    looks = {f"p{number}": KINDS[number % len(KINDS)](number) for number in numbers}
    for each in hosts:
        each["sql_port"] = sql_port(looks[each["host"]], 2883)
    return fleet(*hosts), looks, Records(clusters, [host(number) for number in numbers]), clusters


def test_what_is_planned_for_300_hosts_is_what_a_takeover_would_do():
    hosts, looks, ocp, _clusters = fleet_of_300()
    began = time.monotonic()
    rows = discover(hosts, looks, ocp)
    assert time.monotonic() - began < 5
    assert {row["outcome"] for row in rows} == set(discovery_report.OUTCOMES)
    for row in rows:
        for each in row["fitting"] if row["outcome"] in ("fits", "several_fit") else []:
            mine = {**hosts[row["host"]], "cluster": each["name"], "cluster_id": each["id"]}
            (then,) = plan({row["host"]: mine}, looks, ocp, [row["host"]])
            assert then["outcome"] == "would_take_over", then["blockers"]
        for misfit in row["misfits"] if row["outcome"] in ("fits", "several_fit", "none_fits") else []:
            mine = {**hosts[row["host"]], "cluster": misfit["name"], "cluster_id": misfit["id"]}
            (then,) = plan({row["host"]: mine}, looks, ocp, [row["host"]])
            assert {entry["name"] for entry in then["blockers"]} == set(misfit["blockers"])


def test_the_report_counts_every_host_and_ends_with_what_to_do():
    hosts, looks, ocp, _clusters = fleet_of_300()
    rows = discover(hosts, looks, ocp)
    file = {"path": "plan.yml", "written": "plan.yml", "state": "created"}
    lines = discovery_report.lines(rows, file)
    assert len([line for line in lines if line.startswith("p")]) == 300
    (counts,) = [line for line in lines if line.startswith("300 hosts:")]
    for outcome, words in discovery_report.OUTCOMES.items():
        assert f"{sum(row['outcome'] == outcome for row in rows)} {words}" in counts
    assert lines[-2] == "The plan is in plan.yml."
    assert lines[-1].endswith("ansible-playbook -i hosts.yml -i plan.yml obops.oceanbase.preflight")
    assert max(map(len, lines)) < 400
    assert discovery_report.lines(rows)[-1].endswith("-e obproxy_plan_file=plan.yml.")
    assert "-e obproxy_hosts=planned" in discovery_report.lines(rows, file, ["p4"])[-2]
