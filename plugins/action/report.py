# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible import constants as C
from ansible.plugins.action import ActionBase

from ..module_utils._ocp.messages import clean

#: Callbacks whose standard output is for programs.
FOR_PROGRAMS = ("json", "jsonl")

OPTIONS = {
    "lines": {"type": "list", "elements": "str", "default": []},
    "outcome": {"type": "str"},
    "why": {"type": "str"},
    "failed": {"type": "bool", "default": False},
    "unreachable": {"type": "bool", "default": False},
}


class ActionModule(ActionBase):
    """Prints lines on the controller, and ends a host if asked to; the module has the documentation."""

    _supports_check_mode = True
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        _validated, args = self.validate_argument_spec(OPTIONS)
        aside = C.config.get_config_value("DEFAULT_STDOUT_CALLBACK").rpartition(".")[2] in FOR_PROGRAMS
        for line in args["lines"]:
            self._display.display(clean(line, 2000), stderr=aside)
        result.update({name: args[name] for name in ("outcome", "why") if args[name] is not None})
        if args["unreachable"]:
            result.update(unreachable=True, msg=args["why"] or "unreachable")
        elif args["failed"]:
            # The same for every host, since ansible-core shows each new failure message in lines of its own.
            result.update(failed=True, msg="This host was not taken over.")
        return result
