# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From an inventory to a plan, and from the plan to the takeover."""

import json
import shutil
from pathlib import Path

import pytest
import yaml

from tests.unit.plugins.plugin_utils._fleet.looks import finding

from .conftest import FINE, WORLD, found, proxy
from .test_clusters import members, posts

OB1 = [{"cluster_name": "ob1", "ob_cluster_id": 1}]
NEW = [{"host": "proxy-40", "sql_port": 2883, "version": "4.2.1-11"}]
OLD = [{"host": "proxy-41", "sql_port": 2883, "version": "1.9.1.1-1919579"}]
CLUSTERS = [
    {"name": "demo", "work_mode": "CONFIG_URL", "ob_links": OB1, "obproxies": OLD},
    {"name": "listed", "work_mode": "RS_LIST", "ob_links": OB1, "obproxies": OLD},
    {"name": "new", "work_mode": "RS_LIST", "ob_links": OB1, "obproxies": NEW},
    {"name": "spare", "work_mode": "RS_LIST", "ob_links": OB1, "obproxies": NEW},
]
MIXED = {**WORLD, "obproxy_clusters": CLUSTERS}


def listed(*names, **more):
    return proxy(start_mode="rs_list", ob_clusters=list(names), **more)


ELSEWHERE = finding("wrong_port", "the proxy listens on the ports 3306")


def with_one_of_each(fleet):
    fleet.add("proxy-1", ansible_host="10.0.0.1")
    fleet.add("proxy-2", ansible_host="10.0.0.2", found=found(listed("ob1")))
    other = listed("ob1", sql_port=3306, ports=[3306])
    # Only a check of its own port shows that the proxy has no blockers.
    fleet.add(
        "proxy-3",
        ansible_host="10.0.0.3",
        found=found(other, blockers=[ELSEWHERE]),
        found_on_port={"3306": found(other)},
    )
    fleet.add("proxy-4", ansible_host="10.0.0.4", found=found(listed("ob1"), version="4.2.1"))
    fleet.add("proxy-5", ansible_host="10.0.0.5", found=found(listed("ob7")))
    fleet.add("proxy-6", ansible_host="10.0.0.6", found=found(proxy(user="root"), blockers=[finding("wrong_user")]))
    fleet.add("proxy-7", ansible_host="10.0.0.7", found=found(packages=[], action="install"))
    fleet.add("proxy-8", ansible_host="10.0.0.8", found={"unreachable": True, "msg": "timed out"})
    fleet.add("proxy-9", ansible_host="10.0.0.99")
    fleet.add("proxy-41", ansible_host="10.0.0.41")
    return fleet


@pytest.fixture
def mixed(fleet, ocp):
    """A fleet with one host of each kind."""
    ocp.reset(MIXED)
    return with_one_of_each(fleet)


class Discovered:
    """The results of the first discovery of a fleet with one host of each kind."""

    def __init__(self, fleet):
        self.fleet = with_one_of_each(fleet)
        self.plan = fleet.folder / "plan.yml"
        self.reports = {ending: fleet.folder / f"found.{ending}" for ending in ("html", "json")}
        paths = [str(path) for path in self.reports.values()]
        self.run = fleet.run("discover", obproxy_plan_file=str(self.plan), obproxy_report=paths)
        self.calls = posts(fleet.ocp)


@pytest.fixture(scope="module")
def discovered(new_fleet):
    return Discovered(new_fleet(MIXED))


@pytest.fixture
def plan(discovered, tmp_path):
    """A copy of the first discovery's plan that a test may change."""
    return Path(shutil.copy(discovered.plan, tmp_path))


OUTCOMES = {
    "proxy-1": "fits",
    "proxy-2": "fits",
    "proxy-3": "fits",
    "proxy-4": "several_fit",
    "proxy-5": "none_fits",
    "proxy-6": "blocked",
    "proxy-7": "without_proxy",
    "proxy-8": "unreachable",
    "proxy-9": "blocked",
    "proxy-41": "managed",
}


