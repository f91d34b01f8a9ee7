# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One simulator for all the tests of a run, with a new state for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.simulator.calls import Ocp
from tests.simulator.launcher import Simulator

# Tests that do not look at proxies name none; time passes when a test says so; and nobody else has tasks.
STATE = {"settings": {"check_proxies": False, "task_seconds": 12, "other_tasks": 0}}


@pytest.fixture(scope="session")
def running() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Simulator) -> Iterator[Simulator]:
    running.reset(STATE)
    before = len(running.log())
    yield running
    # A failed assertion is not the only thing that can go wrong.
    assert "Traceback" not in running.log()[before:]


@pytest.fixture
def ocp(simulator: Simulator) -> Iterator[Ocp]:
    caller = Ocp(simulator)
    with caller.session:
        yield caller


@pytest.fixture
def frozen(ocp: Ocp) -> Ocp:
    """Time stands still: a second of a task's twelve is one subtask."""
    ocp.control.freeze()
    return ocp
