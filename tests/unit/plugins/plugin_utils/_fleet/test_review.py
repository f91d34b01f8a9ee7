# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The preflight report that the approver of a takeover sees."""

from ansible_collections.obops.oceanbase.plugins.filter.takeover_review import takeover_review

from .looks import finding
from .test_report import row


def test_what_is_taken_over_and_what_is_left_out_is_at_the_end():
    found = takeover_review([row(1), row(2), row(3, "blocked", finding("wrong_user", "it is root"))], "false")
    assert found["problem"] == ""
    assert "wrong_user: 1 host" in found["lines"]
    assert found["lines"][-2:] == [
        "If you approve, OCP takes over 2 proxies: proxy-1, proxy-2.",
        "1 host would be left out: proxy-3.",
    ]


def test_there_is_nothing_to_approve_if_a_blocked_host_stops_the_others():
    found = takeover_review([row(1), row(3, "blocked", finding("wrong_user", "it is root"))], "true")
    assert found["problem"].startswith("1 host did not pass the preflight, and obproxy_blockers_fatal is set")
    assert found["lines"][-1] == found["problem"]


def test_there_is_nothing_to_approve_if_all_hosts_are_blocked():
    found = takeover_review([row(1, "blocked", finding("wrong_user", "it is root")), row(2, "unreachable")])
    assert found["problem"].startswith("No proxy could be taken over.")


def test_there_is_nothing_to_approve_if_the_preflight_got_nowhere():
    assert takeover_review([])["lines"] == [takeover_review([])["problem"]]
    assert "passed on no host" in takeover_review([])["problem"]


def test_a_fleet_that_ocp_already_manages_is_reported_as_such():
    found = takeover_review([row(1, "already_managed")], "")
    assert found["problem"] == ""
    assert found["lines"][-1] == "OCP already manages all of these proxies. A takeover changes nothing in OCP."
