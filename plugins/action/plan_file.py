# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from ..plugin_utils._fleet.plan_store import problem, store

OPTIONS = {
    "path": {"type": "str", "required": True},
    "content": {"type": "str"},
}


class ActionModule(ActionBase):
    """Writes a plan on the controller; the module has the documentation."""

    _supports_check_mode = True
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        _validated, args = self.validate_argument_spec(OPTIONS)
        wrong = problem(args["path"])
        if wrong:
            return {**result, "failed": True, "msg": f"{wrong} Nothing was done."}
        if args["content"] is None:
            return {**result, "changed": False}
        try:
            stored = store(args["path"], args["content"], self._task.check_mode)
        except OSError as error:
            return {**result, "failed": True, "msg": f"{args['path']} cannot be written: {error}."}
        diff = stored.pop("diff")
        return {**result, **stored, **({"diff": diff} if self._task.diff else {})}
