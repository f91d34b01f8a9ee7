# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Time limits on a monotonic clock."""

import signal
import threading
import time
from contextlib import contextmanager
from typing import Any, Callable, Iterator, Optional

#: How often a long pause is interrupted for a check, in seconds.
NAP = 1.0


class Deadline:
    """A limit of this many seconds from now on. 0 means none.

    The clock is given by tests only. It has monotonic() and sleep(), as the module time has.
    watch: when set, is called about once a second during pauses; it may end them by an exception.
    """

    def __init__(self, seconds: float = 0, clock: Any = time) -> None:
        self._clock = clock
        self._start: float = clock.monotonic()
        self.seconds = seconds
        self.watch: Optional[Callable[[], None]] = None

    @property
    def elapsed(self) -> float:
        now: float = self._clock.monotonic()
        return now - self._start

    @property
    def remaining(self) -> float:
        return max(0.0, self.seconds - self.elapsed) if self.seconds else float("inf")

    @property
    def expired(self) -> bool:
        return self.remaining <= 0

    def another(self, seconds: float) -> "Deadline":
        """A new limit from now on, with the same clock."""
        return Deadline(seconds, self._clock)

    def pause(self, seconds: float) -> None:
        """Sleeps this long, or for the remaining time if that is less."""
        left = min(seconds, self.remaining)
        while left > 0:
            nap = min(left, NAP) if self.watch else left
            self._clock.sleep(nap)
            left -= nap
            if self.watch:
                self.watch()


class Interrupted(Exception):
    """A call took longer than allowed."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Ends the body with Interrupted after this many seconds, wherever it hangs: look-up, connect, or an endless
    answer.

    The timeouts of requests apply to a single read, so they never catch a server that sends a byte now and then. Needs
    the main thread, where modules run. Elsewhere, only the timeouts of requests apply.
    """
    if threading.current_thread() is not threading.main_thread() or seconds in (0, float("inf")):
        yield
        return

    def ring(signum: int, frame: Any) -> None:
        raise Interrupted()

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
