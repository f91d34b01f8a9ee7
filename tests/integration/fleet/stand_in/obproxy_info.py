# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An action plugin that replaces the module obproxy_info. It returns the findings that the inventory sets."""

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    _supports_check_mode = True

    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        # The findings may depend on the requested port.
        by_port = self._templar.template(task_vars.get("found_on_port", {}))
        result.update(by_port.get(str(self._task.args["sql_port"])) or self._templar.template(task_vars["found"]))
        return result
