# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An action plugin that replaces the module obproxy_check. Proxies answer unless the inventory sets proxy_is_dead."""

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    _supports_check_mode = True

    def run(self, tmp=None, task_vars=None):
        error = "port 2883 does not answer: Connection refused" if task_vars.get("proxy_is_dead") else None
        asked = self._task.args["proxies"]
        return {"changed": False, "proxies": [{**each, "answers": not error, "error": error} for each in asked]}
