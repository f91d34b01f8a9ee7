# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task does to the world: the engine asks, and knows nothing of OBProxies."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..errors import Problem


class Finding(NamedTuple):
    """What a look at the real world gave: a problem ends the subtask as failed."""

    log: str
    problem: str | None = None
    # The error of a call that refuses because of it.
    refusal: Problem = Problem.PRECONDITION


class Work:
    """A task without any effect."""

    def know(self, key: str) -> Finding | None:
        """What is known of the step with this key without a look."""
        return None

    def check(self, key: str) -> Callable[[], Finding] | None:
        """What is to be looked at during the step with this key. Called in a thread: no more than reads and
        notes about the task's own targets."""
        return None

    def succeeded(self) -> None:
        """The task's last subtask is done."""

    def rolled_back(self) -> None:
        """All that the task did is undone."""

    def lists(self) -> dict[str, list[str]]:
        """The context's listMap."""
        return {}

    def strings(self) -> dict[str, str]:
        """The context's stringMap."""
        return {}
