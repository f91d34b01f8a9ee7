# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._host import readiness
from ansible_collections.obops.oceanbase.plugins.module_utils._host.host import explain

GREETING = {"version": "5.6.25"}
DAEMON = {"pid": 100, "name": "obproxyd.sh", "kind": "daemon", "started": 0.0}


def proxy(pid, started=0.0):
    return {"pid": pid, "name": "obproxy", "kind": "proxy", "started": started}


def listener(pid, obproxy=True):
    return {"pid": pid, "name": "obproxy" if obproxy else "mysqld", "user": "admin", "obproxy": obproxy}


class Script:
    """A simulated host. Each pair (seconds, function) gives the look at the host until that time."""

    def __init__(self, looks):
        self.looks = looks
        self.time = 0.0
        self.taken = 0

    def clock(self):
        return self.time

    def sleep(self, seconds):
        self.time += seconds

    def look(self):
        self.taken += 1
        self.time += 0.01
        return next(make(self.time) for until, make in self.looks if self.time < until)

    def wait(self, timeout=600, verified=None):
        return readiness.wait(self.look, timeout, self.clock, self.sleep, verified)


def test_a_proxy_that_greets_and_stays_is_ready():
    script = Script(
        [
            (0.4, lambda now: readiness.Look(now, [DAEMON, proxy(1)])),
            (99, lambda now: readiness.Look(now, [DAEMON, proxy(1)], listener(1), GREETING)),
        ]
    )
    verdict, _look, _watch, elapsed = script.wait()
    assert verdict == "ready"
    assert 1.4 <= elapsed < 3


def test_a_long_running_proxy_takes_one_check():
    script = Script([(99, lambda now: readiness.Look(now, [proxy(1, started=-60.0)], listener(1), GREETING))])
    assert script.wait()[0] == "ready"
    assert script.taken == 1


@pytest.mark.parametrize(("verified", "checks"), [(1, 1), (2, 5)])
def test_a_new_proxy_that_was_verified_before_takes_one_check_and_another_takes_more(verified, checks):
    script = Script([(99, lambda now: readiness.Look(now, [proxy(1)], listener(1), GREETING))])
    assert script.wait(verified=verified)[0] == "ready"
    assert script.taken == checks


def test_a_slow_start_is_waited_for_though_its_rivals_end():
    """While the first proxy has not opened its port, obproxyd.sh starts more. They exit, and the first survives."""
    script = Script(
        [
            (2, lambda now: readiness.Look(now, [DAEMON, proxy(1), proxy(2, 1.0)])),
            (3, lambda now: readiness.Look(now, [DAEMON, proxy(1), proxy(3, 2.0)])),
            (4, lambda now: readiness.Look(now, [DAEMON, proxy(1), proxy(4, 3.0)], reboots={2: False, 3: False})),
            (30, lambda now: readiness.Look(now, [DAEMON, proxy(1)])),
            (99, lambda now: readiness.Look(now, [DAEMON, proxy(1)], listener(1), GREETING)),
        ]
    )
    verdict, _look, watch, elapsed = script.wait()
    assert verdict == "ready"
    assert elapsed >= 30
    assert sorted(watch.failed) == [2, 3, 4]


def test_a_failed_start_ends_the_wait_with_the_proxys_own_verdict():
    script = Script(
        [
            (
                at + 1,
                lambda now, at=at: readiness.Look(
                    now, [DAEMON, proxy(at, at)], reboots=dict.fromkeys(range(at), False)
                ),
            )
            for at in range(60)
        ]
    )
    verdict, look, watch, elapsed = script.wait()
    assert verdict == "start_failed"
    assert elapsed < 10
    assert "'reboot failed'" in explain(verdict, 2883, look, watch, elapsed)


def test_a_restart_loop_ends_the_wait_where_no_log_has_a_verdict():
    script = Script([(at + 1, lambda now, at=at: readiness.Look(now, [DAEMON, proxy(at, at)])) for at in range(60)])
    verdict, look, watch, elapsed = script.wait()
    assert verdict == "restart_loop"
    assert elapsed < 10
    assert "keeps restarting the proxy" in explain(verdict, 2883, look, watch, elapsed)


