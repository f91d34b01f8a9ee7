# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Compares values of OBProxy's settings by their meaning.

SHOW PROXYCONFIG shows numbers, times and sizes as they were set, so 3G, 3072M and 3072 are the same size, and 60s and
1m the same time. Booleans are True and False, enumerations in any case.
"""

from __future__ import annotations

import re

BOOLEANS = {"true": True, "false": False}
#: Units of times in microseconds, and of sizes in KiB. A bare number is seconds, or MiB.
TIMES = {"us": 1, "ms": 1000, "": 10**6, "s": 10**6, "m": 60 * 10**6, "h": 3600 * 10**6, "d": 86400 * 10**6}
SIZES = {"k": 1, "kb": 1, "": 1024, "m": 1024, "mb": 1024, "g": 1024**2, "gb": 1024**2}
#: Units of one kind only: "m" is minutes and MiB.
ONLY_TIMES = set(TIMES) - set(SIZES)
ONLY_SIZES = set(SIZES) - set(TIMES)


def same(one: str, other: str, hint: str | None = None) -> bool:
    """Whether two values of a setting mean the same.

    hint: another value of the same setting, such as its default, whose unit may show if it is a time or a size.
    Values whose kind remains unknown are the same only if their numbers and their units are.
    """
    first, second = one.strip(), other.strip()
    if first.lower() == second.lower():
        return True
    mine, theirs, known = _number(first), _number(second), _number(hint or "")
    if mine is None or theirs is None:
        return False
    units = {mine[1], theirs[1]} | ({known[1]} if known else set())
    if units == {""}:
        return mine[0] == theirs[0]
    table = TIMES if units & ONLY_TIMES else SIZES if units & ONLY_SIZES else None
    if table is None or not units <= set(table):
        return mine == theirs
    return mine[0] * table[mine[1]] == theirs[0] * table[theirs[1]]


def _number(value: str) -> tuple[int, str] | None:
    """A whole number and its unit in lower case."""
    found = re.fullmatch(r"\s*([+-]?\d+)\s*([a-zA-Z]{0,2})\s*", value)
    if not found or found[2].lower() not in {*TIMES, *SIZES}:
        return None
    return int(found[1]), found[2].lower()
