# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parameters that OCP would change are shown before a takeover, and those that it did change afterwards.

Values are compared as the proxy interprets them.
"""

import pytest
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet import impact


def setting(name, value, restart=False):
    return {"name": name, "value": value, "needs_restart": restart}


def test_only_parameters_whose_value_differs_are_changed():
    settings = [setting("work_thread_num", "128", restart=True), setting("proxy_mem_limited", "3G")]
    parameters = [setting("proxy_mem_limited", "3072MB"), setting("work_thread_num", "64")]
    assert impact.changes(settings, parameters) == [
        {"name": "work_thread_num", "before": "128", "after": "64", "restart": True}
    ]


def test_passwords_are_never_compared_or_shown():
    settings = [setting("obproxy_sys_password", "0123abcd")]
    assert impact.changes(settings, [setting("obproxy_sys_password", "dcba3210")]) == []


def test_a_parameter_that_the_version_lacks_is_reported():
    [change] = impact.changes([], [setting("proxy_id", "0")])
    assert change == {"name": "proxy_id", "before": None, "after": "0", "restart": False}


def test_a_parameter_without_a_value_is_left_alone():
    assert impact.changes([setting("proxy_id", "1")], [setting("proxy_id", None)]) == []


def test_the_changes_of_a_fleet_are_listed_once_those_that_need_a_restart_first():
    threads = {"name": "work_thread_num", "before": "128", "after": "64", "restart": True}
    memory = {"name": "proxy_mem_limited", "before": "3G", "after": "2G", "restart": False}
    groups = impact.grouped({"proxy-1": [threads, memory], "proxy-2": [memory], "proxy-3": []})
    assert [(group["name"], group["count"], group["hosts"]) for group in groups] == [
        ("work_thread_num", 1, ["proxy-1"]),
        ("proxy_mem_limited", 2, ["proxy-1", "proxy-2"]),
    ]


SETTINGS = [setting("work_thread_num", "128", restart=True), setting("proxy_mem_limited", "3G")]
PARAMETERS = [setting("work_thread_num", "64", restart=True), setting("proxy_mem_limited", "2G")]
CLUSTERS = [{"id": 1, "name": "demo", "parameters": PARAMETERS}]


def row(host="proxy-1", outcome="would_take_over", action="nothing", **more):
    address = f"10.0.0.{host[-1]}"
    return {
        "host": host,
        "address": address,
        "outcome": outcome,
        "action": action,
        "blockers": [],
        "ignored": [],
        "cluster": {"id": 1, "name": "demo"},
        **more,
    }


def look(settings):
    return {"proxy-1": {"obproxy": {"settings": settings}}}


@pytest.mark.parametrize(
    ("forbidden", "settings", "outcome", "names"),
    [
        (False, SETTINGS, "would_take_over", []),
        (True, SETTINGS, "blocked", ["restart_needed"]),
        (True, [setting("work_thread_num", "64", restart=True)], "would_take_over", []),
        (True, None, "blocked", ["restart_unknown"]),
        (False, None, "would_take_over", []),
    ],
)
def test_a_proxy_that_ocp_would_restart_is_blocked_where_that_is_not_allowed(forbidden, settings, outcome, names):
    [done] = impact.previewed([row()], look(settings), CLUSTERS, {"proxy-1": forbidden})
    assert done["outcome"] == outcome
    assert [entry["name"] for entry in done["blockers"]] == names


def test_a_proxy_that_the_role_starts_has_no_sessions_to_lose():
    [done] = impact.previewed([row(action="install")], look(None), CLUSTERS, {"proxy-1": True})
    assert (done["outcome"], done["changes"]) == ("would_take_over", None)


def test_the_changes_of_a_fleet_are_shown_in_a_line_each():
    rows = impact.previewed([row()], look(SETTINGS), CLUSTERS, {})
    assert impact.overview(rows) == [
        "OCP sets the proxies' parameters to those of their cluster:",
        "  work_thread_num: 128 -> 64, restart needed: 1 proxy (proxy-1)",
        "  proxy_mem_limited: 3G -> 2G: 1 proxy (proxy-1)",
    ]
    assert impact.overview([row("proxy-2", "blocked", changes=None)]) == []


def test_a_parameter_that_the_version_lacks_is_shown_before_and_is_no_change_afterwards():
    lacking = [{"id": 1, "parameters": [setting("proxy_id", "0")]}]
    rows = impact.previewed([row()], look(SETTINGS), lacking, {})
    assert impact.overview(rows)[1:] == ["  proxy_id: not known to this version (0 in OCP): 1 proxy (proxy-1)"]
    [done] = impact.came_true([row(outcome="taken_over", taken_now=True)], look(SETTINGS), lacking)
    assert done["changes"] == []


def test_what_has_really_changed_is_what_ocp_shows_of_the_proxy():
    values = [{"value": "128", "obproxies": ["10.0.0.1"]}, {"value": "64", "obproxies": ["10.0.0.9"]}]
    after = [{"id": 1, "parameters": [{**PARAMETERS[0], "by_proxy": values}, PARAMETERS[1]]}]
    [done] = impact.came_true([row(outcome="taken_over", taken_now=True)], look(SETTINGS), after)
    assert [(change["name"], change["after"]) for change in done["changes"]] == [("proxy_mem_limited", "2G")]
