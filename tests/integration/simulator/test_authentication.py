# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logins by password and by signature, and the block after too many failed ones."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from email.utils import formatdate

import pytest
import requests

from tests.integration.simulator.calls import CLUSTERS, HOSTS, TASKS, Ocp, host
from tests.simulator import signature

SECRET = "2fc0c299cc94c6be266f2ceece765d4d"


def bare(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def test_ocps_published_signatures_come_out(ocp: Ocp) -> None:
    body = b'{"name":"test01","description":"test","regionId":1}'
    date, host_name = "Tue, 17 Jan 2023 09:13:57 GMT", "ocp.alibaba.net:8080"
    first = signature.message(
        "POST", body, "application/json", date, host_name, [("x-ocp-data", "A,1")], "/api/v2/compute/idcs", ""
    )
    assert first.split("\n")[1] == "186974DB33A090A16D3E2CA35F547B56"
    assert signature.sign(SECRET, first) == "XN8P+O+v3vUabB16ZCooq5wMJoY="
    date = "Tue, 17 Jan 2023 04:14:02 GMT"
    second = signature.message(
        "GET", b"", "application/json;charset=utf-8", date, host_name, [], "/api/v2/compute/idcs", "size=100"
    )
    assert signature.sign(SECRET, second) == "TsQD6HDOuZuJ409m0wdnZPmijlc="


class Signed:
    """An implementation of the documented signature rules that does not use the simulator's code."""

    def __init__(self, key: str = "key", secret: str = SECRET, date: str | None = None, minutes: int = 0) -> None:
        self.key, self.secret, self.fixed, self.minutes = key, secret, date, minutes

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        host_name = request.url.split("/")[2]
        path = request.path_url
        # Computed at the time of the call, since test parameters are created during collection, minutes before.
        date = self.fixed or formatdate(time.time() + self.minutes * 60, usegmt=True)
        parts = [
            request.method,
            hashlib.md5(body).hexdigest().upper() if body else "",
            request.headers.get("Content-Type", ""),
            date,
            host_name,
            "\n".join(sorted(f"{n.lower()}:{v}" for n, v in request.headers.items() if n.lower().startswith("x-ocp-"))),
            path,
        ]
        digest = hmac.new(self.secret.encode(), "\n".join(parts).encode(), hashlib.sha1).digest()
        request.headers["Date"] = date
        request.headers["Authorization"] = f"OCP-ACCESS-KEY-HMACSHA1 {self.key}:{base64.b64encode(digest).decode()}"
        return request


@pytest.fixture
def keyed(ocp: Ocp) -> Ocp:
    ocp.control.reset({"access_keys": [{"id": "key", "secret": SECRET}], "settings": {"check_proxies": False}})
    return ocp


def test_a_signed_request_is_accepted(keyed: Ocp) -> None:
    answer = keyed.call("GET", f"{HOSTS}?keyword=127&size=5", auth=Signed(), headers={"x-ocp-data": "A,1"})
    assert answer.status_code == 200, answer.text
    assert keyed.control.requests()[-1]["user"] == "admin"


def test_a_signed_body_is_accepted(keyed: Ocp) -> None:
    answer = keyed.call("POST", f"{CLUSTERS}/1/takeOver", json={"hosts": [host(1)]}, auth=Signed())
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("signed", "reason"),
    [
        (Signed(secret="wrong"), "does not fit"),
        (Signed(key="unknown"), "wrong"),
        (Signed(minutes=-16), "clock"),
        (Signed(minutes=16), "clock"),
        (Signed(date="2026-11-23T10:00:00Z"), "RFC 1123"),
    ],
    ids=["secret", "key", "late", "early", "form"],
)
def test_a_wrong_signature_or_date_is_refused(keyed: Ocp, signed: Signed, reason: str) -> None:
    status, error = keyed.refusal("GET", HOSTS, auth=signed)
    assert (status, error["code"]) == (401, 3004)
    assert reason in error["message"]


def test_a_clock_that_is_off_by_less_than_15_minutes_is_accepted(keyed: Ocp) -> None:
    assert keyed.call("GET", HOSTS, auth=Signed(minutes=-14)).status_code == 200


