# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The main job with a real OBProxy of the user's, by documented variables only."""

from __future__ import annotations

import os

import pytest

from tests.lab import scenario


@pytest.mark.timeout(900)
@pytest.mark.skipif(not os.environ.get("OBPROXY_RPM"), reason="OBPROXY_RPM names no real OBProxy's package")
def test_a_real_obproxy_is_taken_over_by_the_playbook(molecule):
    molecule(scenario.REAL)
