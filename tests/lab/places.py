# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lab's paths, and the names that distinguish this checkout's labs from those of another checkout."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
LABS = CACHE / "lab"

#: Podman's names are shared by the whole machine, so they contain a hash of the checkout's path.
CHECKOUT = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
PREFIX = f"obproxy-lab-{CHECKOUT}"


class LabError(Exception):
    """An error that the user can fix, shown without a traceback."""


def directory(name: str) -> Path:
    """Return the folder of one lab."""
    return LABS / name


def session() -> str:
    """Return the session that started this. `make test` sets it, and stops everything that was started in it."""
    return os.environ.get("LAB_SESSION", "")


@contextmanager
def lock(name: str) -> Iterator[None]:
    """Hold a lock shared by the processes of this checkout, since tests start labs in parallel."""
    LABS.mkdir(parents=True, exist_ok=True)
    with (LABS / f".{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
