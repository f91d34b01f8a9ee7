# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run with plans stops if they are ambiguous or do not match the inventory."""

import pytest
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.plan_file import MARK
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.plan_sources import problems

PLAN = f"""{MARK}
obproxy: {{children: {{planned: }}}}
planned: {{children: {{into_demo: }}}}
into_demo:
  vars: {{obproxy_cluster: demo}}
  hosts:
    proxy-1: {{obproxy_sql_port: 2883}}
    proxy-2: {{obproxy_sql_port: 2883}}
blocked:
  hosts:
    proxy-3:
"""


@pytest.fixture
def check(tmp_path):
    """A function that writes inventories and returns their problems."""

    def check(**files):
        paths = []
        for name, text in files.items():
            (tmp_path / f"{name}.yml").write_text(text)
            paths.append(str(tmp_path / f"{name}.yml"))
        return problems(paths)

    return check


HOSTS = "all: {hosts: {'proxy-[1:3]': }}\n"


def test_inventories_without_plans_are_not_checked(check):
    assert check(hosts="no inventory: [\n") == []
    assert problems(["/nowhere", "proxy-1,proxy-2,"]) == []


def test_a_plan_that_fits_the_inventory_is_fine_and_so_is_one_alone(check):
    assert check(hosts=HOSTS, plan=PLAN) == []
    assert check(plan=PLAN) == []
    assert check(hosts=HOSTS, plan=PLAN, other=PLAN) == []


def test_a_planned_host_that_has_left_the_inventory_is_named(check):
    (text,) = check(hosts="all: {hosts: {proxy-1: }}\n", plan=PLAN)
    assert "plan.yml takes over proxy-2, which the inventory no longer contains" in text
    assert "proxy-3" not in text


def test_hosts_are_also_found_in_a_list_and_in_a_folder_with_the_plan(check, tmp_path):
    check(plan=PLAN)
    plan = str(tmp_path / "plan.yml")
    assert problems(["proxy-1,proxy-2,", plan]) == []
    assert "proxy-2" in problems(["proxy-1,", plan])[0]
    check(hosts=HOSTS)
    (tmp_path / "group_vars").mkdir()
    (tmp_path / "README.md").write_text("no inventory")
    assert problems([str(tmp_path)]) == []


def test_an_inventory_that_cannot_be_read_again_is_no_reason_to_stop(check):
    assert check(hosts="all: [\n", plan=PLAN) == []


@pytest.mark.parametrize(
    "change, words",
    [
        (("obproxy_cluster: demo", "obproxy_cluster: billing"), "into_demo (obproxy_cluster billing, obproxy_sql_port"),
        (("proxy-1: {obproxy_sql_port: 2883}", "proxy-1: {obproxy_sql_port: 3306}"), "obproxy_sql_port 3306"),
        (("children: {into_demo: }", "children: {}"), "into_demo"),
    ],
)
def test_two_plans_that_disagree_are_named_with_the_hosts(check, change, words):
    (text,) = check(hosts=HOSTS, plan=PLAN, other=PLAN.replace(*change))
    assert "plan.yml and " in text
    assert (
        "other.yml disagree: proxy-1 is in into_demo (obproxy_cluster demo, obproxy_sql_port 2883) of the first" in text
    )
    assert words in text
    assert "Use only one of them." in text


def test_plans_of_different_hosts_do_not_disagree(check):
    assert check(hosts="all: {hosts: {'proxy-[1:9]': }}\n", plan=PLAN, other=PLAN.replace("proxy-", "proxy-1")) != []
    other = PLAN.replace("proxy-1", "proxy-7").replace("proxy-2", "proxy-8").replace("proxy-3", "proxy-9")
    assert check(hosts="all: {hosts: {'proxy-[1:9]': }}\n", plan=PLAN, other=other) == []


def test_a_host_in_two_groups_of_one_plan_is_named(check):
    (text,) = check(hosts=HOSTS, plan=PLAN.replace("proxy-3", "proxy-1"))
    assert "has hosts in several groups: proxy-1 is in into_demo and in blocked. Keep each host in one of them." in text
