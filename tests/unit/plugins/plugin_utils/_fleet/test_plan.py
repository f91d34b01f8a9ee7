# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The planned outcome of each host of a fleet, before anything is changed."""

import copy

import pytest
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.calls import prepared
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.plan import Records, config_urls, plan, stopped

from .fleets import FINE, HOSTS, cluster, fleet, host, managed, settled
from .looks import finding, look, process

UNREACHABLE = {"unreachable": True, "msg": "Task failed: Failed to connect to the host via ssh: Connection refused"}


def one(name="proxy-1", found=None, clusters=None, hosts=HOSTS, **variables):
    variables.setdefault("ansible_host", "10.0.0.1")
    mine = fleet(settled(name, **variables))
    return plan(mine, {name: found or FINE}, Records(clusters or [cluster()], hosts), mine)[0]


def names(row):
    return [entry["name"] for entry in row["blockers"]]


def test_a_proxy_that_fits_would_be_taken_over():
    row = one()
    assert (row["outcome"], row["action"], row["cluster"]) == ("would_take_over", "nothing", {"id": 1, "name": "demo"})


def test_a_managed_proxy_and_its_settings_are_not_changed():
    row = one(clusters=[cluster(proxies=[managed(1)])], found=look(process(), problems=[finding("no_space")]))
    assert (row["outcome"], row["configure"], row["blockers"]) == ("already_managed", False, [])


def test_a_version_that_is_not_known_yet_is_not_too_low():
    proxies = [{**managed(1), "address": "10.0.0.9", "host_id": 9, "version": "4.2.1-11"}]
    found = look(problems=[finding("no_version")], action="install", version=None, packages=[])
    assert names(one(clusters=[cluster(proxies=proxies)], found=found)) == ["no_version"]


def test_the_role_does_nothing_to_a_managed_proxy_that_it_could_not_do_elsewhere():
    found = look(process(), problems=[finding("other_version")], action="install")
    row = one(clusters=[cluster(proxies=[managed(1)])], found=found)
    assert (row["outcome"], names(row)) == ("blocked", ["other_version"])


def test_a_proxy_that_is_being_taken_over_is_joined():
    assert one(clusters=[cluster(proxies=[managed(1, "TAKINGOVER")])])["outcome"] == "would_take_over"


@pytest.mark.parametrize(
    "variables, name",
    [
        ({"obproxy_cluster": ""}, "no_cluster"),
        ({"obproxy_cluster": "prod"}, "cluster_not_in_ocp"),
        ({"obproxy_cluster": "demo", "obproxy_cluster_id": 2}, "cluster_not_in_ocp"),
        ({"obproxy_state": "absent"}, "wrong_state"),
        ({"ansible_host": "10.9.9.9"}, "host_not_in_ocp"),
    ],
)
def test_a_host_is_blocked_by_its_variables(variables, name):
    row = one(clusters=[cluster(), cluster(2, "billing")], **variables)
    assert row["outcome"] == "blocked"
    assert name in names(row)


def test_a_name_that_two_clusters_have_needs_the_id():
    clusters = [cluster(), cluster(2, "demo")]
    assert names(one(clusters=clusters)) == ["cluster_ambiguous"]
    assert one(clusters=clusters, obproxy_cluster_id=2)["cluster"] == {"id": 2, "name": "demo"}


def busy(unit=False, **todo):
    found = copy.deepcopy(FINE)
    found["obproxy"]["todo"].update(todo)
    found["obproxy"]["unit"]["ours"] = unit
    return found


@pytest.mark.parametrize(
    ("found", "variables", "has_work"),
    [
        (FINE, {}, False),
        (FINE, {"obproxy_extra_options": {}, "obproxy_proxysys_password": ""}, False),
        (FINE, {"obproxy_service": "yes"}, True),
        (FINE, {"obproxy_proxysys_password": "secret"}, True),
        (FINE, {"obproxy_extra_options": {"work_thread_num": 64}}, True),
        (FINE, {"obproxy_extra_options": {"work_thread_num": 64}, "obproxy_configure": False}, False),
        (busy(unit=True), {}, False),
        (busy(idle=False), {}, True),
        (busy(action="install", idle=False), {}, True),
    ],
)
def test_the_role_runs_only_where_it_has_work(found, variables, has_work):
    row = one(found=found, **variables)
    assert (row["outcome"], row["role_has_work"]) == ("would_take_over", has_work)


