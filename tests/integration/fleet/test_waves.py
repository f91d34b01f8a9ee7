# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fleet in waves: what is shown before, what ends it, and that the same command goes on the next night."""

import csv
import json
import signal
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml

from tests.unit.plugins.plugin_utils._fleet.looks import finding

from .conftest import found, proxy

WAVES = {"obproxy_cluster": "demo", "obproxy_waves": [1, "50%"]}


def posts(ocp):
    """How many proxies each call took over."""
    return [len(request["body"]["hosts"]) for request in ocp.requests() if request["method"] == "POST"]


@pytest.fixture
def five(fleet):
    for number in range(1, 6):
        fleet.add(f"proxy-{number}", ansible_host=f"10.0.0.{number}")
    return fleet


def test_the_waves_are_shown_first_and_each_has_one_call(five, ocp):
    blocker = finding("wrong_user", "it runs as root")
    five.add("proxy-0", found(proxy(), blockers=[blocker]), ansible_host="10.0.0.6")
    run = five.run("takeover", **WAVES)
    assert "Wave 1: 1 proxy (1 into demo): proxy-1\nWave 2: 2 proxies (2 into demo): proxy-2, proxy-3" in run.output
    assert run.output.index("Wave 1: 1 proxy") < run.output.index("Taking over 1 proxy into cluster demo")
    assert posts(ocp) == [1, 2, 2]
    assert {host: row["WAVE"] for host, row in run.table.items()} == {
        "proxy-1": "1",
        "proxy-2": "2",
        "proxy-3": "2",
        "proxy-4": "3",
        "proxy-5": "3",
        "proxy-0": "-",
    }
    assert [*run.outcomes.values()] == [*["taken_over"] * 5, "blocked"]


def test_preflight_and_check_mode_show_waves_and_changes_and_take_nothing_over(five, ocp):
    settings = [{"name": "work_thread_num", "value": "8", "needs_restart": True}]
    five.add("proxy-3", found(proxy(), settings=settings), ansible_host="10.0.0.3")
    for run in (five.run("preflight", **WAVES), five.run("takeover", "--check", **WAVES)):
        assert run.code == 0
        assert [row["WAVE"] for row in run.table.values()] == ["1", "2", "2", "3", "3"]
        assert set(run.outcomes.values()) == {"would_take_over"}
        assert "Wave 1: 1 proxy (1 into demo): proxy-1\nWave 2: 2 proxies (2 into demo): proxy-2, proxy-3" in run.output
        assert "  work_thread_num: 8 -> 128, restart needed: 1 proxy (proxy-3)\n" in run.output
    assert posts(ocp) == []


def test_a_failure_ends_the_night_before_the_next_wave_and_the_same_command_goes_on(five, ocp, tmp_path):
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
    assert "Wave 3 was not begun: 1 host failed (proxy-2), and obproxy_max_failures is 0." in run.output
    told = json.loads(report.read_text())
    assert {host["host"]: host["outcome"] for host in told["hosts"]} == run.outcomes
    assert posts(ocp) == [1, 1]

    del five.hosts["proxy-2"]["role_fails"]
    assert five.run("takeover", **WAVES).code == 0
    assert posts(ocp) == [1, 1, 1, 1, 1]


def test_failures_up_to_the_limit_are_no_reason_to_stop(five):
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


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"obproxy_waves": 0}, "obproxy_waves: a wave of 0 has no host"),
        ({"obproxy_waves": "110%"}, "obproxy_waves: 110% is no percentage from 0% to 100%"),
        ({"obproxy_max_failures": "some"}, "obproxy_max_failures: some is no number and no percentage"),
        ({"obproxy_wave_pause": -1}, "obproxy_wave_pause: -1 is less than 0 seconds"),
        ({"obproxy_window_end": "2026-01-01 04:00"}, "obproxy_window_end: 2026-01-01 04:00 is in the past"),
        ({"obproxy_window_end": "soon"}, "obproxy_window_end: soon is no clock time such as 04:00"),
        ({"obproxy_report": "/nowhere/a.html"}, "obproxy_report: /nowhere/a.html cannot be written"),
        ({"obproxy_report": "a.pdf"}, "obproxy_report: a.pdf ends in none of .csv, .html, .json"),
        ({"obproxy_check_query": "SELECT 1"}, "obproxy_check_query needs a login: set obproxy_check_user"),
        ({"obproxy_check_tasks": "check.yml"}, "obproxy_check_tasks: check.yml is no absolute path"),
        ({"obproxy_check_tasks": "/nowhere/c.yml"}, "obproxy_check_tasks: there is no file /nowhere/c.yml"),
    ],
)
def test_what_cannot_be_is_refused_in_one_message_before_ocp_is_asked(five, ocp, variables, words):
    run = five.run("takeover", **{**WAVES, **variables})
    assert run.code != 0
    assert words in run.words
    assert "Nothing was done." in run.words
    assert ocp.requests() == []


