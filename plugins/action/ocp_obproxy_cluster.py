# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ..plugin_utils._live import LiveActionBase


class ActionModule(LiveActionBase):
    """Runs the module of this name and shows live what happens in OCP; the module has the documentation."""
