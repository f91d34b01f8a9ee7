# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long to wait for a host: as long as its boot makes progress, however slow the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable

#: So long nothing may change.
STALLED_SECONDS = 90
#: A boot takes 3 s on an idle machine and has been seen to take 3 minutes on one with 30 hosts starting.
LONGEST_SECONDS = 900
#: How often a person who waits is told what for.
REPORT_SECONDS = 30
BOOTED = ("running", "degraded")
#: In the host: systemd's state, its jobs, and a number that changes with any unit.
LOOK = """\
systemctl is-system-running
systemctl list-jobs --no-legend
systemctl list-units --no-legend --plain --all | cksum
"""


class Watch:
    """Judges the progress of a boot, one check after the other."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = self._changed = self._reported = clock()
        self._seen: str | None = None

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return self._clock() - self._began

    def given_up(self, seen: str) -> str:
        """Why waiting makes no sense any more; empty as long as it does."""
        if seen != self._seen:
            self._seen, self._changed = seen, self._clock()
        if self._clock() - self._changed >= STALLED_SECONDS:
            return f"nothing has changed for {STALLED_SECONDS} s"
        if self.seconds >= LONGEST_SECONDS:
            return f"{LONGEST_SECONDS} s are over"
        return ""

    def report_due(self) -> bool:
        """Whether it is time to report that the wait continues."""
        if self._clock() - self._reported < REPORT_SECONDS:
            return False
        self._reported = self._clock()
        return True


def state(seen: str) -> str:
    """What systemd says of the system: the first line of what is seen; empty until there is a systemd."""
    return seen.partition("\n")[0].strip()


def describe(seen: str) -> str:
    """What systemd says and what it still waits for."""
    jobs = waiting_for(seen)
    return f"systemd says {state(seen)!r}" + (f" and waits for {jobs}" if jobs else "")


def waiting_for(seen: str) -> str:
    """The units whose jobs are not done."""
    jobs = [line.split() for line in seen.splitlines()[1:] if len(line.split()) == 4]
    return ", ".join(sorted(unit for _number, unit, _type, _state in jobs))
