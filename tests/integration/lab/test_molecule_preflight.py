# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A mixed fleet before the playbook preflight: blockers of every kind and their false friends."""

from __future__ import annotations

import pytest


@pytest.mark.timeout(900)
def test_what_is_in_the_way_is_told_for_a_mixed_fleet(molecule):
    molecule("preflight")
