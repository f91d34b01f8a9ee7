# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import datetime
from typing import Any

from ansible.plugins.action import ActionBase

from ..plugin_utils._fleet.snapshot import contents, write

OPTIONS = {
    "directory": {"type": "str", "required": True},
    "rows": {"type": "list", "elements": "dict", "required": True},
    "looks": {"type": "dict", "required": True},
    "clusters": {"type": "list", "elements": "dict", "required": True},
}


class ActionModule(ActionBase):
    """Writes snapshots on the controller; the module has the documentation."""

    _supports_check_mode = True
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        _validated, args = self.validate_argument_spec(OPTIONS)
        if self._task.check_mode:
            return {**result, "changed": False, "paths": []}
        clusters = {cluster["id"]: cluster for cluster in args["clusters"]}
        time = datetime.now().astimezone().isoformat(timespec="seconds")
        snapshots = [
            contents(row, args["looks"].get(row["host"]) or {}, clusters.get(row["cluster"]["id"]), time)
            for row in args["rows"]
            if row.get("caller") and row["outcome"] == "would_take_over"
        ]
        try:
            paths = write(args["directory"], snapshots)
        except OSError as error:
            return {**result, "failed": True, "msg": f"obproxy_snapshot_dir: a snapshot cannot be written: {error}."}
        return {**result, "changed": bool(paths), "paths": paths}
