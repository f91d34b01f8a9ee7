# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The effects of a task on the state. The engine calls them and knows nothing about OBProxies."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..errors import Problem

# In the log of every subtask, as in OCP. Some characters end a value early for clients that parse the line too simply.
SECRETS = {"proxyro_password": "pRo,xy}Ro=Se)cret 7", "root_sys_password": "Sys%Tem#Secret}, 8"}


class Finding(NamedTuple):
    """The result of a check. A problem makes the subtask fail."""

    log: str
    problem: str | None = None
    # The error of a call that is refused because of the problem.
    refusal: Problem = Problem.PRECONDITION


class Work:
    """A task without any effect."""

    def know(self, key: str) -> Finding | None:
        """Return the finding for the step with this key if it is known without a check."""
        return None

    def check(self, key: str) -> Callable[[], Finding] | None:
        """Return the check for the step with this key. It runs in a thread, so it may only read, and change only
        the task's own targets."""
        return None

    def succeeded(self) -> None:
        """Apply the effects after the task's last subtask."""

    def rolled_back(self) -> None:
        """Undo everything that the task did."""

    def lists(self) -> dict[str, list[str]]:
        """Return the context's listMap."""
        return {}

    def secrets(self) -> dict[str, str]:
        """Return the values that the engine keeps in the context for its subtasks, and that no response shows."""
        return {}

    def logged_context(self) -> str:
        """Return the whole context as the engine logs it, in Java's format and with all secrets."""
        strings = {**self.strings(), **SECRETS, **self.secrets()}
        lists = {name: f"[{', '.join(values)}]" for name, values in self.lists().items()}
        return f"Context(parallelIdx=-1, stringMap={_java(strings)}, listMap={_java(lists)})"

    def strings(self) -> dict[str, str]:
        """Return the context's stringMap."""
        return {}


def _java(values: dict[str, str]) -> str:
    return "{" + ", ".join(f"{name}={value}" for name, value in values.items()) + "}"
