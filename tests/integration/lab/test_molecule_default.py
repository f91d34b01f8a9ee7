# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The main job on fresh hosts, as the scenario default runs it: check mode, converge, idempotence, verify."""

from __future__ import annotations

import pytest

from tests.lab import scenario


@pytest.mark.timeout(900)
def test_fresh_hosts_are_taken_over_by_the_playbook(molecule):
    molecule(scenario.DEFAULT)
