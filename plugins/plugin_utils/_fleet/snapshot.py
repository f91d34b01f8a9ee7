# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The state of a proxy before its takeover, as a file for people and for obproxy_config."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .._text import as_yaml
from .plan import Row

HEADING = """\
# {host}: OBProxy on port {port}, before it was taken over.
# What can be undone, and how: docs/what-can-be-undone.md of the collection obops.oceanbase.
"""
OF_PROCESS = ("pid", "user", "executable", "arguments", "started", "started_by", "start_mode", "ob_clusters", "ports")


def contents(row: Row, look: Mapping[str, Any], cluster: Mapping[str, Any] | None, time: str) -> dict[str, Any]:
    """The saved state of a proxy. It contains no secrets, since the check of the host returns none.

    cluster: the OBProxy cluster that takes it over, as OCP has it.
    """
    obproxy = look.get("obproxy") or {}
    settings = obproxy.get("settings")
    return {
        "host": row["host"],
        "address": row["address"],
        "sql_port": row["sql_port"],
        "time": time,
        "cluster": {key: cluster[key] for key in ("id", "name", "work_mode") if key in cluster} if cluster else None,
        "packages": [package.get("nevra") for package in obproxy.get("packages") or []],
        "link": obproxy.get("link"),
        "processes": [
            {key: process[key] for key in OF_PROCESS if key in process} for process in obproxy.get("processes") or []
        ],
        # As the option settings of obproxy_config takes them.
        "settings": {each["name"]: each["value"] for each in settings} if settings is not None else None,
    }


def problems(directory: str | None) -> list[str]:
    """Why snapshots cannot be written: a sentence, or nothing."""
    if not directory:
        return []
    path = Path(directory).expanduser()
    parent = next((each for each in (path, *path.resolve().parents) if each.exists()), None)
    if parent is None or not parent.is_dir():
        return [f"obproxy_snapshot_dir: {directory} is not a directory."]
    if not os.access(parent, os.W_OK):
        return [f"obproxy_snapshot_dir: no permission to write in {parent}."]
    return []


def write(directory: str, snapshots: Iterable[Mapping[str, Any]]) -> list[str]:
    """Writes a file for each, unless it exists. Returns the paths of new files. Raises OSError if one cannot be
    written."""
    folder = Path(directory).expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for snapshot in snapshots:
        name = re.sub(r"[^\w.-]", "_", snapshot["host"])
        path = folder / f"{name}-{snapshot['sql_port']}.yml"
        text = HEADING.format(host=snapshot["host"], port=snapshot["sql_port"])
        text += as_yaml(dict(snapshot), sort_keys=False)
        try:
            # Another run in the same night must not overwrite it with a proxy that OCP has already changed.
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            continue
        written.append(str(path))
    return written
