# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the client makes of OCP's answers: retried, told apart, never posted twice."""

import json

import pytest
import requests
import responses
from ansible_collections.obops.oceanbase.plugins.module_utils._auth import AccessKey
from ansible_collections.obops.oceanbase.plugins.module_utils._client import Client
from ansible_collections.obops.oceanbase.plugins.module_utils._errors import OcpError
from ansible_collections.obops.oceanbase.plugins.module_utils._limit import TimeLimit

URL = "http://ocp:8080"


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def client(clock):
    return Client(URL, auth=("admin", "secret"), limit=TimeLimit(600, clock))


@pytest.fixture
def ocp():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def answer(data=None, **keys):
    return {"data": data, "successful": True, "status": 200, **keys}


def refusal(code, message="no"):
    return {"error": {"code": code, "message": message}, "successful": False}


def test_the_data_of_an_answer(client, ocp):
    ocp.get(f"{URL}/a", json=answer({"x": 1}))
    assert client.get("/a") == {"x": 1}


def test_an_answer_without_data(client, ocp):
    ocp.post(f"{URL}/a", json={"successful": True, "status": 200})
    assert client.post("/a") is None


def test_all_pages_of_a_list(client, ocp):
    for number in (1, 2, 3):
        ocp.get(
            f"{URL}/a?page={number}&size=2000",
            json=answer({"contents": [{"id": number}], "page": {"totalElements": 3, "number": number, "size": 1}}),
        )
    assert client.list("/a") == [{"id": 1}, {"id": 2}, {"id": 3}]


@pytest.mark.parametrize("contents", [None, []])
def test_an_empty_list(client, ocp, contents):
    ocp.get(f"{URL}/a", json=answer({"contents": contents}))
    assert client.list("/a") == []


