# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator's clock: wall time that can be frozen and moved forward, so that tests need not wait."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

# The samples of OCP's documents carry this offset.
ZONE = timezone(timedelta(hours=8))


class Clock:
    """Runs on the monotonic clock from the wall time of its start: a step of the system's clock moves no task."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Back to the time of day."""
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
    """ISO 8601 with milliseconds and an offset, as OCP writes times."""
    return datetime.fromtimestamp(moment, ZONE).isoformat(timespec="milliseconds")
