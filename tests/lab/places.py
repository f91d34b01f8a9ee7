# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the lab keeps its files, and what distinguishes this checkout's from another's."""

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

#: Podman's names are one machine's, so they carry the checkout's path in short.
CHECKOUT = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
PREFIX = f"obproxy-lab-{CHECKOUT}"


class LabError(Exception):
    """Something a person can act upon; shown without a traceback."""


def directory(name: str) -> Path:
    """The folder of one lab."""
    return LABS / name


def session() -> str:
    """Who started this: `make test` sets it, and ends whatever was started under it."""
    return os.environ.get("LAB_SESSION", "")


@contextmanager
def lock(name: str) -> Iterator[None]:
    """Hold a lock among the processes of this checkout (tests start labs side by side)."""
    LABS.mkdir(parents=True, exist_ok=True)
    with (LABS / f".{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
