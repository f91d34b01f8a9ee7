# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures for the tests of the simulator. They share one simulator, which gets a new state for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.simulator.calls import Ocp
from tests.simulator.launcher import Simulator

# Takeovers need no real proxies, a task takes 12 s, and there are no tasks of other users.
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
    # A test also fails if the simulator has logged a traceback.
    assert "Traceback" not in running.log()[before:]


@pytest.fixture
def ocp(simulator: Simulator) -> Iterator[Ocp]:
    caller = Ocp(simulator)
    with caller.session:
        yield caller


@pytest.fixture
def frozen(ocp: Ocp) -> Ocp:
    """A simulated OCP whose clock is stopped. Each of the 12 subtasks of a takeover takes one second."""
    ocp.control.freeze()
    return ocp
