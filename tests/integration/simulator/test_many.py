# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A thousand proxies at once: clients must not have to wait for the simulator."""

from __future__ import annotations

import time

from tests.integration.simulator.calls import CLUSTERS, TASKS, Ocp, host

COUNT = 1000


def test_a_thousand_takeovers_in_one_call(ocp: Ocp) -> None:
    hosts = [f"10.0.{n // 250}.{n % 250 + 1}" for n in range(COUNT)]
    ocp.control.reset({"hosts": hosts, "settings": {"check_proxies": False, "task_seconds": 12}})
    ocp.control.freeze()
    tasks = ocp.take_over(*(host(n + 1) for n in range(COUNT)))
    assert len({task["id"] for task in tasks}) == COUNT
    ocp.control.advance(6.5)
    started = time.monotonic()
    listed = ocp.get(TASKS, size=2000)["contents"]
    # This takes a few hundredths of a second on an idle machine.
    assert time.monotonic() - started < 3
    assert {task["status"] for task in listed} == {"RUNNING"}
    ocp.control.advance(6)
    (first, *_) = ocp.get(TASKS, size=2000, status="SUCCESSFUL", page=1)["contents"]
    assert first["id"] == max(task["id"] for task in tasks)
    (cluster,) = ocp.get(CLUSTERS)["contents"]
    assert cluster["versions"] == [{"version": "1.9.1.1-1919579", "count": COUNT}]
