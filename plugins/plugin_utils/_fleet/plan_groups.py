# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The groups of a plan: one for each OBProxy cluster, and one for each reason why no cluster is chosen. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, NamedTuple

from .._text import count, natural, some
from .plan import Row

#: The group that contains all hosts to take over.
PLANNED = "planned"
#: The maximum number of clusters in a group's name.
NAMED = 3


class Group(NamedTuple):
    name: str
    outcome: str
    #: The text about it.
    words: str
    rows: list[Row]


def label(cluster: Mapping[str, Any]) -> str:
    return "{name} ({id})".format(**cluster)


def groups(rows: Iterable[Row]) -> list[Group]:
    """Each group of the plan that has hosts, in its order, with its hosts in theirs."""
    ordered = sorted(rows, key=lambda row: natural(row["host"]))
    found: list[Group] = []
    names: set[str] = set()
    for outcome, (key, name, words) in _KINDS.items():
        parts: dict[Hashable, list[Row]] = {}
        for row in ordered:
            if row["outcome"] == outcome:
                parts.setdefault(key(row), []).append(row)
        for part in sorted(parts, key=str):
            mine = parts[part]
            unique = _unique(name(mine[0]), names)
            names.add(unique)
            found.append(Group(unique, outcome, words(mine), mine))
    return found


def _unique(name: str, taken: set[str]) -> str:
    number, unique = 1, name
    while unique in taken:
        number += 1
        unique = f"{name}_{number}"
    return unique


def _word(text: str | None, instead: object) -> str:
    """A part of a group's name, which may contain letters, digits and underscores."""
    return re.sub(r"[^A-Za-z0-9]+", "_", text or "").strip("_") or str(instead)


def _cluster(row: Row) -> Hashable:
    return row["cluster"]["name"], row["cluster"]["id"]


def _of_cluster(prefix: str) -> Callable[[Row], str]:
    return lambda row: f"{prefix}_{_word(row['cluster']['name'], row['cluster']['id'])}"


def _choose(row: Row) -> str:
    words = [_word(cluster["name"], cluster["id"]) for cluster in row["fitting"]]
    rest = [f"{len(words) - NAMED}_more"] if len(words) > NAMED else []
    return "choose_" + "_or_".join([*words[:NAMED], *rest])


def _needs(row: Row) -> str:
    mode, served, versions = (row["needed"][key] for key in ("work_mode", "ob_clusters", "versions"))
    words = [(mode or "any_mode").lower(), *(_word(name, "ob") for name in served[:NAMED])]
    words += [f"{len(served) - NAMED}_more"] if len(served) > NAMED else []
    words += [{"4.0.0 or later": "v4", "below 4.0.0": "below_v4"}[versions]] if versions else []
    return "_".join(["needs", *words])


def empty_cluster(needed: Mapping[str, Any]) -> str:
    """Which OBProxy cluster is missing, in words."""
    words = [f"in the mode {needed['work_mode']}" if needed["work_mode"] else ""]
    words.append(f"linked to {', '.join(needed['ob_clusters'])}" if needed["ob_clusters"] else "")
    words.append(f"for versions {needed['versions']}" if needed["versions"] else "")
    return " ".join(filter(None, ["an empty OBProxy cluster", *words]))


def _hosts(rows: list[Row]) -> str:
    return count(len(rows), "host")


def _words_choose(rows: list[Row]) -> str:
    clusters = [label(cluster) for cluster in rows[0]["fitting"]]
    if len(clusters) == 1:
        return (
            f"{_hosts(rows)}: of different kinds, but {clusters[0]} is empty and takes only one kind. "
            "Choose one, and create an OBProxy cluster for the others."
        )
    return f"{_hosts(rows)}: {some(clusters)} fit. Choose one."


def _words_needs(rows: list[Row]) -> str:
    return f"{_hosts(rows)}: no OBProxy cluster in OCP fits. Needed: {empty_cluster(rows[0]['needed'])}."


#: For each outcome: what the hosts of a group have in common, its name, and its text.
_KINDS: dict[str, tuple[Callable[[Row], Hashable], Callable[[Row], str], Callable[[list[Row]], str]]] = {
    "fits": (
        _cluster,
        _of_cluster("into"),
        lambda rows: f"{_hosts(rows)} for OBProxy cluster {label(rows[0]['cluster'])}.",
    ),
    "several_fit": (lambda row: tuple(cluster["id"] for cluster in row["fitting"]), _choose, _words_choose),
    "none_fits": (
        lambda row: (row["needed"]["work_mode"], *row["needed"]["ob_clusters"], row["needed"]["versions"]),
        _needs,
        _words_needs,
    ),
    "managed": (
        _cluster,
        _of_cluster("managed_in"),
        lambda rows: f"{_hosts(rows)} already managed by OBProxy cluster {label(rows[0]['cluster'])}.",
    ),
    "blocked": (
        lambda row: "",
        lambda row: "blocked",
        lambda rows: f"{_hosts(rows)}: something must be fixed first.",
    ),
    "without_proxy": (lambda row: "", lambda row: "without_proxy", lambda rows: f"{_hosts(rows)} without OBProxy."),
    "unreachable": (
        lambda row: "",
        lambda row: "unreachable",
        lambda rows: f"{_hosts(rows)}: Ansible could not reach the host.",
    ),
}