def test_a_report_that_cannot_be_written_is_named(five, tmp_path):
    """By a play of one's own (module report_file)."""
    task = {"name": "Keep it", "obops.oceanbase.report_file": {"paths": [f"{tmp_path}/a.pdf"], "report": {}}}
    run = five.run([{"name": "Report", "hosts": "proxy-1", "gather_facts": False, "tasks": [task]}])
    assert run.code != 0
    assert "a.pdf ends in none of .csv, .html, .json" in run.words


@pytest.mark.parametrize(
    ("how", "words", "begun"),
    [
        (signal.SIGINT, "Taking over 2 proxies into cluster demo", 3),
        (signal.SIGKILL, "TASK [Pause before the next wave]", 1),
    ],
    ids=["ctrl-c in a wave", "killed between two"],
)
def test_a_run_that_is_ended_goes_on_with_the_same_command_and_takes_each_proxy_over_once(
    five, ocp, tmp_path, how, words, begun
):
    ocp.settings(task_seconds=5)
    report = tmp_path / "tonight.json"
    night = {**WAVES, "obproxy_wave_pause": 3, "obproxy_report": str(report)}
    ended = five.interrupted("takeover", words, how, **night)
    assert ended.code != 0
    assert len(ocp.takeovers()) == begun
    # The report of the waves before is there.
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
    # Two events in AWX each.
    tasks = run.recap("proxy-3")
    assert tasks["ok"] + tasks["skipped"] <= 15, run.output


def test_what_the_proxies_were_like_is_kept_from_the_first_run_of_the_night(five, tmp_path):
    folder = tmp_path / "tonight"
    assert five.run("preflight", **WAVES, obproxy_snapshot_dir=str(folder)).code == 0
    assert not folder.exists()
    assert five.run("takeover", **WAVES, obproxy_snapshot_dir=str(folder)).code == 0
    before = {file.name: file.read_text() for file in folder.iterdir()}
    assert sorted(before) == [f"proxy-{number}-2883.yml" for number in range(1, 6)]
    kept = yaml.safe_load(before["proxy-1-2883.yml"])
    assert (kept["host"], kept["cluster"]["name"], kept["processes"][0]["user"]) == ("proxy-1", "demo", "admin")
    assert five.run("takeover", **WAVES, obproxy_snapshot_dir=str(folder)).code == 0
    assert {file.name: file.read_text() for file in folder.iterdir()} == before


def test_the_report_has_the_same_hosts_in_each_of_its_forms(five, tmp_path):
    paths = {ending: tmp_path / f"tonight.{ending}" for ending in ("html", "json", "csv")}
    five.run("takeover", **WAVES, obproxy_report=[str(path) for path in paths.values()])
    told = json.loads(paths["json"].read_text())
    assert [host["wave"] for host in told["hosts"]] == [1, 2, 2, 3, 3]
    assert all(host["started"] and host["finished"] and host["task_url"] for host in told["hosts"])
    assert told["about"]["OCP"] == five.ocp.url
    with Path(paths["csv"]).open() as file:
        assert [line["host"] for line in csv.DictReader(file)] == [host["host"] for host in told["hosts"]]
    page = paths["html"].read_text()
    assert all(host in page for host in five.hosts)
    assert five.ocp.password not in page + paths["json"].read_text() + paths["csv"].read_text()
