# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report on a fleet that users read."""

from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.report import lines
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.summary import summary

from .looks import finding

DEMO = {"id": 1, "name": "demo"}


def row(number, outcome="would_take_over", *blockers, **more):
    return {
        "host": f"proxy-{number}",
        "address": f"10.0.0.{number}",
        "sql_port": 2883,
        "cluster": DEMO,
        "outcome": outcome,
        "action": "nothing",
        "task_id": None,
        "blockers": list(blockers),
        "ignored": [],
        "message": "",
        "failure": None,
        **more,
    }


def test_a_fleet_of_300_takes_a_line_for_each_host_and_ten_for_each_kind_of_blocker():
    kinds = ["wrong_user", "host_not_in_ocp", "no_space", "wrong_port", "several_processes"]
    rows = [
        row(number, "blocked", finding(kinds[number % 5], f"found on {number}")) if number < 250 else row(number)
        for number in range(300)
    ]
    text = lines(rows, dry=True)
    assert len(text) <= 300 + 10 * len(kinds)
    assert sum(line.startswith("proxy-") for line in text) == 300
    cured = [line for line in text if "cure:" in line]
    assert len(cured) == 5
    assert "wrong_user: 50 hosts" in text
    assert any(line.startswith("  hosts:") and line.endswith(" and 40 more") for line in text)
    assert "300 hosts: 50 would be taken over, 250 blocked." in text[-3:]


def test_common_findings_are_shown_once_and_others_with_their_host():
    text = lines(
        [row(1, "blocked", finding("wrong_user", "it is root")), row(2, "blocked", finding("wrong_user", "it is root"))]
    )
    assert "  found:  it is root" in text
    text = lines(
        [row(1, "blocked", finding("wrong_user", "it is root")), row(2, "blocked", finding("wrong_user", "it is eve"))]
    )
    assert "  found:  it is root (proxy-1)" in text
    assert "          it is eve (proxy-2)" in text


def test_columns_that_no_host_needs_are_left_out():
    assert lines([row(1)])[0].split() == ["HOST", "ADDRESS", "PORT", "CLUSTER", "OUTCOME", "ROLE"]


def test_a_failed_task_has_its_kind_its_page_and_the_next_step():
    failure = {
        "kind": "task_failed",
        "message": "OCP's task 33001 failed at Start: no space.",
        "next": "Make room.",
        "task": {"id": 33001, "url": "http://ocp:8080/task/33001"},
    }
    text = lines([row(1, "failed", task_id=33001, failure=failure, message=failure["message"])])
    assert text[1].endswith("task_failed task 33001 http://ocp:8080/task/33001")
    assert "task_failed: 1 host" in text
    assert "  found:  OCP's task 33001 failed at Start: no space." in text
    assert "  next:   Make room." in text


def test_an_unreachable_host_shows_why():
    text = lines([row(1, "unreachable", message="Connection refused"), row(2)])
    assert "unreachable: 1 host" in text
    assert "  found:  Connection refused" in text
    assert "2 hosts: 1 would be taken over, 1 unreachable." in text


def test_a_preflight_says_what_to_do_and_what_cannot_be_undone():
    text = " ".join(lines([row(1), row(2)], dry=True))
    assert "2 hosts: 2 would be taken over." in text
    assert "to take over the 2 proxies" in text
    assert "cannot be undone" in text


def test_hosts_end_as_what_they_are_but_one_is_left_for_the_report():
    both = summary([row(1, "unreachable", message="refused"), row(2)])
    assert both["ends"] == {"proxy-1": {"outcome": "unreachable", "why": "refused", "unreachable": True}}
    assert both["failed"] == ["proxy-1"]
    assert summary([row(1, "unreachable", message="refused")])["ends"]["proxy-1"]["unreachable"] is False


def test_rows_of_an_earlier_play_are_passed_on_but_only_once_for_a_proxy():
    before = summary([row(1), row(2, "blocked", finding("wrong_user"))])["hosts"]
    stats = summary([row(1, "taken_over", task_id=7), row(3, "failed", cluster={"id": 2, "name": "billing"})], before)[
        "stats"
    ]
    assert [(told["host"], told["outcome"]) for told in stats["obproxy_takeover_hosts"]] == [
        ("proxy-1", "taken_over"),
        ("proxy-2", "blocked"),
        ("proxy-3", "failed"),
    ]
    assert stats["obproxy_takeover_failed"] == ["proxy-2", "proxy-3"]
    assert stats["obproxy_takeover_task_ids"] == [7]
    assert [each["name"] for each in stats["obproxy_takeover_clusters"]] == ["demo", "billing"]
