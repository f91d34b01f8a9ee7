# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A large takeover respects an OCP that allows only few requests per user, and shows what it is waiting for."""

import math

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.errors import OcpError
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.progress import Progress
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.takeover import Takeover
from ansible_collections.obops.oceanbase.tests.unit.plugins.module_utils._ocp.fake_ocp import FakeOcp
from ansible_collections.obops.oceanbase.tests.unit.plugins.module_utils._ocp.fake_wire import (
    Wire,
    client_over,
    served_by,
)


class Throttle:
    """Allows `allowed` requests in `window` seconds, as OCP does: with headers, and with 429 for any more requests."""

    def __init__(self, ocp, allowed, window, headers=True):
        self._serve, self._clock = served_by(ocp), ocp.clock
        self._allowed, self._window, self._headers = allowed, window, headers
        self._since, self._used = None, 0
        self.refused = 0

    def __call__(self, *call):
        now = self._clock.now
        if self._since is None or now >= self._since + self._window:
            self._since, self._used = now, 0
        headers = {
            "RateLimit-Limit": str(self._allowed),
            "RateLimit-Remaining": str(max(0, self._allowed - self._used - 1)),
            "RateLimit-Reset": str(max(1, math.ceil(self._since + self._window - now))),
        }
        if self._used >= self._allowed:
            self.refused += 1
            return 429, headers if self._headers else {}, b'{"successful": false, "error": {"code": 0}}'
        self._used += 1
        code, _headers, body = self._serve(*call)
        return code, headers if self._headers else {}, body


def take_over(allowed, window, limit=3600, hosts=300, headers=True, used=0, **options):
    ocp = FakeOcp(hosts=hosts, task_seconds=40)
    throttle = Throttle(ocp, allowed, window, headers)
    wire = Wire(throttle, ocp.clock)
    client = client_over(wire, ocp.clock, limit)
    lines = []
    progress = Progress(lines.append, lambda: client.limit.elapsed)
    client.notify = progress.say
    for _other in range(used):  # by other clients that log in as the same user
        throttle("GET", "/api/v2/obproxy/clusters", {}, None)
    wanted = [{"host": f"10.0.0.{n}", "sql_port": 2883} for n in range(1, hosts + 1)]
    result = Takeover(client, None, "demo", wanted, progress, **options).run()
    return result, ocp, throttle, lines


def test_300_proxies_with_10_requests_in_60_seconds():
    result, ocp, throttle, _lines = take_over(10, 60)
    assert {host["outcome"] for host in result["hosts"]} == {"taken_over"}
    assert len(ocp.takeovers) == 300
    # The client slows down before OCP refuses its requests.
    assert throttle.refused == 0
    assert result["elapsed"] < 150


def test_it_shows_what_it_waits_for():
    result, _ocp, throttle, lines = take_over(2, 60)
    assert {host["outcome"] for host in result["hosts"]} == {"taken_over"}
    assert throttle.refused == 0
    assert any("This user has reached OCP's request limit. Waiting" in line for line in lines), lines


@pytest.mark.parametrize("headers", [True, False])
def test_a_limit_that_others_have_used_up(headers):
    result, _ocp, throttle, lines = take_over(10, 60, headers=headers, used=10)
    assert {host["outcome"] for host in result["hosts"]} == {"taken_over"}
    assert throttle.refused > 0
    assert any("Trying again in" in line for line in lines), lines


def test_a_reset_beyond_the_time_limit_ends_at_once_and_says_so():
    with pytest.raises(OcpError) as caught:
        take_over(3, 600, limit=60)
    assert "ocp.iam.rate-limit" in caught.value.next
    assert "does not accept more requests from this user" in caught.value.message
