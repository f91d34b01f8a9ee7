# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""With obproxy_service the proxy is there again after the host has restarted."""

from __future__ import annotations

import pytest


@pytest.mark.timeout(900)
def test_the_proxy_is_there_again_after_a_restart(molecule):
    molecule("reboot")
