# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import getpass
import json
import os
import platform
import re
from pathlib import Path
from typing import Any

import yaml
from ansible.plugins.action import ActionBase
from ansible.release import __version__ as core

from ..plugin_utils._report import report

OPTIONS = {
    "paths": {"type": "list", "elements": "str", "required": True},
    "report": {"type": "dict", "required": True},
    "ocp": {"type": "str", "default": ""},
}
ROOT = Path(__file__).parents[2]


class ActionModule(ActionBase):
    """Writes the report on the controller; the module has the documentation."""

    _supports_check_mode = True
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        _validated, args = self.validate_argument_spec(OPTIONS)
        problems = report.problems(args["paths"])
        if problems:
            return {**result, "failed": True, "msg": " ".join(problems)}
        about = {
            "Started by": (task_vars or {}).get("awx_user_name") or _user(),
            "Controller": platform.node(),
            "OCP": re.sub("//[^/@]*@", "//", args["ocp"]),
            "Collection": f"obops.oceanbase {_version()}",
            "ansible-core": core,
        }
        try:
            report.write({**args["report"], "about": about}, args["paths"])
        except OSError as error:
            return {**result, "failed": True, "msg": f"obproxy_report cannot be written: {error}."}
        return {**result, "changed": False, "paths": [os.path.abspath(os.path.expanduser(p)) for p in args["paths"]]}


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without such a user
        return str(os.getuid())


def _version() -> str:
    manifest = ROOT / "MANIFEST.json"
    if manifest.exists():
        about = json.loads(manifest.read_text(encoding="utf-8"))["collection_info"]
    else:
        about = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    version: str = about["version"]
    return version
