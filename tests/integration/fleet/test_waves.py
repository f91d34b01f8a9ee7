# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Takeovers in waves, with their preview, their stop conditions and their continuation by the same command."""

import csv
import json
import signal
from datetime import datetime, timedelta

import pytest
import yaml

from tests.unit.plugins.plugin_utils._fleet.looks import finding

from .conftest import found, proxy

WAVES = {"obproxy_cluster": "demo", "obproxy_waves": [1, "50%"]}


def posts(ocp):
    """Return the number of proxies in each takeover call."""
    return [len(request["body"]["hosts"]) for request in ocp.requests() if request["method"] == "POST"]


def with_five(fleet):
    for number in range(1, 6):
        fleet.add(f"proxy-{number}", ansible_host=f"10.0.0.{number}")
    return fleet


@pytest.fixture
def five(fleet):
    return with_five(fleet)


class Night:
    """A takeover in waves with all reports and snapshots, for five proxies and one that runs as root."""

    def __init__(self, fleet):
        self.fleet = with_five(fleet)
        self.fleet.add("proxy-0", found(proxy(), blockers=[finding("wrong_user")]), ansible_host="10.0.0.6")
        self.reports = {ending: fleet.folder / f"tonight.{ending}" for ending in ("html", "json", "csv")}
        self.snapshots = fleet.folder / "tonight"
        self.run = self.again()
        self.calls = posts(fleet.ocp)

    def again(self):
        reports = [str(path) for path in self.reports.values()]
        return self.fleet.run("takeover", **WAVES, obproxy_report=reports, obproxy_snapshot_dir=str(self.snapshots))


@pytest.fixture(scope="module")
def night(new_fleet):
    return Night(new_fleet())


def test_the_waves_are_shown_first_and_each_has_one_call(night):
    output = night.run.output
    assert "Wave 1: 1 proxy (1 into demo): proxy-1\nWave 2: 2 proxies (2 into demo): proxy-2, proxy-3" in output
    assert output.index("Wave 1: 1 proxy") < output.index("Taking over 1 proxy into cluster demo")
    assert night.calls == [1, 2, 2]
    assert {host: row["WAVE"] for host, row in night.run.table.items()} == {
        "proxy-1": "1",
        "proxy-2": "2",
        "proxy-3": "2",
        "proxy-4": "3",
        "proxy-5": "3",
        "proxy-0": "-",
    }
    assert [*night.run.outcomes.values()] == [*["taken_over"] * 5, "blocked"]


def test_the_report_has_the_same_hosts_in_each_of_its_forms(night):
    told = json.loads(night.reports["json"].read_text())
    taken_over = [host for host in told["hosts"] if host["wave"]]
    assert [host["wave"] for host in taken_over] == [1, 2, 2, 3, 3]
    assert all(host["started"] and host["finished"] and host["task_url"] for host in taken_over)
    assert told["about"]["OCP"] == night.fleet.ocp.url
    with night.reports["csv"].open() as file:
        assert [line["host"] for line in csv.DictReader(file)] == [host["host"] for host in told["hosts"]]
    page = night.reports["html"].read_text()
    assert all(host in page for host in night.fleet.hosts)
    assert not any(night.fleet.ocp.password in path.read_text() for path in night.reports.values())


def test_the_snapshots_of_the_first_run_of_the_night_are_kept(night):
    before = {file.name: file.read_text() for file in night.snapshots.iterdir()}
    assert sorted(before) == [f"proxy-{number}-2883.yml" for number in range(1, 6)]
    kept = yaml.safe_load(before["proxy-1-2883.yml"])
    assert (kept["host"], kept["cluster"]["name"], kept["processes"][0]["user"]) == ("proxy-1", "demo", "admin")
    assert set(night.again().outcomes.values()) == {"already_managed", "blocked"}
    assert {file.name: file.read_text() for file in night.snapshots.iterdir()} == before


def test_invalid_options_are_refused_in_one_message_before_ocp_is_contacted(five, ocp):
    wrong = {
        "obproxy_waves": 0,
        "obproxy_max_failures": "some",
        "obproxy_wave_pause": -1,
        "obproxy_window_end": "2026-01-01 04:00",
        "obproxy_report": "/nowhere/a.html",
        "obproxy_check_tasks": "check.yml",
    }
    run = five.run("takeover", obproxy_cluster="demo", **wrong)
    assert run.code != 0
    assert len(run.fatal) == 1
    assert [name for name in wrong if f"{name}: " not in run.words] == []
    assert "Nothing was done." in run.words
    assert ocp.requests() == []


def test_preflight_and_check_mode_show_waves_and_changes_and_take_over_nothing(five, ocp):
    settings = [{"name": "work_thread_num", "value": "8", "needs_restart": True}]
    five.add("proxy-3", found(proxy(), settings=settings), ansible_host="10.0.0.3")
    snapshots = five.folder / "tonight"
    night = {**WAVES, "obproxy_snapshot_dir": str(snapshots)}
    for run in (five.run("preflight", **night), five.run("takeover", "--check", **night)):
        assert run.code == 0
        assert [row["WAVE"] for row in run.table.values()] == ["1", "2", "2", "3", "3"]
        assert set(run.outcomes.values()) == {"would_take_over"}
        assert "Wave 1: 1 proxy (1 into demo): proxy-1\nWave 2: 2 proxies (2 into demo): proxy-2, proxy-3" in run.output
        assert "  work_thread_num: 8 -> 128, restart needed: 1 proxy (proxy-3)\n" in run.output
    assert posts(ocp) == []
    assert not snapshots.exists()


