# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role removes a proxy, and leaves one that OCP manages alone."""

from __future__ import annotations

import pytest


@pytest.mark.timeout(900)
def test_a_proxy_is_removed_unless_ocp_manages_it(molecule):
    molecule("absent")
