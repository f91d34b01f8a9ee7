# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task does to the state: the engine asks, and knows nothing of OBProxies."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..errors import Problem

# In every subtask's log, as in OCP's: with characters that end a value for whoever reads the line too simply.
SECRETS = {"proxyro_password": "pRo,xy}Ro=Se)cret 7", "root_sys_password": "Sys%Tem#Secret}, 8"}


class Finding(NamedTuple):
    """What a look at real hosts gave: a problem ends the subtask as failed."""

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

    def secrets(self) -> dict[str, str]:
        """What the engine keeps in the context for its subtasks and no answer shows."""
        return {}

    def logged_context(self) -> str:
        """The whole context as the engine logs it, in Java's words: with all that is secret in it."""
        strings = {**self.strings(), **SECRETS, **self.secrets()}
        lists = {name: f"[{', '.join(values)}]" for name, values in self.lists().items()}
        return f"Context(parallelIdx=-1, stringMap={_java(strings)}, listMap={_java(lists)})"

    def strings(self) -> dict[str, str]:
        """The context's stringMap."""
        return {}


def _java(values: dict[str, str]) -> str:
    return "{" + ", ".join(f"{name}={value}" for name, value in values.items()) + "}"
