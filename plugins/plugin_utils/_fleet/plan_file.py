# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A plan as a file: an inventory to read and edit, and whether an existing one may be replaced. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from ...module_utils._ocp.messages import clean
from ...module_utils._ocp.values import comparable
from .._text import as_yaml
from .plan import Row
from .plan_groups import PLANNED, Group, groups, label
from .proxies import described

MARK = "# OBProxy plan of obops.oceanbase.discover"
HEADER = f"""{MARK}
# An inventory. Review and edit it, keep it in version control, and pass it to a takeover after your own inventory:
#   ansible-playbook -i hosts.yml -i plan.yml obops.oceanbase.takeover
# Discover replaces this file only if it was not edited. Otherwise it writes a new one next to it (plan.new.yml).
# Written with the checksum {{checksum}}
"""
_CHECKSUM = re.compile(r"^# Written with the checksum ([0-9a-f]{64})[ \t]*$", re.MULTILINE)
#: Text that needs no quotes in YAML and is not a template.
_PLAIN = re.compile(r"[A-Za-z_](?:[\w.-]*\w)?", re.ASCII)
#: How long a comment may get.
MOST = 400


def plan_text(rows: Iterable[Row], clusters: Iterable[Mapping[str, Any]]) -> str:
    """The whole file. clusters: all clusters in OCP, since a name shared by two of them identifies neither."""
    body = "\n".join(_body(groups(rows), list(clusters))) + "\n"
    return HEADER.format(checksum=_checksum(body)) + body


def _body(found: list[Group], clusters: list[Mapping[str, Any]]) -> list[str]:
    lines = ["---", "obproxy:", "  children:", f"    {PLANNED}:"]
    lines += [
        "",
        "# The groups to take over. Add a group here once it has an OBProxy cluster.",
        f"{PLANNED}:",
        "  children:",
    ]
    lines += [f"    {group.name}:" for group in found if group.outcome == "fits"]
    lines += [f"    # {group.name}:" for group in found if group.outcome in ("several_fit", "none_fits")]
    for group in found:
        lines += ["", f"# {_comment(group.words)}", f"{group.name}:", *_vars(group, clusters), "  hosts:"]
        for row in group.rows:
            lines += _host(row)
    return lines


def _vars(group: Group, clusters: list[Mapping[str, Any]]) -> list[str]:
    if group.outcome in ("fits", "managed"):
        return ["  vars:", f"    {_naming(group.rows[0]['cluster'], clusters)}"]
    if group.outcome == "several_fit":
        return ["  vars:", *(f"    # {_naming(cluster, clusters)}" for cluster in group.rows[0]["fitting"])]
    return []


def _naming(cluster: Mapping[str, Any], clusters: list[Mapping[str, Any]]) -> str:
    """The variable that sets a cluster: by id if several have the name, or if Ansible would not take it literally."""
    name = cluster["name"]
    same = [other for other in clusters if comparable(other["name"]) == comparable(name)]
    if not name or len(same) > 1 or "{" in name or clean(name, MOST) != name:
        return f"obproxy_cluster_id: {cluster['id']}  # {_comment(name or 'without a name')}"
    return f"obproxy_cluster: {_scalar(name)}"


def _host(row: Row) -> list[str]:
    port = f" {{obproxy_sql_port: {row['sql_port']}}}" if row["sql_port"] else ""
    words = _comment("; ".join(filter(None, _about(row))))
    lines = [f"    {_scalar(row['host'])}:{port}" + (f"  # {words}" if words else "")]
    lines += [f"      # {_comment(entry['name'] + ': ' + entry['found'])}" for entry in row["blockers"]]
    return lines


def _about(row: Row) -> Iterable[str]:
    several = len(row["proxies"]) > 1
    for proxy in row["proxies"]:
        yield (f"port {proxy['sql_port']}: " if several else "") + described(proxy)
    if row["outcome"] == "blocked" and row["fitting"]:
        yield "fits " + ", ".join(map(label, row["fitting"]))
    if row["outcome"] == "none_fits":
        for misfit in row["misfits"]:
            yield f"{label(misfit)}: {', '.join(misfit['blockers'])}"
    yield row["message"]


def _comment(text: str) -> str:
    return " ".join(clean(text, MOST).split())


def _scalar(text: str) -> str:
    """A string as YAML, quoted if YAML could read it as anything else."""
    if _PLAIN.fullmatch(text) and isinstance(yaml.safe_load(text), str):
        return text
    return as_yaml(text, default_style='"', width=10**6).strip()


def _checksum(body: str) -> str:
    """Independent of line endings and trailing blanks."""
    return hashlib.sha256("\n".join(line.rstrip() for line in body.splitlines()).encode()).hexdigest()


def is_plan(text: str) -> bool:
    return text.lstrip("\ufeff").startswith(MARK)


def written_with(text: str) -> str | None:
    """The checksum of what discover wrote, regardless of later edits."""
    found = _CHECKSUM.search(text)
    return found.group(1) if found else None


def is_edited(text: str) -> bool:
    """Whether a plan is not what discover wrote."""
    found = _CHECKSUM.search(text)
    return found is None or _checksum(text[found.end() :].lstrip()) != found.group(1)


def decide(old: str | None, new: str) -> str:
    """What to do with an existing plan: replaced, unchanged, next_to_it (it was edited), or kept.

    A plan that was edited is kept if the hosts and OCP have not changed since it was made.
    """
    if old is None:
        return "created"
    if not is_edited(old):
        return "unchanged" if written_with(old) == written_with(new) else "replaced"
    return "kept" if written_with(old) == written_with(new) else "next_to_it"
