# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever breaks during a takeover, each proxy is taken over at most once, and another run finishes the takeover.

Random schedules of faults, each made from a seed (schedules.py), run against simulated OCPs (faulted.py), several at
once. For each schedule, OCP starts no takeover twice, and no run repeats a POST that may have taken effect. Each run
that is not killed ends within its limit and reports nothing that contradicts OCP. The next run, without faults, takes
over all remaining proxies, and the run after that changes nothing.

A failure prints the seed and the schedule. To replay only that schedule:

    FAULT_SEED=17 python -m pytest "tests/integration/ocp/test_exactly_once.py" -k killed

FAULT_SCHEDULES sets the number of schedules for each way (80), and FAULT_WORKERS the number that run at once (8).
"""

import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor

import pytest

from tests.integration.ocp import faulted
from tests.integration.ocp.schedules import WAYS, schedule


def seeds():
    if "FAULT_SEED" in os.environ:
        return [int(os.environ["FAULT_SEED"])]
    return range(int(os.environ.get("FAULT_SCHEDULES", 80)))


@pytest.fixture(scope="module")
def pool():
    workers = min(int(os.environ.get("FAULT_WORKERS", 8)), len(seeds()))
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawn, initializer=faulted.start) as made:
        yield made


@pytest.mark.timeout(600)
@pytest.mark.parametrize("way", WAYS)
def test_each_proxy_is_taken_over_once(pool, way):
    began = time.monotonic()
    made = [schedule(seed, way) for seed in seeds()]
    failures = [
        f"{each}\n  BROKEN: " + "\n  BROKEN: ".join(broken)
        for each, broken in zip(made, pool.map(faulted.carry_out, made), strict=True)
        if broken
    ]
    print(f"{len(made)} schedules in {time.monotonic() - began:.0f} s")
    assert not failures, f"{len(failures)} of {len(made)} schedules broke:\n" + "\n".join(failures)