@pytest.mark.parametrize(
    "status, code, kind",
    [
        (401, 3000, "authentication"),
        (401, "IAM10000", "authentication"),
        (403, "IAM10004", "permission"),
        (404, 21001, "not_found"),
        (404, "ODP21001", "not_found"),
        (409, 20021, "conflict"),
        (400, 20021, "conflict"),
        (400, "COM10001", "rejected"),
        (200, 4007, "rejected"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_refusal_is_told_apart_and_tried_once(client, ocp, method, status, code, kind):
    ocp.add(method.upper(), f"{URL}/a", json=refusal(code, "Not today."), status=status)
    with pytest.raises(OcpError, match="Not today") as caught:
        getattr(client, method)("/a")
    assert (caught.value.kind, caught.value.code) == (kind, str(code))
    assert not caught.value.maybe_done
    assert len(ocp.calls) == 1


@pytest.mark.parametrize("auth, told", [(AccessKey("ak", "sk"), True), (("admin", "secret"), False)])
def test_a_clock_that_is_off_is_named_when_a_signature_is_refused(clock, ocp, auth, told):
    ocp.get(f"{URL}/a", json=refusal(3004), status=401, headers={"Date": "Tue, 17 Jan 2023 04:14:02 GMT"})
    with pytest.raises(OcpError) as caught:
        Client(URL, auth=auth, limit=TimeLimit(9, clock)).get("/a")
    assert ("clock differs from OCP's by" in caught.value.message) == told


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_read_goes_on_after_a_servers_error(client, ocp, clock, status):
    ocp.get(f"{URL}/a", body="<html>", status=status)
    ocp.get(f"{URL}/a", json=answer({"x": 1}))
    assert client.get("/a") == {"x": 1}
    assert clock.now > 0


def test_a_read_goes_on_after_a_reset(client, ocp):
    ocp.get(f"{URL}/a", body=requests.ConnectionError("Connection aborted"))
    ocp.get(f"{URL}/a", json=answer({"x": 1}))
    assert client.get("/a") == {"x": 1}


def test_an_ocp_that_never_answered_is_given_up_soon(client, ocp, clock):
    ocp.get(f"{URL}/a", body=requests.ConnectionError("refused"))
    with pytest.raises(OcpError) as caught:
        client.get("/a")
    assert caught.value.kind == "connection"
    assert len(ocp.calls) == 3
    assert clock.now < 10


def test_an_ocp_that_answered_before_is_asked_until_the_limit(client, ocp, clock):
    ocp.get(f"{URL}/a", json=answer())
    client.get("/a")
    ocp.replace(responses.GET, f"{URL}/a", body=requests.ConnectionError("down"))
    with pytest.raises(OcpError):
        client.get("/a")
    assert 500 < clock.now <= 600


@pytest.mark.parametrize(
    "reply",
    [
        {"body": requests.ConnectionError("Connection aborted")},
        {"body": requests.ReadTimeout()},
        {"status": 500, "json": {"successful": False}},
        {"status": 502, "body": "<html>"},
        {"status": 200, "body": "<html>"},
    ],
)
def test_a_write_that_may_have_been_done_is_not_sent_again(client, ocp, reply):
    ocp.post(f"{URL}/a", **reply)
    with pytest.raises(OcpError) as caught:
        client.post("/a", {})
    assert caught.value.maybe_done
    assert len(ocp.calls) == 1


def test_a_write_that_never_left_is_sent_again(client, ocp):
    ocp.post(f"{URL}/a", body=requests.ConnectTimeout())
    ocp.post(f"{URL}/a", json=answer({"x": 1}))
    assert client.post("/a", {}) == {"x": 1}


@pytest.mark.parametrize("method", ["get", "post"])
def test_429_is_waited_out_until_its_reset(client, ocp, clock, method):
    ocp.add(method.upper(), f"{URL}/a", json=refusal(0), status=429, headers={"RateLimit-Reset": "42"})
    ocp.add(method.upper(), f"{URL}/a", json=answer({"x": 1}))
    told = []
    client.notify = told.append
    assert getattr(client, method)("/a") == {"x": 1}
    assert clock.now == 42
    assert "42 s" in told[0]


def test_429_beyond_the_limit_ends_the_run_at_once(client, ocp, clock):
    ocp.get(f"{URL}/a", json=refusal(0), status=429, headers={"RateLimit-Reset": "4000"})
    with pytest.raises(OcpError, match="429"):
        client.get("/a")
    assert clock.now == 0


def test_a_used_up_quota_is_waited_for_before_ocp_refuses(client, ocp):
    ocp.get(f"{URL}/a", json=answer(), headers={"RateLimit-Remaining": "0", "RateLimit-Reset": "0.01"})
    told = []
    client.notify = told.append
    client.get("/a")
    client.get("/a")
    assert "request limit" in told[0]


def test_a_pace_is_known_from_the_quota(client, ocp):
    assert client.pace == 0
    ocp.get(f"{URL}/a", json=answer(), headers={"RateLimit-Remaining": "9", "RateLimit-Reset": "60"})
    client.get("/a")
    assert 5 < client.pace <= 6


def test_a_page_that_is_not_ocps(client, ocp):
    ocp.get(f"{URL}/a", body="<html>Sign in</html>", content_type="text/html; charset=utf-8")
    with pytest.raises(OcpError, match="text/html instead of OCP's JSON") as caught:
        client.get("/a")
    assert caught.value.kind == "protocol"


def test_a_redirect_is_not_followed(client, ocp):
    ocp.post(f"{URL}/a", status=302, headers={"Location": "https://login/"})
    with pytest.raises(OcpError, match="redirect to https://login/"):
        client.post("/a", {})
    assert len(ocp.calls) == 1


def test_an_untrusted_certificate(client, ocp):
    ocp.get(f"{URL}/a", body=requests.exceptions.SSLError("self-signed certificate"))
    with pytest.raises(OcpError, match="ca_path") as caught:
        client.get("/a")
    assert caught.value.kind == "tls"
    assert len(ocp.calls) == 1


def test_a_path_prefix_is_kept(ocp, clock):
    ocp.get("https://proxy/ocp/a", json=answer({"x": 1}))
    assert Client("https://proxy/ocp/", limit=TimeLimit(9, clock)).get("/a") == {"x": 1}


def test_a_body_is_json(client, ocp):
    ocp.post(f"{URL}/a", json=answer())
    client.post("/a", {"hosts": []})
    assert json.loads(ocp.calls[0].request.body) == {"hosts": []}
    assert ocp.calls[0].request.headers["Content-Type"] == "application/json"