def groups_in(file):
    """Return the hosts of each group that lists hosts."""
    return {name: list(group["hosts"]) for name, group in yaml.safe_load(file.read_text()).items() if "hosts" in group}


def test_each_host_is_found_and_planned(discovered):
    run = discovered.run
    assert run.code == 0, run.output
    assert run.outcomes == OUTCOMES
    assert discovered.calls == []
    assert groups_in(discovered.plan) == {
        "into_demo": ["proxy-1"],
        "into_listed": ["proxy-2", "proxy-3"],
        "choose_new_or_spare": ["proxy-4"],
        "needs_rs_list_ob7_below_v4": ["proxy-5"],
        "managed_in_demo": ["proxy-41"],
        "blocked": ["proxy-6", "proxy-9"],
        "without_proxy": ["proxy-7"],
        "unreachable": ["proxy-8"],
    }
    assert "10 hosts: 3 for one OBProxy cluster, 1 for several, 1 for none, 1 already managed by OCP" in run.words
    assert f"The plan is in {discovered.plan}." in run.words
    assert "an empty OBProxy cluster in the mode RS_LIST linked to ob7 for versions below 4.0.0" in run.words
    assert {host["host"]: host["outcome"] for host in run.stats["obproxy_discover_hosts"]} == OUTCOMES
    assert run.stats["obproxy_discover_plan"] == str(discovered.plan)
    assert discovered.fleet.ocp.password not in discovered.plan.read_text() + run.output


def test_the_report_says_how_to_leave_out_what_is_not_planned(discovered):
    assert "plan.yml -e obproxy_hosts=planned obops.oceanbase.preflight" in discovered.run.words
    assert "The inventory group obproxy also contains proxy-4, proxy-5, proxy-6 and 4 more." in discovered.run.words


def test_the_report_is_written_as_files_too(discovered):
    report = json.loads(discovered.reports["json"].read_text())
    assert {host["host"]: host["outcome"] for host in report["hosts"]} == OUTCOMES
    assert "several_fit" in discovered.reports["html"].read_text()


def test_the_plan_is_carried_out(mixed, ocp, plan):
    before = members(ocp)
    done = mixed.run("takeover", "-i", str(plan), obproxy_hosts="planned")
    assert done.code == 0, done.output
    assert done.outcomes == dict.fromkeys(("proxy-1", "proxy-2", "proxy-3"), "taken_over")
    assert done.table["proxy-3"]["PORT"] == "3306"
    assert members(ocp) == {
        **before,
        "demo": ["10.0.0.1", "10.0.0.41"],
        "listed": ["10.0.0.2", "10.0.0.3", "10.0.0.41"],
    }


def test_without_a_group_obproxy_in_the_inventory_the_plan_alone_decides(mixed, ocp, tmp_path):
    hosts, plan = tmp_path / "own.yml", tmp_path / "plan.yml"
    tree = yaml.safe_load(mixed.inventory().read_text())
    tree["all"]["children"]["proxies"] = tree["all"]["children"].pop("obproxy")
    mixed.inventory = lambda: hosts
    hosts.write_text(yaml.safe_dump(tree))
    assert "-e obproxy_hosts=planned" not in mixed.run("discover", obproxy_plan_file=str(plan)).output
    done = mixed.run("preflight", "-i", str(plan))
    assert done.code == 0, done.output
    assert set(done.outcomes.values()) == {"would_take_over"}
    assert len(done.outcomes) == 3


def test_without_a_file_nothing_is_written(mixed, tmp_path):
    before = sorted(tmp_path.iterdir())
    run = mixed.run("discover")
    assert run.outcomes == OUTCOMES
    assert "Nothing was written." in run.words
    assert [file for file in sorted(tmp_path.iterdir()) if file not in before] == [tmp_path / "hosts.yml"]


def test_check_mode_writes_no_plan_and_shows_it(mixed, tmp_path):
    run = mixed.run("discover", "--check", "--diff", obproxy_plan_file=str(tmp_path / "plan.yml"))
    assert "+into_listed:" in run.output
    assert not (tmp_path / "plan.yml").exists()


