# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Reports of a run as files: which paths can be written, and what is in them. docs/report.schema.json has the keys."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

from . import html

#: The version of the report's keys, raised if one of them changes its meaning.
SCHEMA = 1
COLUMNS = (
    "host",
    "address",
    "sql_port",
    "cluster",
    "cluster_id",
    "wave",
    "outcome",
    "action",
    "task_id",
    "task_url",
    "started",
    "finished",
    "blockers",
    "message",
)


def problems(paths: list[str]) -> list[str]:
    """Why these paths cannot be written, one sentence each."""
    found = []
    for path in paths:
        if Path(path).suffix not in WRITERS:
            found.append(f"obproxy_report: {path} does not end in one of {', '.join(sorted(WRITERS))}.")
        else:
            found += [f"obproxy_report: {path} {problem}" for problem in unwritable(path)]
    return found


def unwritable(path: str) -> list[str]:
    """Why a file cannot be written: the rest of a sentence that begins with its path."""
    target = Path(path).expanduser()
    folder = target.resolve().parent
    if not folder.is_dir():
        return [f"cannot be written: the directory {folder} does not exist."]
    if target.is_dir():
        return ["is a directory. Choose a file."]
    if not os.access(folder, os.W_OK):
        return [f"cannot be written: no write permission for the directory {folder}."]
    return []


def write(report: dict[str, Any], paths: list[str]) -> None:
    """Writes each file. Raises OSError if one cannot be written."""
    for path in paths:
        target = Path(path).expanduser()
        write_whole(target, WRITERS[target.suffix](report))


def write_whole(target: Path, text: str) -> None:
    """Writes a file completely or not at all."""
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def as_json(report: dict[str, Any]) -> str:
    return json.dumps({"schema": SCHEMA, **report}, indent=2, ensure_ascii=False) + "\n"


def as_csv(report: dict[str, Any]) -> str:
    """A row for each host. A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for host in report["hosts"]:
        writer.writerow([_cell(host.get(column)) for column in COLUMNS])
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        value = " ".join(map(str, value))
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t") else value


WRITERS = {".html": html.render, ".json": as_json, ".csv": as_csv}
