# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The calls to OCP for a takeover of a fleet: one for each cluster. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._text import some
from .plan import GOOD, Row
from .variables import WAITING, options_of


def of_wave(row: Row, wave: int | None) -> bool:
    """Whether a row takes part in this wave; None is the whole fleet."""
    return wave is None or row["wave"] == wave


def prepared(
    rows: Iterable[Row],
    errors: Mapping[str, str],
    present: Iterable[str],
    fatal: bool = False,
    wave: int | None = None,
) -> list[Row]:
    """The rows after the role has run, with the outcome of the hosts that it could not prepare.

    errors: the errors of the role, by host. present: the hosts that Ansible still reaches. fatal: take over no proxy if
    one of the hosts is lost. wave: the role has run only on the hosts of this wave.
    """
    present = set(present)
    rows = [{**row, **_lost(row, errors.get(row["host"], ""), present)} if of_wave(row, wave) else row for row in rows]
    lost = [row["host"] for row in rows if row["outcome"] not in GOOD and of_wave(row, wave)]
    if not (fatal and lost):
        return rows
    message = f"OCP was not called, since {some(lost, 3)} could not be prepared and obproxy_blockers_fatal is set."
    return [
        dict(row, outcome="not_reached", message=message)
        if row["outcome"] == "would_take_over" and of_wave(row, wave)
        else row
        for row in rows
    ]


def without_lost(rows: Iterable[Row], present: Iterable[str]) -> list[Row]:
    """The rows, with hosts that Ansible has lost marked as unreachable. If all of its hosts are lost, a wave ends."""
    present = set(present)
    return [{**row, **_lost(row, "", present)} if row["wave"] else row for row in rows]


def _lost(row: Row, error: str, present: set[str]) -> dict[str, Any]:
    if row["outcome"] not in GOOD:
        return {}
    if error:
        return {"outcome": "failed", "message": error}
    if row["host"] not in present:
        return {
            "outcome": "unreachable",
            "message": "The connection was lost while the role was running. The UNREACHABLE line shows why.",
        }
    return {}


def with_callers(rows: Iterable[Row], wave: int | None = None) -> list[Row]:
    """The rows, with `caller` for those to take over: the first inventory host of their cluster."""
    callers: dict[int, str] = {}
    return [
        dict(row, caller=callers.setdefault(row["cluster"]["id"], row["host"]))
        if row["outcome"] in GOOD and of_wave(row, wave)
        else dict(row, caller=None)
        for row in rows
    ]


def calls(rows: Iterable[Row], hosts: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """One call for each cluster, by its caller.

    hosts: as variables.settle() returns them; those of one cluster have the same options.
    """
    values = {host["host"]: host["values"] for host in hosts}
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        if not row.get("caller"):
            continue
        own = values[row["host"]]
        new = {"cluster": row["cluster"], "hosts": [], "options": options_of(own, WAITING)}
        proxy = {"host": row["address"], "sql_port": row["sql_port"]}
        if own.get("obproxy_proxysys_password") is not None:
            proxy["proxysys_password"] = own["obproxy_proxysys_password"]
        found.setdefault(row["caller"], new)["hosts"].append(proxy)
    return found
