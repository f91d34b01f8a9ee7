# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator's clock: wall time that can be frozen and advanced, so that tests do not have to wait."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

# The UTC offset in the samples of OCP's documentation.
ZONE = timezone(timedelta(hours=8))


class Clock:
    """Adds monotonic time to the wall time of its start, so that changes of the system clock do not affect tasks."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Reset to the current wall time."""
        self._origin = time.time() - time.monotonic()
        self._frozen: float | None = None

    def now(self) -> float:
        return self._frozen if self._frozen is not None else self._origin + time.monotonic()

    @property
    def frozen(self) -> bool:
        return self._frozen is not None

    def freeze(self) -> None:
        self._frozen = self.now()

    def thaw(self) -> None:
        if self._frozen is not None:
            self._origin = self._frozen - time.monotonic()
            self._frozen = None

    def advance(self, seconds: float) -> None:
        if self._frozen is not None:
            self._frozen += seconds
        else:
            self._origin += seconds


def stamp(moment: float) -> str:
    """Format a time as ISO 8601 with milliseconds and an offset, like OCP."""
    return datetime.fromtimestamp(moment, ZONE).isoformat(timespec="milliseconds")
