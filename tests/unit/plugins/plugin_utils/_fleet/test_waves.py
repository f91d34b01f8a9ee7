# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waves count the proxies to take over, and no wave begins too late or after too many failures."""

from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet import variables, waves

ZONE = timezone(timedelta(hours=1))
NOW = datetime(2026, 11, 25, 23, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    "given, hosts, expected",
    [
        (None, 10, [10]),
        ("", 10, [10]),
        (3, 10, [3, 3, 3, 1]),
        ("50%", 10, [5, 5]),
        ([1, "10%", "50%"], 20, [1, 2, 10, 7]),
        ("1, 10%, 100%", 300, [1, 30, 269]),
        (["1%"], 10, [1] * 10),
        ([500], 300, [300]),
        (5, 0, []),
    ],
)
def test_waves_are_written_as_serial_is(given, hosts, expected):
    assert waves.sizes(given, hosts) == expected


@pytest.mark.parametrize("given", [0, "0", "0%", -1, "101%", "half", [1, 0], "10.5%"])
def test_an_invalid_wave_is_refused_with_its_value(given):
    with pytest.raises(ValueError, match=r"obproxy_waves: "):
        waves.sizes(given, 10)


@pytest.mark.parametrize("given, expected", [(None, 0), ("", 0), (0, 0), (3, 3), ("10%", 2), ("0%", 0), ("1%", 0)])
def test_the_limit_of_failures_is_a_number_or_a_percentage(given, expected):
    assert waves.most_failures(given, 20) == expected


@pytest.mark.parametrize("given", [-1, "150%", "some"])
def test_a_limit_of_failures_that_cannot_be_is_refused(given):
    with pytest.raises(ValueError, match="obproxy_max_failures: "):
        waves.most_failures(given, 20)


@pytest.mark.parametrize(
    "given, expected",
    [
        ("23:30", NOW.replace(minute=30)),
        ("04:00", datetime(2026, 11, 26, 4, 0, tzinfo=ZONE)),
        ("2026-11-26 04:00", datetime(2026, 11, 26, 4, 0, tzinfo=ZONE)),
        ("2026-11-26T04:00+08:00", datetime(2026, 11, 25, 21, 0, tzinfo=ZONE) + timedelta(0)),
        ("2026-11-25T23:30Z", datetime(2026, 11, 26, 0, 30, tzinfo=ZONE)),
    ],
)
def test_the_end_of_the_window(given, expected):
    if expected <= NOW:
        with pytest.raises(ValueError, match="is in the past"):
            waves.window_end(given, NOW)
    else:
        assert waves.window_end(given, NOW) == expected


def test_no_end_is_no_end():
    assert waves.window_end(None, NOW) is None
    assert waves.window_end("", NOW) is None


@pytest.mark.parametrize("given", ["soon", "25:00", "2026-13-01", "04:61"])
def test_an_end_that_cannot_be_read_is_refused(given):
    with pytest.raises(ValueError, match="obproxy_window_end: "):
        waves.window_end(given, NOW)


def test_an_unquoted_time_that_yaml_reads_as_a_number_is_that_time():
    assert waves.window_end(variables.read("obproxy_window_end", 1410), NOW) == NOW.replace(minute=30)


def row(number, outcome="would_take_over", wave=None, **more):
    host = f"proxy-{number}"
    more = {"failure": None, "message": "", "blockers": [], **more}
    return {"host": host, "outcome": outcome, "wave": wave, "cluster": {"id": 1, "name": "demo"}, **more}


def numbers(outcomes, sizes):
    return [each["wave"] for each in waves.numbered([row(n, outcome) for n, outcome in enumerate(outcomes)], sizes)]


def test_blocked_hosts_are_in_no_wave_and_make_none_smaller():
    blocked, new, managed = "blocked", "would_take_over", "already_managed"
    assert numbers([blocked, managed, new, blocked, new, new, managed], "1, 2") == [None, 1, 1, None, 2, 2, 2]


def test_a_fleet_of_300_goes_in_waves_as_serial_would():
    found = numbers(["would_take_over"] * 300, "1, 10%, 50%")
    assert [found.count(wave) for wave in (1, 2, 3, 4)] == [1, 30, 150, 119]
    assert found == sorted(found)


def test_the_limits_of_a_run_are_numbers():
    rows = waves.numbered([row(number) for number in range(20)], "50%")
    values = {"obproxy_wave_pause": 30, "obproxy_max_failures": "10%", "obproxy_window_end": "04:00"}
    assert waves.schedule(values, rows, NOW) == {
        "waves": 2,
        "pause": 30,
        "most_failures": 2,
        "end": "2026-11-26T04:00:00+01:00",
    }


LIMITS = {"waves": 3, "pause": 0, "most_failures": 1, "end": None}


def outcomes_of(rows):
    return [each["outcome"] for each in rows]


def test_no_wave_begins_after_too_many_failures_and_the_reason_names_them():
    rows = [row(1, "failed", 1), row(2, "taken_over", 1), row(3, wave=2), row(4, wave=3), row(5, "blocked")]
    assert outcomes_of(waves.begin(rows, 2, LIMITS, NOW)) == outcomes_of(rows)
    rows[1] = row(2, "taken_over", 1, failure={"kind": "check_failed"})
    begun = waves.begin(rows, 2, LIMITS, NOW)
    assert outcomes_of(begun) == ["failed", "taken_over", "not_reached", "not_reached", "blocked"]
    assert begun[2]["message"] == (
        "Wave 2 was not started: 2 hosts failed (proxy-1, proxy-2), and obproxy_max_failures is 1."
    )
    assert waves.begin(begun, 3, LIMITS, NOW) == begun


def test_no_wave_begins_after_the_window_has_ended():
    limits = {**LIMITS, "end": "2026-11-25T22:59:00+01:00"}
    begun = waves.begin([row(1, wave=1), row(2, "already_managed", 1)], 1, limits, NOW)
    assert outcomes_of(begun) == ["not_reached", "already_managed"]
    assert begun[0]["message"] == (
        "Wave 1 was not started: the change window ended at 2026-11-25 22:59 (obproxy_window_end)."
    )


def test_a_proxy_has_the_times_of_its_task_or_else_of_its_wave():
    task = {"started": "2026-11-26T06:00:05.123+08:00", "finished": "2026-11-26T06:01:00.500+08:00"}
    begun = waves.begin([row(1, wave=1, task=task), row(2, wave=1), row(3, wave=2)], 1, LIMITS, NOW)
    later = NOW + timedelta(minutes=5)
    ended = waves.ended([dict(each, outcome="taken_over") for each in begun], 1, later)
    assert [(each.get("started"), each.get("finished")) for each in ended] == [
        ("2026-11-25T23:00:05+01:00", "2026-11-25T23:01:00+01:00"),
        ("2026-11-25T23:00:00+01:00", "2026-11-25T23:05:00+01:00"),
        (None, None),
    ]
    assert [each["taken_now"] for each in ended] == [True, True, False]


def test_several_waves_are_shown_in_a_line_each():
    rows = waves.numbered([row(number) for number in range(1, 9)], "1, 100%")
    assert waves.overview(rows) == [
        "Wave 1: 1 proxy (1 into demo): proxy-1",
        "Wave 2: 7 proxies (7 into demo): proxy-2, proxy-3, proxy-4, proxy-5, proxy-6 and 2 more",
    ]
    assert waves.overview(waves.numbered([row(1), row(2)], "")) == []