def test_a_second_discovery_changes_nothing_and_a_third_only_what_the_hosts_changed(mixed, plan):
    first = plan.read_text()
    run = mixed.run("discover", obproxy_plan_file=str(plan))
    assert plan.read_text() == first
    assert "is up to date" in run.words
    assert run.recap("proxy-1")["changed"] == 0
    mixed.hosts["proxy-6"]["found"] = FINE
    run = mixed.run("discover", obproxy_plan_file=str(plan))
    assert "was replaced" in run.words
    assert groups_in(plan)["into_demo"] == ["proxy-1", "proxy-6"]


def test_an_edited_plan_is_kept_and_the_new_one_is_written_next_to_it(mixed, plan):
    new = plan.with_name("plan.new.yml")
    edited = (
        plan.read_text().replace("# choose_", "choose_").replace("# obproxy_cluster: spare", "obproxy_cluster: spare")
    )
    plan.write_text(edited)
    assert "was edited and is not changed" in mixed.run("discover", obproxy_plan_file=str(plan)).words
    assert not new.exists()
    mixed.hosts["proxy-6"]["found"] = FINE
    run = mixed.run("discover", obproxy_plan_file=str(plan))
    assert f"The new plan is in {new}" in run.words
    assert plan.read_text() == edited
    assert groups_in(new)["into_demo"] == ["proxy-1", "proxy-6"]

    done = mixed.run("takeover", "-i", str(plan), obproxy_hosts="planned")
    assert {host: row["CLUSTER"].split()[0] for host, row in done.table.items()} == {
        "proxy-1": "demo",
        "proxy-2": "listed",
        "proxy-3": "listed",
        "proxy-4": "spare",
    }
    assert set(done.outcomes.values()) == {"taken_over"}


def test_a_choice_that_a_plan_has_made_is_kept_if_the_plan_is_given_to_the_next_look(mixed, plan):
    plan.write_text(plan.read_text().replace("# obproxy_cluster: spare", "obproxy_cluster: spare"))
    run = mixed.run("discover", "-i", str(plan))
    assert run.outcomes["proxy-4"] == "fits"
    assert run.table["proxy-4"]["CLUSTER"].startswith("spare")


@pytest.mark.parametrize(
    "path, words",
    [
        ("missing/plan.yml", "cannot be written: the directory"),
        ("plan.txt", "does not end in .yml or .yaml"),
        ("hosts.yml", "exists and is not a plan of obops.oceanbase.discover"),
    ],
)
def test_a_plan_that_cannot_be_written_is_refused_before_any_host_is_checked(mixed, ocp, tmp_path, path, words):
    run = mixed.run("discover", obproxy_plan_file=str(tmp_path / path))
    assert run.code != 0
    assert len(run.fatal) == 1
    assert words in run.words
    assert "Nothing was done." in run.words
    assert ocp.requests() == []


def test_plans_that_disagree_are_refused_before_any_host_is_checked(mixed, ocp, plan):
    other = plan.with_name("other.yml")

    def refused(*options):
        run = mixed.run("takeover", *options, obproxy_hosts="planned")
        assert run.code != 0
        assert "Nothing was done." in run.words
        assert ocp.requests() == []
        return run.words

    other.write_text(plan.read_text().replace("obproxy_cluster: listed", "obproxy_cluster: new"))
    words = refused("-i", str(plan), "-i", str(other))
    assert (
        "disagree: proxy-2 is in into_listed (obproxy_cluster listed, obproxy_sql_port 2883) of the first, but in"
        in words
    )
    other.write_text(plan.read_text().replace("  hosts:\n    proxy-7", "  hosts:\n    proxy-1:\n    proxy-7"))
    assert "has hosts in several groups: proxy-1 is in" in refused("-i", str(other))
    del mixed.hosts["proxy-2"]
    assert "takes over proxy-2, which the inventory no longer contains" in refused("-i", str(plan))
    assert mixed.run("status", "-i", str(plan)).code == 0
