# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role goes over to another version."""

from __future__ import annotations

import pytest


@pytest.mark.timeout(900)
def test_the_role_goes_over_to_another_version(molecule):
    molecule("upgrade")
