# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Lists, counts and columns for the output of the playbooks. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import yaml
from ansible.parsing.yaml.dumper import AnsibleDumper


def some(words: Sequence[str], most: int = 20) -> str:
    """A list in one line, shortened if it is long: a, b and 180 more."""
    rest = len(words) - most
    return ", ".join(words[:most]) + (f" and {rest} more" if rest > 0 else "")


def count(number: int, noun: str, nouns: str = "") -> str:
    return f"{number} {noun if number == 1 else nouns or noun + 's'}"


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines with the cells of each row, in columns as wide as they need to be."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows in columns with a heading. A column in which every row has "-" is left out."""
    used = [index for index in range(len(heading)) if any(row[index] != "-" for row in rows)]
    return columns([[row[index] for index in used] for row in (heading, *rows)])


def natural(name: str) -> list[tuple[int, str]]:
    """Sorts proxy-2 before proxy-10."""
    return [(int(part) if part.isdecimal() else -1, part) for part in re.split(r"(\d+)", name)]


def as_yaml(value: Any, **options: Any) -> str:
    """A value as YAML. Values from a play have texts of Ansible's own types, which PyYAML alone refuses."""
    return str(yaml.dump(value, Dumper=AnsibleDumper, allow_unicode=True, **options))


def first_line(text: str) -> str:
    """The part of a message to show in a table row."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "")