def test_proxies_that_end_too_soon_to_be_seen_are_a_restart_loop_as_well():
    """One check in twenty happens to see a proxy. That must not prolong the wait."""

    def looked(now):
        return readiness.Look(now, [DAEMON] + ([proxy(int(now), now)] if now % 10 < 0.6 else []))

    verdict, look, watch, elapsed = Script([(600, looked)]).wait()
    assert verdict == "restart_loop"
    assert 20 <= elapsed < 22
    assert "which exits at once (processes 0" in explain(verdict, 2883, look, watch, elapsed)
    verdict, look, watch, elapsed = Script([(600, lambda now: readiness.Look(now, [DAEMON]))]).wait()
    assert "which exits at once (too soon to be seen)" in explain(verdict, 2883, look, watch, elapsed)


def test_obproxyd_may_take_some_time_to_start_its_proxy():
    script = Script(
        [
            (15, lambda now: readiness.Look(now, [DAEMON])),
            (30, lambda now: readiness.Look(now, [DAEMON, proxy(1, 15.0)])),
            (99, lambda now: readiness.Look(now, [DAEMON, proxy(1, 15.0)], listener(1), GREETING)),
        ]
    )
    assert script.wait()[0] == "ready"


def test_a_proxy_that_greets_and_dies_each_time_is_a_restart_loop():
    def dying(now, pid):
        return readiness.Look(now, [DAEMON, proxy(pid, now)], listener(pid), GREETING)

    def gone(now):
        return readiness.Look(now, [DAEMON])

    looks = []
    for at in range(60):
        looks += [(at + 0.5, lambda now, pid=at: dying(now, pid)), (at + 1, gone)]
    assert Script(looks).wait()[0] == "restart_loop"


def test_a_port_of_something_else_ends_the_wait_at_once():
    script = Script([(99, lambda now: readiness.Look(now, [DAEMON, proxy(1)], listener(50, obproxy=False)))])
    verdict, look, watch, elapsed = script.wait()
    assert (verdict, script.taken) == ("port_taken", 1)
    assert "process 50 (mysqld, user admin)" in explain(verdict, 2883, look, watch, elapsed)


def test_a_listener_that_cannot_be_named_is_no_verdict():
    unknown = {"pid": None, "name": None, "user": None, "obproxy": False}
    script = Script(
        [
            (1, lambda now: readiness.Look(now, [DAEMON, proxy(1)], unknown)),
            (99, lambda now: readiness.Look(now, [DAEMON, proxy(1)], listener(1), GREETING)),
        ]
    )
    assert script.wait()[0] == "ready"


def test_when_nothing_runs_the_wait_ends_after_a_moment():
    script = Script([(99, lambda now: readiness.Look(now, []))])
    verdict, _look, _watch, elapsed = script.wait()
    assert verdict == "not_running"
    assert 3 <= elapsed < 6


@pytest.mark.parametrize("timeout", [0.1, 5, 20])
def test_the_limit_is_kept_and_the_last_look_falls_on_it(timeout):
    script = Script([(9999, lambda now: readiness.Look(now, [DAEMON, proxy(1)]))])
    verdict, look, watch, elapsed = script.wait(timeout)
    assert verdict == "timeout"
    assert timeout <= elapsed < timeout + 0.1
    assert "nothing listens on port 2883 after" in explain(verdict, 2883, look, watch, elapsed)


def test_without_a_limit_it_waits_on():
    script = Script(
        [
            (5000, lambda now: readiness.Look(now, [DAEMON, proxy(1)])),
            (9999, lambda now: readiness.Look(now, [DAEMON, proxy(1)], listener(1), GREETING)),
        ]
    )
    verdict, _look, _watch, elapsed = script.wait(0)
    assert verdict == "ready"
    assert elapsed >= 5000


def test_a_proxy_that_listens_but_does_not_greet_is_named_with_the_reason():
    script = Script(
        [(99, lambda now: readiness.Look(now, [DAEMON, proxy(1)], listener(1), problem="no answer: timed out"))]
    )
    verdict, look, watch, elapsed = script.wait(5)
    assert verdict == "timeout"
    assert "process 1 listens on port 2883 but sends no greeting" in explain(verdict, 2883, look, watch, elapsed)