def test_a_signature_does_not_hold_for_another_body(keyed: Ocp) -> None:
    class Altered(Signed):
        def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
            super().__call__(request)
            request.body = request.body.replace(b"2883", b"2884")
            return request

    status, _ = keyed.refusal("POST", f"{CLUSTERS}/1/takeOver", json={"hosts": [host(1)]}, auth=Altered())
    assert status == 401
    assert keyed.control.takeovers() == []


@pytest.mark.parametrize(("auth", "code"), [(bare, 3000), (("admin", "wrong"), 3004), (("nobody", "aaAA11__"), 3004)])
def test_a_missing_login_is_distinguished_from_a_wrong_one(ocp: Ocp, auth, code: int) -> None:
    status, error = ocp.refusal("GET", HOSTS, auth=auth)
    assert (status, error["code"]) == (401, code)


def test_twenty_failed_log_ins_block_the_address_for_half_an_hour(frozen: Ocp) -> None:
    for _ in range(20):
        assert "wrong" in frozen.refusal("GET", HOSTS, auth=("admin", "wrong"))[1]["message"]
    status, error = frozen.refusal("GET", HOSTS)
    assert status == 401
    assert "Too many failed logins" in error["message"]
    frozen.control.advance(29 * 60)
    assert frozen.call("GET", HOSTS).status_code == 401
    frozen.control.advance(61)
    assert frozen.call("GET", HOSTS).status_code == 200


def test_a_good_log_in_forgets_the_failed_ones(ocp: Ocp) -> None:
    for _ in range(2):
        for _ in range(19):
            ocp.call("GET", HOSTS, auth=("admin", "wrong"))
        assert ocp.call("GET", HOSTS).status_code == 200


def test_a_user_who_may_only_read_cannot_take_over(ocp: Ocp) -> None:
    ocp.control.reset({"users": [{"username": "reader", "password": "r", "roles": ["OBPROXY_VIEWER"]}]})
    reader = {"auth": ("reader", "r")}
    assert ocp.call("GET", HOSTS, **reader).status_code == 200
    status, error = ocp.refusal("POST", f"{CLUSTERS}/1/takeOver", json={"hosts": [host(1)]}, **reader)
    assert status == 403
    assert "reader" in error["message"]
    assert ocp.control.takeovers() == []


@pytest.mark.parametrize(
    ("roles", "hosts", "takes_over", "tasks"),
    [
        (["OBPROXY_MANAGER"], 200, 200, 403),
        (["OBPROXY_MANAGER", "TASK_VIEWER"], 200, 200, 200),
        (["TASK_MANAGER"], 403, 403, 200),
        (["HOST_MANAGER"], 200, 403, 403),
        ([], 403, 403, 403),
    ],
)
def test_a_role_allows_what_it_is_for(ocp: Ocp, roles: list, hosts: int, takes_over: int, tasks: int) -> None:
    ocp.control.reset(
        {"users": [{"username": "me", "password": "p", "roles": roles}], "settings": {"check_proxies": False}}
    )
    ocp.session.auth = ("me", "p")
    assert ocp.call("GET", HOSTS).status_code == hosts
    assert ocp.call("POST", f"{CLUSTERS}/1/takeOver", json={"hosts": [host(1)]}).status_code == takes_over
    refused = ocp.call("GET", TASKS)
    assert refused.status_code == tasks
    if tasks == 403:
        assert "TASK:READ" in refused.json()["error"]["message"]
    assert ocp.call("GET", "/api/v2/info").status_code == 200


def test_who_only_views_tasks_cannot_retry_one(ocp: Ocp) -> None:
    ocp.control.reset({"users": [{"username": "me", "password": "p", "roles": ["TASK_VIEWER"]}]})
    ocp.session.auth = ("me", "p")
    assert ocp.refusal("POST", f"{TASKS}/1/retry")[0] == 403


@pytest.mark.parametrize("password", ["pässwörd", "密码:x", "€uro "])
def test_a_non_ascii_password_is_accepted_as_utf_8(ocp: Ocp, password: str) -> None:
    ocp.control.reset({"users": [{"username": "müller", "password": password}]})
    ocp.session.auth = ("müller".encode(), password.encode())
    assert ocp.call("GET", HOSTS).status_code == 200
