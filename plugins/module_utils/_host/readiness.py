# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks whether a proxy is ready. Exit codes do not show this: `obproxyd.sh` and `obproxy` exit with 0 even if the
start fails.

Ready means that an obproxy process owns the SQL port and sends the MySQL greeting, and is still there a moment later.
A start has failed for good when one proxy after the other ends (obproxyd.sh starts the next each second), when none is
there at all, or when something else has the port.
"""

from typing import Any, Callable, Dict, List, Optional, Set, Tuple

from .records import Record

# Between two checks: short at first, since an idle machine needs 0.4 s. Never the one second of obproxyd.sh, or all
# checks could fall between the proxies that it starts in vain.
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 0.6
# A proxy that has just come up is checked twice, this far apart. One that has run for so long is not.
SETTLE_SECONDS = 1.0
SETTLED_SECONDS = 10.0
# How many proxies must end before the start counts as failed. One may lose the port to another one that lives.
ENOUGH_FAILURES = 3
# How long nothing may be there: the script that was just called has yet to become a process of its own.
NOTHING_SECONDS = 3.0
# How long obproxyd.sh may be there without a proxy that two looks in a row have seen. One that ends within milliseconds
# leaves no trace between two looks, and a host that is only slow shows its proxy all the while.
NO_PROXY_SECONDS = 20.0


class Look(object):
    """The findings of one check."""

    def __init__(
        self,
        now: float,
        processes: List[Record],
        listener: Optional[Record] = None,
        greeting: Optional[Record] = None,
        problem: Optional[str] = None,
        reboots: Optional[Dict[int, bool]] = None,
    ) -> None:
        self.now = now
        self.processes = processes
        self.proxies = {process["pid"]: process for process in processes if process["kind"] == "proxy"}
        # The process that listens on the SQL port: {pid, name, user}, or None when nothing does.
        self.listener: Any = listener
        # What it sent, as long as it is an obproxy's.
        self.greeting = greeting
        # Why there is no greeting although an obproxy listens.
        self.problem = problem
        self.reboots = reboots or {}


class Watch(object):
    """Judges one check after the other. `judge` returns a verdict, or None while there is hope.

    verified: the process ID of a proxy that was checked twice before.
    """

    def __init__(self, verified: Optional[int] = None) -> None:
        self._verified = verified
        self.failed: Dict[int, bool] = {}
        self._seen: Dict[int, Record] = {}
        self._ready: Optional[Tuple[int, float]] = None
        self._greeted: Set[int] = set()
        self._nothing_since: Optional[float] = None
        self._no_proxy_since: Any = None
        self._first_failure: Optional[float] = None

    def judge(self, look: Look) -> Optional[str]:
        self._note_lasting(look)
        self._note_failures(look)
        if look.greeting is not None:
            return self._judge_greeting(look)
        self._ready = None
        # A listener without a known process proves nothing: it may have ended during the look.
        if look.listener is not None and look.listener["pid"] not in [None] + list(look.proxies):
            return "port_taken"
        if look.processes:
            self._nothing_since = None
        elif self._nothing_since is None:
            self._nothing_since = look.now
        elif look.now - self._nothing_since >= NOTHING_SECONDS:
            return "start_failed" if self.failed else "not_running"
        enough = len(self.failed) >= ENOUGH_FAILURES and not self._survivors(look)
        if enough or look.now - self._no_proxy_since >= NO_PROXY_SECONDS:
            return "start_failed" if any(self.failed.values()) else "restart_loop"
        return None

    def _judge_greeting(self, look: Look) -> Optional[str]:
        pid = look.listener["pid"]
        if pid == self._verified or look.now - look.proxies[pid]["started"] >= SETTLED_SECONDS:
            return "ready"
        self._greeted.add(pid)
        if len(self._greeted) > ENOUGH_FAILURES:
            return "restart_loop"
        if self._ready is None or self._ready[0] != pid:
            self._ready = (pid, look.now)
        return "ready" if look.now - self._ready[1] >= SETTLE_SECONDS else None

    def _note_lasting(self, look: Look) -> None:
        """Before the failures are noted: it holds this look against the one before."""
        daemons = [process for process in look.processes if process["kind"] == "daemon"]
        if self._no_proxy_since is None or not daemons or any(pid in self._seen for pid in look.proxies):
            self._no_proxy_since = look.now

    def _note_failures(self, look: Look) -> None:
        """failed: pid → whether the proxy's own log says so (or it has only vanished)."""
        for pid in self._seen:
            if pid not in look.proxies:
                self.failed.setdefault(pid, False)
        for pid, succeeded in look.reboots.items():
            if not succeeded:
                self.failed[pid] = True
        self._seen = look.proxies
        if self.failed and self._first_failure is None:
            self._first_failure = look.now

    def _survivors(self, look: Look) -> List[int]:
        """Proxies older than the first failure: slow perhaps, but not those that end at once."""
        return [
            pid
            for pid, process in look.proxies.items()
            if pid not in self.failed and process["started"] < self._first_failure
        ]


def wait(
    take_look: Callable[[], Look],
    timeout: float,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
    verified: Optional[int] = None,
) -> Tuple[str, Look, Watch, float]:
    """Check until there is a verdict or the time is over (0: never). Returns verdict, last check, watch, seconds."""
    watch = Watch(verified)
    begin = clock()
    pause = FIRST_PAUSE
    while True:
        look = take_look()
        verdict = watch.judge(look)
        left = begin + timeout - clock() if timeout else None
        if verdict is None and left is not None and left <= 0:
            verdict = "timeout"
        if verdict is not None:
            return verdict, look, watch, clock() - begin
        sleep(pause if left is None else min(pause, left))
        pause = min(pause * 1.5, LONGEST_PAUSE)
