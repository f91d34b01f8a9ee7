# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Which plans a run uses as inventories, and what is wrong with them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ansible import constants as C
from ansible.errors import AnsibleError
from ansible.inventory.helpers import get_group_vars
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader

from .._text import some
from .plan_file import is_plan
from .plan_groups import PLANNED

#: What a plan sets for a host.
DECIDED = ("obproxy_cluster", "obproxy_cluster_id", "obproxy_sql_port", "obproxy_package_version")
#: How much of a file is read to see whether it is a plan.
START = 1024
#: How many hosts or differences are named.
MOST = 3


class Plan(NamedTuple):
    path: str
    #: The groups in which each host is listed, by the host's name.
    groups: Mapping[str, list[str]]
    #: What it sets for each host, by the host's name. Hosts of groups other than PLANNED are not taken over.
    decided: Mapping[str, Mapping[str, Any]]
    planned: list[str]


def problems(sources: Iterable[str]) -> list[str]:
    """The problems with the plans among these inventories, one sentence each. Empty if there are none."""
    files = [file for source in sources for file in _files(str(source))]
    paths = [file for file in files if _is_plan(file)]
    if not paths:
        return []
    plans = [_read(path) for path in paths]
    found = [text for plan in plans for text in _repeated(plan)]
    found += [text for number, plan in enumerate(plans) for other in plans[:number] for text in _differing(other, plan)]
    return found + _left(plans, [file for file in files if file not in paths])


def _files(source: str) -> list[str]:
    """A directory stands for the inventories in it, each on its own."""
    if "," in source or not Path(source).is_dir():
        return [source]
    return [str(path) for path in sorted(Path(source).iterdir()) if not _is_ignored(path)]


def _is_ignored(path: Path) -> bool:
    """Follows Ansible's rules."""
    return path.name in ("group_vars", "host_vars") or path.name.endswith(
        tuple(C.config.get_config_value("INVENTORY_IGNORE_EXTS"))
    )


def _is_plan(source: str) -> bool:
    path = Path(source)
    if "," in source or not path.is_file() or os.access(path, os.X_OK):
        return False
    with path.open("rb") as file:
        return is_plan(file.read(START).decode("utf-8", "replace"))


def _inventory(sources: Iterable[str]) -> InventoryManager | None:
    """The hosts of some of a run's inventories. None if one cannot be read outside of the run."""
    manager = InventoryManager(DataLoader(), parse=False)
    try:
        for source in sources:
            if not manager.parse_source(source):
                return None
    except AnsibleError:
        return None
    manager.reconcile_inventory()
    return manager


def _read(path: str) -> Plan:
    manager = _inventory([path])
    # Ansible has already reported what is wrong with it.
    if manager is None:
        return Plan(path, {}, {}, [])
    listed: dict[str, list[str]] = {}
    for group in manager.groups.values():
        for host in group.hosts:
            if group.name not in ("all", "ungrouped"):
                listed.setdefault(host.name, []).append(group.name)
    planned = manager.groups.get(PLANNED)
    decided = {}
    for host in manager.hosts.values():
        values = {**get_group_vars(host.get_groups()), **host.vars}
        decided[host.name] = {name: values[name] for name in DECIDED if values.get(name) not in (None, "")}
    return Plan(path, listed, decided, [host.name for host in planned.get_hosts()] if planned else [])


def _repeated(plan: Plan) -> list[str]:
    twice = [f"{host} is in {' and in '.join(groups)}" for host, groups in plan.groups.items() if len(groups) > 1]
    return (
        [f"the plan {plan.path} has hosts in several groups: {some(twice, MOST)}. Keep each host in one of them."]
        if twice
        else []
    )


def _differing(one: Plan, other: Plan) -> list[str]:
    """Hosts that are in two plans, one of which Ansible would silently ignore."""
    found = []
    for host, mine in one.decided.items():
        theirs = other.decided.get(host)
        if theirs is not None and (mine, host in one.planned) != (theirs, host in other.planned):
            found.append(f"{host} is in {_shown(one, host)} of the first, but in {_shown(other, host)} of the second")
    if not found:
        return []
    return [f"the plans {one.path} and {other.path} disagree: {some(found, MOST)}. Use only one of them."]


def _shown(plan: Plan, host: str) -> str:
    values = ", ".join(f"{name} {value}" for name, value in plan.decided[host].items())
    return " and ".join(plan.groups.get(host) or ["no group"]) + (f" ({values})" if values else "")


def _left(plans: list[Plan], others: list[str]) -> list[str]:
    """Hosts that are no longer in any inventory but a plan. A plan on its own is an inventory like any other."""
    inventory = _inventory(others) if others else None
    if inventory is None:
        return []
    found = []
    for plan in plans:
        gone = [host for host in plan.planned if host not in inventory.hosts]
        if gone:
            found.append(
                f"the plan {plan.path} takes over {some(gone, MOST)}, which the inventory no longer contains. Remove "
                "them from the plan, or run obops.oceanbase.discover again."
            )
    return found
