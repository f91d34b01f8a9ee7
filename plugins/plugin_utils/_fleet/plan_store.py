# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A plan in the file system of the controller."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .._report.report import unwritable, write_whole
from .plan_file import decide, is_edited, is_plan

#: The endings of files that Ansible reads as YAML inventories.
ENDINGS = (".yml", ".yaml")


def problem(name: str) -> str | None:
    """Why a plan cannot be written there: a sentence, or None."""
    path = Path(name).expanduser()
    if path.suffix not in ENDINGS:
        return f"{name} does not end in {' or '.join(ENDINGS)}, so Ansible would not read it as an inventory."
    found = unwritable(name)
    if found:
        return f"{name} {found[0]}"
    try:
        old, new = _read(path), _read(_next_to(path))
    except (OSError, UnicodeDecodeError) as error:
        return f"{name} cannot be read: {error}."
    if old is not None and not is_plan(old):
        return (
            f"{name} exists and is not a plan of obops.oceanbase.discover, so it is not replaced. Choose another file."
        )
    if old is not None and is_edited(old) and new is not None and (not is_plan(new) or is_edited(new)):
        return (
            f"{name} and {_next_to(path)} were both edited, so neither is replaced. Merge them into {name}, and "
            "remove the other file."
        )
    return None


def store(name: str, content: str, dry: bool = False) -> dict[str, Any]:
    """Writes the plan, or one next to it if it was edited: {path, written, state, changed, diff}. May raise OSError."""
    path = Path(name).expanduser()
    old = _read(path)
    state = decide(old, content)
    target = path
    if state == "next_to_it":
        target = _next_to(path)
        old = _read(target)
    changed = state != "kept" and decide(old, content) in ("created", "replaced")
    if changed and not dry:
        write_whole(target, content)
    return {
        "path": name,
        "written": str(Path(name).with_name(target.name)),
        "state": state,
        "changed": changed,
        "diff": {
            "before": old or "",
            "after": content if changed else old,
            "before_header": str(target),
            "after_header": str(target),
        },
    }


def _next_to(path: Path) -> Path:
    return path.with_name(f"{path.stem}.new{path.suffix}")


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
