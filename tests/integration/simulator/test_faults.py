# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults of the transport and of answers, as a client sees them."""

from __future__ import annotations

import time

import pytest
import requests

from tests.integration.simulator.calls import CLUSTERS, HOSTS, Ocp, host

TAKEOVER = {"method": "POST", "path": "takeOver$"}
BODY = {"hosts": [host(1)]}


def take_over(ocp: Ocp, **more) -> requests.Response:
    return ocp.call("POST", f"{CLUSTERS}/1/takeOver", json=BODY, **more)


def test_a_faulty_status_comes_before_the_work(ocp: Ocp) -> None:
    ocp.control.fault("status", status=503, code=1234, message="come back later", **TAKEOVER)
    answer = take_over(ocp)
    assert answer.status_code == 503
    assert answer.json()["error"] == {"code": 1234, "message": "come back later", "subErrors": []}
    assert ocp.control.takeovers() == []
    assert take_over(ocp).status_code == 200


def test_a_status_may_hide_that_the_work_was_done(ocp: Ocp) -> None:
    ocp.control.fault("status", status=502, work=True, **TAKEOVER)
    assert take_over(ocp).status_code == 502
    assert len(ocp.control.takeovers()) == 1


def test_a_success_may_be_none(ocp: Ocp) -> None:
    ocp.control.fault("unsuccessful", message="no", **TAKEOVER)
    answer = take_over(ocp)
    assert answer.status_code == 200
    assert answer.json()["successful"] is False


@pytest.mark.parametrize("how", ["reset", "close"])
@pytest.mark.parametrize(("when", "begun"), [("before", 0), ("after", 1)])
def test_a_connection_breaks_before_or_after_the_work(ocp: Ocp, when: str, how: str, begun: int) -> None:
    ocp.control.fault("reset", when=when, how=how, **TAKEOVER)
    with pytest.raises(requests.ConnectionError) as caught:
        take_over(ocp)
    assert ("reset" if how == "reset" else "closed connection") in str(caught.value).lower()
    assert len(ocp.control.takeovers()) == begun
    assert ocp.control.requests()[-1]["status"] is None
    assert ocp.call("GET", HOSTS).status_code == 200


def test_an_answer_breaks_off(ocp: Ocp) -> None:
    ocp.control.fault("cut", share=0.3)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        ocp.call("GET", HOSTS)


def test_an_answer_is_late(ocp: Ocp) -> None:
    ocp.control.fault("delay", seconds=0.5)
    started = time.monotonic()
    assert ocp.call("GET", HOSTS).status_code == 200
    assert time.monotonic() - started >= 0.5


@pytest.mark.parametrize(("when", "begun"), [("before", 0), ("after", 1)])
def test_an_answer_never_comes(ocp: Ocp, when: str, begun: int) -> None:
    ocp.control.fault("silent", when=when, **TAKEOVER)
    with pytest.raises(requests.ReadTimeout):
        take_over(ocp, timeout=0.5)
    assert len(ocp.control.takeovers()) == begun


def test_an_answer_comes_in_crumbs(ocp: Ocp) -> None:
    ocp.control.fault("drip", bytes=40, seconds=0.02)
    started = time.monotonic()
    assert ocp.get(HOSTS)["page"]["totalElements"] == 2
    assert time.monotonic() - started > 0.2


def test_an_answer_never_ends(ocp: Ocp) -> None:
    ocp.control.fault("endless", seconds=0.01)
    answer = ocp.call("GET", HOSTS, stream=True)
    assert answer.status_code == 200
    received = 0
    for piece in answer.iter_content(1):
        received += len(piece)
        if received > 50:
            break
    answer.close()
    assert ocp.call("GET", HOSTS).status_code == 200


def test_a_web_proxy_answers_instead(ocp: Ocp) -> None:
    ocp.control.fault("not_json", status=200)
    answer = ocp.call("GET", HOSTS)
    assert answer.headers["Content-Type"] == "text/html"
    assert answer.text.startswith("<html>")


def test_a_429_says_when_to_come_back(ocp: Ocp) -> None:
    ocp.control.fault("rate_limited", reset=7)
    answer = ocp.call("GET", HOSTS)
    assert answer.status_code == 429
    assert answer.json()["error"]["code"] == 0
    assert answer.headers["RateLimit-Reset"] == "7"


def test_credentials_expire_in_the_middle(ocp: Ocp) -> None:
    ocp.control.fault("expired", skip=2, times=None)
    answers = [ocp.call("GET", HOSTS).status_code for _ in range(4)]
    assert answers == [200, 200, 401, 401]
    ocp.control.clear_faults()
    assert ocp.call("GET", HOSTS).status_code == 200


def test_a_fault_hits_after_some_and_so_many_times(ocp: Ocp) -> None:
    ocp.control.fault("status", method="GET", path="hosts", query="keyword=x", skip=1, times=2)
    assert ocp.call("GET", CLUSTERS).status_code == 200
    assert ocp.call("GET", HOSTS).status_code == 200
    answers = [ocp.call("GET", HOSTS, params={"keyword": "x"}).status_code for _ in range(4)]
    assert answers == [200, 500, 500, 200]
    (fault,) = ocp.control.faults()
    assert (fault["seen"], fault["hits"]) == (4, 2)
    assert [asked["fault"] for asked in ocp.control.requests()] == [None, None, None, "status", "status", None]


def test_random_faults_are_reproducible(ocp: Ocp) -> None:
    def answers() -> list[int]:
        ocp.control.reset()
        ocp.control.fault("status", chance=0.5, times=None)
        return [ocp.call("GET", "/api/v2/time").status_code for _ in range(20)]

    first = answers()
    assert set(first) == {200, 500}
    assert answers() == first


def test_one_fault_can_be_taken_back(ocp: Ocp) -> None:
    fault = ocp.control.fault("status", times=None)
    assert ocp.call("GET", HOSTS).status_code == 500
    ocp.control.control("DELETE", f"/faults/{fault['id']}")
    assert ocp.call("GET", HOSTS).status_code == 200


@pytest.mark.parametrize("wrong", [{"kind": "fire"}, {"kind": "status", "path": "("}, {"kind": "reset", "secs": 1}])
def test_a_fault_that_makes_no_sense_is_refused(ocp: Ocp, wrong: dict) -> None:
    with pytest.raises(ValueError, match="POST /faults"):
        ocp.control.control("POST", "/faults", wrong)


def test_every_answer_can_be_slow(ocp: Ocp) -> None:
    ocp.control.settings(latency=0.2)
    started = time.monotonic()
    ocp.call("GET", HOSTS)
    assert time.monotonic() - started >= 0.2
