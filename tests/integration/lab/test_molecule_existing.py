# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A proxy that was installed by hand is taken over without being touched."""

from __future__ import annotations

import pytest


@pytest.mark.timeout(900)
def test_a_proxy_installed_by_hand_is_taken_over_and_not_touched(molecule):
    molecule("existing")
