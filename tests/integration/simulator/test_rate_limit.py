# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Throttling: each answer shows the remaining requests. Beyond the limit, calls get 429 until the window resets."""

from __future__ import annotations

from tests.integration.simulator.calls import CLUSTERS, HOSTS, Ocp, host


def test_answers_count_down_and_then_refuse(frozen: Ocp) -> None:
    frozen.control.settings(rate_limit={"limit": 3, "window": 10})
    left = [frozen.call("GET", HOSTS).headers["RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    frozen.control.advance(4)
    answer = frozen.call("POST", f"{CLUSTERS}/1/takeOver", json={"hosts": [host(1)]})
    assert answer.status_code == 429
    assert answer.json()["error"]["code"] == 0
    assert {name: value for name, value in answer.headers.items() if name.startswith("RateLimit")} == {
        "RateLimit-Limit": "3",
        "RateLimit-Remaining": "0",
        "RateLimit-Reset": "6",
    }
    assert frozen.control.takeovers() == []
    frozen.control.advance(6)
    assert frozen.call("GET", HOSTS).headers["RateLimit-Remaining"] == "2"


def test_the_code_of_a_429_is_0_in_newer_ocp_too(frozen: Ocp) -> None:
    frozen.control.settings(rate_limit={"limit": 1, "window": 10}, error_codes="string")
    frozen.call("GET", HOSTS)
    assert frozen.refusal("GET", HOSTS)[1]["code"] == 0


def test_the_limit_is_a_users_own(ocp: Ocp) -> None:
    users = [{"username": "admin"}, {"username": "other", "password": "o"}]
    ocp.control.reset({"users": users, "settings": {"rate_limit": {"limit": 1, "window": 60}}})
    assert [ocp.call("GET", HOSTS).status_code for _ in range(2)] == [200, 429]
    assert ocp.call("GET", HOSTS, auth=("other", "o")).status_code == 200


def test_throttling_can_be_off(ocp: Ocp) -> None:
    ocp.control.settings(rate_limit=None)
    assert "RateLimit-Limit" not in ocp.call("GET", HOSTS).headers
