# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The wait for a host lasts while its boot makes progress. Then an error says what is missing and what to do."""

from __future__ import annotations

import pytest

from tests.lab import boot, hosts
from tests.lab.places import LabError

STARTING = """\
starting
 12 ssh.service     start running
 13 sshd-keys.service start waiting
4038471504 8123
"""


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_boot_that_goes_on_is_waited_for_beyond_the_time_without_progress(clock):
    watch = boot.Watch(clock)
    for number in range(8):
        assert watch.given_up(f"starting\n{number} 1\n") == ""
        clock.sleep(boot.STALLED_SECONDS - 1)
    assert clock.now - 1000 > 5 * boot.STALLED_SECONDS


def test_a_boot_without_progress_is_given_up(clock):
    watch = boot.Watch(clock)
    assert watch.given_up(STARTING) == ""
    clock.sleep(boot.STALLED_SECONDS - 1)
    assert watch.given_up(STARTING) == ""
    clock.sleep(1)
    assert watch.given_up(STARTING) == "nothing has changed for 90 s"


def test_a_boot_that_only_goes_round_in_circles_is_given_up_as_well(clock):
    watch = boot.Watch(clock)
    number = 0
    while not (why := watch.given_up(f"starting\n{number} 1\n")):
        clock.sleep(10)
        number += 1
    assert why == "900 s are over"
    assert watch.seconds == boot.LONGEST_SECONDS


def test_a_line_twice_a_minute_shows_that_the_wait_continues(clock):
    watch = boot.Watch(clock)
    reports = 0
    for _second in range(120):
        reports += watch.report_due()
        clock.sleep(1)
    assert reports == 3


def test_what_it_waits_for_is_named():
    assert boot.describe(STARTING) == "systemd says 'starting' and waits for ssh.service, sshd-keys.service"
    assert boot.describe("") == "systemd says ''"
    assert boot.state("running\n4038471504 8123\n") in boot.BOOTED


@pytest.mark.parametrize(("runs", "why"), [("true", "90 s: nothing has changed for 90 s"), ("false", "ended")])
def test_a_host_that_does_not_start_says_what_to_do(monkeypatch, clock, runs, why):
    answers = {"exec": "", "inspect": runs, "logs": "Failed to mount /sys\n"}
    monkeypatch.setattr(hosts, "podman", lambda command, *_more, **_options: answers[command])
    with pytest.raises(LabError) as told:
        hosts.wait_for_boot("demo-1", clock, clock.sleep)
    text = str(told.value)
    assert why in text
    assert "Failed to mount /sys" in text
    assert "Run the same command again: hosts that have started are kept" in text