@pytest.mark.parametrize(("todo", "has_work"), [({}, False), ({"unit": True}, True), ({"idle": False}, True)])
def test_the_role_leaves_alone_what_ocp_manages_unless_systemd_starts_it(todo, has_work):
    # OCP manages the settings of the proxy and starts it.
    wanted = {"obproxy_extra_options": {"work_thread_num": 64}, "obproxy_service": True}
    row = one(found=busy(**todo), clusters=[cluster(proxies=[managed(1)])], **wanted)
    assert (row["outcome"], row["role_has_work"]) == ("already_managed", has_work)


def test_an_unreachable_host_keeps_the_words_of_ssh():
    row = one(found=UNREACHABLE)
    assert (row["outcome"], row["action"]) == ("unreachable", None)
    assert row["message"] == "Connection refused"


def test_a_host_that_cannot_be_checked_is_blocked_and_not_failed():
    row = one(found={"failed": True, "msg": "Missing sudo password"})
    assert (row["outcome"], names(row)) == ("blocked", ["look_failed"])
    assert "Missing sudo password" in row["blockers"][0]["found"]


def test_a_host_that_cannot_be_checked_because_of_its_variables_is_blocked_by_these_alone():
    row = one(found={"failed": True, "msg": "argument 'sql_port' is of type str"}, obproxy_sql_port="abc")
    assert (row["outcome"], names(row)) == ("blocked", ["invalid_variable"])


def test_a_host_that_was_lost_in_an_earlier_play_has_a_row_that_says_so():
    hosts = fleet(settled("proxy-1", ansible_host="10.0.0.1"))
    hosts["proxy-2"] = {}
    rows = plan(hosts, {"proxy-1": FINE, "proxy-2": FINE}, Records([cluster()], HOSTS), ["proxy-1"])
    assert [row["outcome"] for row in rows] == ["would_take_over", "not_reached"]
    assert "earlier play" in rows[1]["message"]


def test_where_nothing_runs_what_the_role_starts_is_what_counts():
    fresh = look(action="install", blockers=[finding("no_process")])
    assert one(found=fresh)["outcome"] == "would_take_over"
    assert one(found=fresh)["action"] == "install"


def test_a_package_that_would_have_to_be_installed_needs_a_version():
    row = one(found=look(action="install", problems=[finding("no_version")], blockers=[finding("no_process")]))
    assert names(row) == ["no_version"]


def test_a_fresh_proxy_gets_the_config_url_of_its_own_cluster_if_no_start_mode_is_given():
    hosts = fleet(
        settled("proxy-1"),
        settled("proxy-2", obproxy_cluster="billing"),
        settled("proxy-3", obproxy_config_url="http://mine"),
        settled("proxy-4", obproxy_rs_list=["10.0.0.5:2882"]),
        settled("proxy-5", obproxy_cluster="prod"),
    )
    records = Records([cluster(config_url="http://demo"), cluster(2, "billing", work_mode="RS_LIST")])
    assert list(config_urls(hosts, records).values()) == ["http://demo", "", "http://mine", "", ""]


def test_a_problem_that_stops_both_role_and_ocp_is_named_once():
    both = look(process(), problems=[finding("wrong_user")], blockers=[finding("wrong_user"), finding("only_loopback")])
    assert names(one(found=both)) == ["wrong_user", "only_loopback"]


def test_a_package_that_the_repositories_do_not_have_blocks_before_anything_is_changed():
    hosts = fleet(settled("proxy-1", ansible_host="10.0.0.1"))
    fresh = look(action="install")
    row = plan(hosts, {"proxy-1": fresh}, Records([cluster()], HOSTS), hosts, errors={"proxy-1": "none fits"})[0]
    assert (row["outcome"], names(row), row["blockers"][0]["found"]) == ("blocked", ["role_would_fail"], "none fits")


