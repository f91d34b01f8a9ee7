# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Limits for waiting until a host has booted: as long as the boot makes progress, however slow the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable

#: Give up if nothing has changed for this long.
STALLED_SECONDS = 90
#: A boot takes 3 s on an idle machine. It has taken 3 minutes on a machine where 30 hosts were starting.
LONGEST_SECONDS = 900
#: The interval of progress messages.
REPORT_SECONDS = 30
BOOTED = ("running", "degraded")
#: Run in the host: prints systemd's state, its jobs, and a checksum that changes with any unit.
LOOK = """\
systemctl is-system-running
systemctl list-jobs --no-legend
systemctl list-units --no-legend --plain --all | cksum
"""


class Watch:
    """Tracks the progress of a boot from one check to the next."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = self._changed = self._reported = clock()
        self._seen: str | None = None

    @property
    def seconds(self) -> float:
        """The seconds since the wait began."""
        return self._clock() - self._began

    def given_up(self, seen: str) -> str:
        """Return the reason to give up, or an empty string to continue waiting."""
        if seen != self._seen:
            self._seen, self._changed = seen, self._clock()
        if self._clock() - self._changed >= STALLED_SECONDS:
            return f"nothing has changed for {STALLED_SECONDS} s"
        if self.seconds >= LONGEST_SECONDS:
            return f"{LONGEST_SECONDS} s are over"
        return ""

    def report_due(self) -> bool:
        """Return whether it is time to report that the wait continues."""
        if self._clock() - self._reported < REPORT_SECONDS:
            return False
        self._reported = self._clock()
        return True


def state(seen: str) -> str:
    """Return systemd's state, which is the first line of the output, or an empty string before systemd runs."""
    return seen.partition("\n")[0].strip()


def describe(seen: str) -> str:
    """Describe systemd's state and the units that it is still waiting for."""
    jobs = waiting_for(seen)
    return f"systemd says {state(seen)!r}" + (f" and waits for {jobs}" if jobs else "")


def waiting_for(seen: str) -> str:
    """Return the units with unfinished jobs."""
    jobs = [line.split() for line in seen.splitlines()[1:] if len(line.split()) == 4]
    return ", ".join(sorted(unit for _number, unit, _type, _state in jobs))
