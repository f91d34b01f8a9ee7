# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rate limiting: the number of requests of a user in a time window."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .clock import Clock
from .settings import RateLimit


@dataclass
class Allowance:
    limit: int
    remaining: int
    reset: int
    refused: bool

    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }


class Limiter:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: dict[str, tuple[float, int]] = {}

    def take(self, user: str, rule: RateLimit) -> Allowance:
        now = self._clock.now()
        since, used = self._windows.get(user, (now, 0))
        if now >= since + rule.window:
            since, used = now, 0
        refused = used >= rule.limit
        if not refused:
            used += 1
        self._windows[user] = (since, used)
        # Rounded up, so that a user who waits this many whole seconds is served.
        reset = max(1, math.ceil(since + rule.window - now))
        return Allowance(rule.limit, max(0, rule.limit - used), reset, refused)
