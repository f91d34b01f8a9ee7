# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Problems of a run as a whole are reported before any request to OCP."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.refusals import before_ocp
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.variables import settle

NOW = datetime(2026, 11, 25, 22, 0, tzinfo=timezone.utc)


def refusals(hosts=1, **given):
    names = [f"proxy-{number}" for number in range(1, hosts + 1)]
    given = {"obproxy_cluster": "demo", "ocp_url": "http://ocp.example.com:8080", **given}
    return before_ocp([settle({"inventory_hostname": name, **given}) for name in names], names, {}, NOW)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("obproxy_waves", 0, "a wave of 0 has no host"),
        ("obproxy_waves", "110%", "110% is not a percentage from 0% to 100%"),
        ("obproxy_max_failures", "some", "some is neither a number nor a percentage"),
        ("obproxy_wave_pause", -1, "-1 is less than 0 seconds"),
        ("obproxy_window_end", "2026-01-01 04:00", "2026-01-01 04:00 is in the past; it is 2026-11-25 22:00 UTC now"),
        ("obproxy_window_end", "soon", "soon is neither a time such as 04:00"),
        ("obproxy_report", "/nowhere/a.html", "/nowhere/a.html cannot be written"),
        ("obproxy_report", "/tmp/a.pdf", "/tmp/a.pdf does not end in one of .csv, .html, .json"),
        ("obproxy_check_tasks", "check.yml", "check.yml is not an absolute path"),
        ("obproxy_check_tasks", "/nowhere/c.yml", "the file /nowhere/c.yml does not exist"),
    ],
)
def test_an_invalid_value_is_named_with_its_variable(name, value, words):
    (problem,) = refusals(300, **{name: value})
    assert problem.startswith(f"{name}: ")
    assert words in problem


def test_a_query_without_a_login_names_some_of_the_hosts_that_lack_one():
    (problem,) = refusals(300, obproxy_check_query="SELECT 1")
    assert problem.startswith("obproxy_check_query needs a login: set obproxy_check_user")
    assert "proxy-1, proxy-2, proxy-3 and 297 more" in problem
    assert refusals(300, obproxy_check_query="SELECT 1", obproxy_check_user="app@tenant#cluster") == []


def test_all_problems_are_reported_at_once():
    found = refusals(obproxy_waves=0, obproxy_max_failures="some", obproxy_window_end="soon", obproxy_wave_pause=-1)
    assert [problem.partition(":")[0] for problem in found] == [
        "obproxy_waves",
        "obproxy_max_failures",
        "obproxy_window_end",
        "obproxy_wave_pause",
    ]