def test_a_failure_stops_the_next_wave_and_the_same_command_continues(five, ocp, tmp_path):
    five.hosts["proxy-2"]["role_fails"] = "no space left on device"
    report = tmp_path / "tonight.json"
    run = five.run("takeover", **WAVES, obproxy_report=str(report))
    assert run.code != 0
    assert run.outcomes == {
        "proxy-1": "taken_over",
        "proxy-2": "failed",
        "proxy-3": "taken_over",
        "proxy-4": "not_reached",
        "proxy-5": "not_reached",
    }
    assert "Wave 3 was not started: 1 host failed (proxy-2), and obproxy_max_failures is 0." in run.output
    told = json.loads(report.read_text())
    assert {host["host"]: host["outcome"] for host in told["hosts"]} == run.outcomes
    assert posts(ocp) == [1, 1]

    del five.hosts["proxy-2"]["role_fails"]
    assert five.run("takeover", **WAVES).code == 0
    assert posts(ocp) == [1, 1, 1, 1, 1]


def test_failures_up_to_the_limit_do_not_stop_the_run(five):
    five.hosts["proxy-2"]["role_fails"] = "no space left on device"
    run = five.run("takeover", **WAVES, obproxy_max_failures="20%")
    assert run.outcomes["proxy-2"] == "failed"
    assert run.outcomes["proxy-5"] == "taken_over"


def test_losing_the_one_host_of_a_wave_ends_neither_the_run_nor_the_report(five, ocp):
    five.hosts["proxy-1"]["role_loses_host"] = True
    run = five.run("takeover", **WAVES)
    assert run.outcomes["proxy-1"] == "unreachable"
    assert run.outcomes["proxy-2"] == "not_reached"
    assert posts(ocp) == []


def test_no_wave_begins_after_the_window(five, ocp, tmp_path):
    end = datetime.now().astimezone() + timedelta(seconds=60)
    tasks = tmp_path / "check.yml"
    tasks.write_text(
        "- name: Work until the window has ended\n  ansible.builtin.command: sleep 1\n  retries: 60\n  delay: 1\n"
        f"  until: now().timestamp() > {end.timestamp()}\n"
    )
    window = {"obproxy_window_end": end.isoformat(timespec="seconds"), "obproxy_check_tasks": str(tasks)}
    run = five.run("takeover", **WAVES, **window)
    assert run.outcomes["proxy-1"] == "taken_over"
    assert set(list(run.outcomes.values())[1:]) == {"not_reached"}
    assert "(obproxy_window_end)" in run.output
    assert posts(ocp) == [1]


def test_tasks_of_ones_own_are_run_for_what_was_taken_over(five, tmp_path):
    tasks = tmp_path / "check.yml"
    tasks.write_text(
        "- name: Look for sessions\n  ansible.builtin.assert:\n    that: inventory_hostname != 'proxy-1'\n"
        "    fail_msg: no session at all\n"
    )
    run = five.run("takeover", **WAVES, obproxy_check_tasks=str(tasks))
    assert run.outcomes["proxy-1"] == "taken_over"
    assert run.table["proxy-1"]["REASON"] == "check_failed"
    assert "It was taken over, but obproxy_check_tasks: no session at all." in run.words
    assert run.outcomes["proxy-2"] == "not_reached"


def test_a_report_that_cannot_be_written_is_named(five, tmp_path):
    """A custom play uses the module report_file."""
    task = {"name": "Keep it", "obops.oceanbase.report_file": {"paths": [f"{tmp_path}/a.pdf"], "report": {}}}
    run = five.run([{"name": "Report", "hosts": "proxy-1", "gather_facts": False, "tasks": [task]}])
    assert run.code != 0
    assert "a.pdf does not end in one of .csv, .html, .json" in run.words


@pytest.mark.parametrize(
    ("how", "words", "begun"),
    [
        (signal.SIGINT, "Taking over 2 proxies into cluster demo", 3),
        (signal.SIGKILL, "TASK [Pause before the next wave]", 1),
    ],
    ids=["ctrl-c in a wave", "killed between two"],
)
def test_the_same_command_continues_a_killed_run_and_takes_over_each_proxy_once(five, ocp, tmp_path, how, words, begun):
    ocp.settings(task_seconds=5)
    report = tmp_path / "tonight.json"
    night = {**WAVES, "obproxy_wave_pause": 3, "obproxy_report": str(report)}
    ended = five.interrupted("takeover", words, how, **night)
    assert ended.code != 0
    assert len(ocp.takeovers()) == begun
    # The report of the previous waves exists.
    told = json.loads(report.read_text())
    assert [host["outcome"] for host in told["hosts"]].count("taken_over") == 1
    again = five.run("takeover", **night)
    assert again.code == 0, again.output
    assert set(again.outcomes.values()) <= {"taken_over", "already_managed"}
    assert sorted(takeover["address"] for takeover in ocp.takeovers()) == [f"10.0.0.{n}" for n in range(1, 6)]


def test_the_role_is_not_run_where_it_has_no_work(five):
    five.add("proxy-1", found(proxy(), idle=True), ansible_host="10.0.0.1", role_fails="it was run")
    five.add("proxy-2", found(proxy()), ansible_host="10.0.0.2", role_fails="it was run")
    five.add("proxy-3", found(proxy(), idle=True), ansible_host="10.0.0.3")
    run = five.run("takeover", obproxy_cluster="demo")
    assert (run.outcomes["proxy-1"], run.outcomes["proxy-2"]) == ("taken_over", "failed")
    # Each of these tasks causes two events in AWX.
    tasks = run.recap("proxy-3")
    assert tasks["ok"] + tasks["skipped"] <= 15, run.output
