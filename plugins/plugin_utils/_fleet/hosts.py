# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Which hosts of the inventory a pattern matches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader

from .variables import READERS

#: What Ansible adds to a pattern: unions with exclusions and intersections, slices, wildcards, regular expressions.
_SPECIAL = re.compile(r"[&!~*?\[\]:]")


def pattern_of(value: Any) -> str:
    """A pattern from a list, a pattern, or the lines of a survey's text."""
    pattern: str = READERS["pattern"](value)
    return pattern


def matching(pattern: str, groups: Mapping[str, Iterable[str]], limit: str = "") -> list[str]:
    """The names of the hosts that a pattern and a limit match."""
    manager = InventoryManager(DataLoader(), parse=False)
    for group, hosts in groups.items():
        manager.add_group(group)
        for host in hosts:
            manager.add_host(host, group=group)
    if limit:
        manager.subset(limit)
    # Ansible would warn about them, or refuse the rest because of them.
    missing = unknown(pattern, groups)
    known = [word for word in pattern.split(",") if word not in missing]
    try:
        return [host.name for host in manager.get_hosts(known)] if known else []
    except AnsibleError:
        return []


def unknown(pattern: str, groups: Mapping[str, Iterable[str]]) -> list[str]:
    """The parts of a pattern that are neither a group nor a host of the inventory."""
    known = {*groups, *(host for hosts in groups.values() for host in hosts), "localhost"}
    return [word for word in pattern.split(",") if not _SPECIAL.search(word) and word not in known]


def check(pattern: str, groups: Mapping[str, Iterable[str]], limit: str = "") -> None:
    """Raises ValueError if a pattern matches no host, or if a part of it is neither a group nor a host."""
    names = ", ".join(sorted(set(groups) - {"all", "ungrouped"})) or "none"
    missing = unknown(pattern, groups)
    if missing:
        raise ValueError(f"the inventory has no group or host {', '.join(missing)}. Its groups are: {names}.")
    if not matching(pattern, groups):
        raise ValueError(f"{pattern} matches no host of the inventory. Its groups are: {names}.")
    if limit and not matching(pattern, groups, limit):
        raise ValueError(f"{pattern} and the limit {limit} have no host in common.")
