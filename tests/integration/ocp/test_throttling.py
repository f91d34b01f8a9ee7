# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A takeover of 300 proxies by an OCP that allows few requests, as a user sees it.

The window is shorter than the usual 60 s, and the task is shorter than usual, too. A window of 60 s is tested in
tests/unit/plugins/module_utils/_ocp/test_throttling.py with a simulated clock.
"""

from tests.integration.ocp.conftest import takeover_of, world


def test_300_proxies_with_5_requests_in_a_window(ocp, runner):
    ocp.reset(world(300, task_seconds=6, rate_limit={"limit": 5, "window": 4}))
    run = runner.ansible("ocp_obproxy_takeover", **takeover_of(*range(1, 301)))
    assert set(run.outcomes) == {"taken_over"}
    assert len(ocp.takeovers()) == 300
    asked = ocp.requests()
    assert [request["status"] for request in asked if request["status"] == 429] == []
    assert len([request for request in asked if request["method"] == "POST"]) == 1
    assert run.seconds < 30


def test_the_run_waits_for_a_used_up_limit_and_says_so(ocp, runner):
    ocp.reset(world(300, task_seconds=2, rate_limit={"limit": 3, "window": 10}))
    run = runner.ansible("ocp_obproxy_takeover", **takeover_of(*range(1, 301)))
    assert set(run.outcomes) == {"taken_over"}
    assert "This user has reached OCP's request limit. Waiting" in run.output
    assert len(ocp.takeovers()) == 300
