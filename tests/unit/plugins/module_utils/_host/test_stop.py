# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import signal

from ansible_collections.obops.oceanbase.plugins.module_utils._host import stop

HOME = "/opt/taobao/install/obproxy-1.9.1.1"


class Machine:
    """A host with a daemon that starts a proxy whenever none is running, another installation's proxy, and a clock."""

    def __init__(self, stubborn=False):
        self.now = 0.0
        self.stubborn = stubborn
        self.alive = {1: ("daemon", HOME), 2: ("proxy", HOME), 9: ("proxy", "/data/other")}
        self.sent = []

    def look(self):
        if 1 in self.alive and 2 not in self.alive:
            self.alive[3] = ("proxy", HOME)
        return [{"pid": pid, "kind": kind, "home": home} for pid, (kind, home) in self.alive.items()]

    def kill(self, pid, number):
        if pid not in self.alive:
            raise ProcessLookupError
        self.sent.append((pid, number))
        if number == signal.SIGKILL or not self.stubborn:
            del self.alive[pid]

    def sleep(self, seconds):
        self.now += seconds

    def stop(self, timeout=9):
        return stop.stop(self.look, HOME, timeout, self.kill, lambda: self.now, self.sleep)


def test_the_daemon_goes_first_and_another_installation_is_left_alone():
    machine = Machine()
    assert machine.stop() == ([1, 2], [])
    assert machine.sent == [(1, signal.SIGKILL), (2, signal.SIGTERM)]
    assert list(machine.alive) == [9]


def test_a_proxy_that_does_not_end_is_killed_after_a_while():
    machine = Machine(stubborn=True)
    assert machine.stop() == ([1, 2], [])
    assert machine.sent == [(1, signal.SIGKILL), (2, signal.SIGTERM), (2, signal.SIGKILL)]
    assert 6 <= machine.now < 9


def test_processes_that_cannot_be_ended_are_reported_at_the_limit():
    machine = Machine()
    machine.kill = lambda pid, number: None
    assert machine.stop() == ([1, 2], [1, 2])
    assert 9 <= machine.now < 10


def test_nothing_that_runs_costs_no_signal():
    machine = Machine()
    machine.alive = {}
    assert machine.stop() == ([], [])
    assert machine.sent == []
