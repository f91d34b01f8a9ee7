# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OCP's roles, and the rights that its calls require."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Role = Literal[
    "ADMIN",
    "OBPROXY_MANAGER",
    "OBPROXY_VIEWER",
    "TASK_MANAGER",
    "TASK_VIEWER",
    "HOST_MANAGER",
    "HOST_VIEWER",
]

_ROLES: dict[str, frozenset[str]] = {
    # No right on tasks, so a second role is required to follow a takeover.
    "OBPROXY_MANAGER": frozenset({"OBPROXY:READ", "OBPROXY:WRITE", "HOST:READ"}),
    "OBPROXY_VIEWER": frozenset({"OBPROXY:READ", "HOST:READ"}),
    "TASK_MANAGER": frozenset({"TASK:READ", "TASK:WRITE"}),
    "TASK_VIEWER": frozenset({"TASK:READ"}),
    "HOST_MANAGER": frozenset({"HOST:READ", "HOST:WRITE"}),
    "HOST_VIEWER": frozenset({"HOST:READ"}),
}
_SUBJECTS = {"/api/v2/obproxy/": "OBPROXY", "/api/v2/tasks/": "TASK", "/api/v2/compute/": "HOST"}


def missing(roles: Iterable[Role], path: str, writes: bool) -> str | None:
    """Return the right that a call requires if none of the roles grants it."""
    subject = next((subject for prefix, subject in _SUBJECTS.items() if path.startswith(prefix)), None)
    needed = f"{subject}:{'WRITE' if writes else 'READ'}"
    if subject is None or any(role == "ADMIN" or needed in _ROLES[role] for role in roles):
        return None
    return needed