def test_a_check_without_root_shows_nothing_else():
    found = look(process(start_mode="rs_list"), root=False, problems=[finding("not_root")])
    assert names(one(found=found)) == ["not_root"]


def test_an_upgrade_that_keeps_the_old_package_cannot_be_taken_over():
    upgrade = look(process(), action="upgrade")
    assert names(one(found=upgrade)) == ["old_version_kept"]
    assert one(found=upgrade, obproxy_keep_old_version=False)["outcome"] == "would_take_over"


def test_a_password_that_the_role_can_set_does_not_block():
    denied = look(process(), blockers=[finding("wrong_password")])
    mine = fleet(settled("proxy-1", ansible_host="10.0.0.1"))
    records = Records([cluster()], HOSTS)
    assert plan(mine, {"proxy-1": denied}, records, mine)[0]["outcome"] == "blocked"
    denied["obproxy"]["login"] = {"outcome": "denied", "old_password_works": True}
    assert plan(mine, {"proxy-1": denied}, records, mine)[0]["outcome"] == "would_take_over"
    unfit = fleet(settled("proxy-1", ansible_host="10.0.0.1", obproxy_proxysys_password="it's"))
    assert plan(unfit, {"proxy-1": denied}, records, unfit)[0]["outcome"] == "blocked"


def test_the_same_proxy_under_two_names_is_blocked_with_both():
    hosts = fleet(
        settled("proxy-1", ansible_host="10.0.0.1"),
        settled("proxy-1.example.com", obproxy_ocp_address="Proxy-1."),
        settled("proxy-2", ansible_host="10.0.0.2"),
        settled("again", ansible_host="10.0.0.2", obproxy_sql_port=3306),
    )
    rows = plan(hosts, dict.fromkeys(hosts, FINE), Records([cluster()], HOSTS), hosts)
    assert [row["outcome"] for row in rows] == ["blocked", "blocked", "would_take_over", "would_take_over"]
    assert "proxy-1, proxy-1.example.com" in rows[0]["blockers"][0]["found"]


def test_one_bad_host_stops_the_others_if_requested():
    hosts = fleet(settled("proxy-1", ansible_host="10.0.0.1"), settled("proxy-2", ansible_host="10.0.0.2"))
    rows = stopped(plan(hosts, {"proxy-1": FINE, "proxy-2": UNREACHABLE}, Records([cluster()], HOSTS), hosts))
    assert [row["outcome"] for row in rows] == ["not_reached", "unreachable"]
    assert "since proxy-2 did not pass" in rows[0]["message"]
    good = plan(hosts, dict.fromkeys(hosts, FINE), Records([cluster()], HOSTS), hosts)
    assert stopped(good) == good


def test_after_the_role_each_host_that_is_lost_says_how():
    hosts = fleet(*(settled(f"proxy-{number}", ansible_host=f"10.0.0.{number}") for number in (1, 2, 3)))
    rows = plan(hosts, dict.fromkeys(hosts, FINE), Records([cluster()], HOSTS), hosts)
    rows = prepared(rows, {"proxy-1": "Install OBProxy package: no space left"}, ["proxy-1", "proxy-3"])
    assert [row["outcome"] for row in rows] == ["failed", "unreachable", "would_take_over"]
    assert rows[0]["message"] == "Install OBProxy package: no space left"
    fatal = prepared(rows, {}, ["proxy-3"], fatal=True)
    assert [row["outcome"] for row in fatal] == ["failed", "unreachable", "not_reached"]


def test_hosts_are_found_by_any_spelling():
    row = one(ansible_host="::ffff:10.0.0.1")
    assert row["host_id"] == 1
    assert (
        one(hosts=[host(4, name="Proxy.Example.COM", address="10.0.0.4")], ansible_host="proxy.example.com.")["host_id"]
        == 4
    )
