# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client's handling of OCP's answers: they are retried or distinguished, and nothing is posted twice."""

import json
import os
import socket

import pytest
import requests
import responses
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.client import Client
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.deadline import Deadline
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.errors import OcpError
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.signature import AccessKey

from .fake_ocp import Clock

URL = "http://ocp:8080"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def client(clock):
    return Client(URL, auth=("admin", "secret"), limit=Deadline(600, clock))


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
def test_a_refusal_is_recognized_and_tried_once(client, ocp, method, status, code, kind):
    ocp.add(method.upper(), f"{URL}/a", json=refusal(code, "Not today."), status=status)
    with pytest.raises(OcpError, match="Not today") as caught:
        getattr(client, method)("/a")
    assert (caught.value.kind, caught.value.code) == (kind, str(code))
    assert not caught.value.maybe_done
    assert len(ocp.calls) == 1


@pytest.mark.parametrize(
    "code, kind",
    [
        (21008, "rejected"),
        ("ODP10001", "rejected"),
        (20021, "conflict"),
        ("BAK29003", "conflict"),
        ("CMP07013", "not_found"),
        ("IAM11000", "permission"),
        (3000, "authentication"),
        ("XYZ12345", "rejected"),
    ],
)
def test_a_servers_error_with_a_code_is_a_refusal_and_not_an_outage(client, ocp, code, kind):
    ocp.get(f"{URL}/a", json=refusal(code, "Not today."), status=500)
    ocp.post(f"{URL}/a", json=refusal(code, "Not today."), status=500)
    with pytest.raises(OcpError, match="Not today") as read:
        client.get("/a")
    with pytest.raises(OcpError, match="Not today") as written:
        client.post("/a", {})
    assert (read.value.kind, read.value.code, read.value.maybe_done) == (kind, str(code), False)
    # OCP may have begun all the same, but this answer says more than a missing one.
    assert (written.value.kind, written.value.maybe_done, written.value.unanswered) == (kind, True, False)
    assert len(ocp.calls) == 2


@pytest.mark.parametrize("code", [0, "0", 1115, "COM10999", None])
def test_a_server_error_with_an_unspecific_code_is_an_outage(client, ocp, code):
    ocp.get(f"{URL}/a", json=refusal(code), status=500)
    ocp.get(f"{URL}/a", json=answer({"x": 1}))
    ocp.post(f"{URL}/a", json=refusal(code), status=500)
    assert client.get("/a") == {"x": 1}
    with pytest.raises(OcpError) as written:
        client.post("/a", {})
    assert (written.value.kind, written.value.unanswered) == ("connection", True)


@pytest.mark.parametrize("code", ["20021", "BAK29003", "7004", "CMP07004", "COM10005"])
@pytest.mark.parametrize("status", [400, 409, 500])
def test_a_busy_host_is_recognized_whatever_the_code_and_the_status(client, ocp, code, status):
    ocp.post(f"{URL}/a", json=refusal(code), status=status)
    with pytest.raises(OcpError) as caught:
        client.post("/a", {})
    assert (caught.value.kind, caught.value.busy) == ("conflict", True)


def test_a_refusal_names_the_roles_that_are_needed(client, ocp):
    ocp.get(f"{URL}/a", json=refusal("IAM10017"), status=403)
    with pytest.raises(OcpError, match=r"OBPROXY_MANAGER and TASK_MANAGER .*HOST_MANAGER"):
        client.get("/a")


@pytest.mark.parametrize(
    "auth, named, unnamed",
    [
        (AccessKey("ak", "sk"), "ocp_access_key_secret", "ocp_password"),
        (("admin", "secret"), "ocp_password", "ocp_access_key_secret"),
    ],
)
def test_a_refused_log_in_speaks_of_what_was_used(clock, ocp, auth, named, unnamed):
    ocp.get(f"{URL}/a", json=refusal(3000), status=401)
    with pytest.raises(OcpError) as caught:
        Client(URL, auth=auth, limit=Deadline(9, clock)).get("/a")
    assert named in caught.value.next
    assert unnamed not in str(caught.value)


@pytest.mark.parametrize("auth, told", [(AccessKey("ak", "sk"), True), (("admin", "secret"), False)])
def test_a_clock_that_is_off_is_named_when_a_signature_is_refused(clock, ocp, auth, told):
    ocp.get(f"{URL}/a", json=refusal(3004), status=401, headers={"Date": "Tue, 17 Jan 2023 04:14:02 GMT"})
    with pytest.raises(OcpError) as caught:
        Client(URL, auth=auth, limit=Deadline(9, clock)).get("/a")
    assert ("clock differs from OCP's by" in caught.value.message) == told


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_read_is_retried_after_a_server_error(client, ocp, clock, status):
    ocp.get(f"{URL}/a", body="<html>", status=status)
    ocp.get(f"{URL}/a", json=answer({"x": 1}))
    assert client.get("/a") == {"x": 1}
    assert clock.now > 0


def test_a_read_is_retried_after_a_reset(client, ocp):
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
    assert len(ocp.calls) == 1


def test_a_page_that_is_not_ocps_is_a_hiccup_once_ocp_has_answered(client, ocp, clock):
    ocp.get(f"{URL}/a/1", json=answer({"x": 1}))
    client.get("/a/1")
    for _number in range(5):
        ocp.get(f"{URL}/a/2", body="<html>Sign in</html>")
    ocp.get(f"{URL}/a/2", json=answer({"x": 2}))
    assert client.get("/a/2") == {"x": 2}
    assert clock.now > 5


def test_a_call_that_only_ever_answers_with_a_page_is_given_up_soon(client, ocp, clock):
    ocp.get(f"{URL}/a", json=answer({"x": 1}))
    client.get("/a")
    ocp.get(f"{URL}/newer", body="<html>The console</html>")
    with pytest.raises(OcpError, match="instead of OCP's JSON"):
        client.get("/newer")
    assert clock.now < 5


def test_a_write_is_not_repeated_after_a_page_that_is_not_ocps(client, ocp):
    ocp.get(f"{URL}/a", json=answer({"x": 1}))
    client.get("/a")
    ocp.post(f"{URL}/a", body="<html>Sign in</html>")
    with pytest.raises(OcpError) as caught:
        client.post("/a", {})
    assert caught.value.unanswered
    assert len(ocp.calls) == 2


def test_messages_are_requested_in_english(client, ocp):
    ocp.get(f"{URL}/a", json=answer())
    client.get("/a")
    assert ocp.calls[0].request.headers["Accept-Language"].startswith("en")


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


@pytest.fixture
def environment(monkeypatch):
    """A function that sets environment variables. All others for proxies and certificates are removed."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy") or name.endswith("_CA_BUNDLE")]:
        monkeypatch.delenv(name)
    return lambda **variables: [monkeypatch.setenv(name, value) for name, value in variables.items()]


def closed_port():
    """Return a local port that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def error_at(url, clock, **options):
    with pytest.raises(OcpError) as caught:
        Client(url, limit=Deadline(60, clock), **options).get("/a")
    # Exceptions with several arguments are printed as a raw Python tuple.
    assert "('" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
def test_a_proxy_that_cannot_be_reached_is_named_as_the_cause(clock, environment, variable):
    address = f"127.0.0.1:{closed_port()}"
    environment(**{variable: f"http://me:S3cret@{address}"})
    error = error_at("http://ocp.example.com:8080", clock)
    assert error.kind == "connection"
    assert f"the proxy http://{address} (environment variable {variable})" in error.message
    assert "Connection refused" in error.message
    assert f"Correct the environment variable {variable}, or add ocp.example.com to no_proxy" in error.next
    assert "S3cret" not in str(error)


@pytest.mark.parametrize(
    "value", ["http://", "http://:3128", "127.0.0.1:99999", "foo bar", "ftp://127.0.0.1:1", "http://me:S3cret@ho st:1"]
)
def test_an_invalid_proxy_url_is_named_as_the_cause(clock, environment, value):
    environment(http_proxy=value)
    error = error_at("http://ocp.example.com:8080", clock)
    assert error.message.startswith("The environment variable http_proxy is not of the form http://HOST:PORT: ")
    assert "no_proxy" in error.next
    assert "S3cret" not in str(error)


def test_a_socks_proxy_without_the_package_for_it_is_named_as_the_cause(clock, environment):
    environment(ALL_PROXY="socks5://127.0.0.1:1")
    error = error_at("http://ocp.example.com:8080", clock)
    assert "The environment variable ALL_PROXY is a SOCKS proxy" in error.message
    assert "Install PySocks" in error.next


def test_a_host_in_no_proxy_is_reached_directly_and_no_proxy_is_blamed(clock, environment):
    environment(http_proxy="http://127.0.0.1:1", no_proxy="127.0.0.1")
    error = error_at(f"http://127.0.0.1:{closed_port()}", clock)
    assert "proxy" not in str(error)


@pytest.mark.parametrize("status", [200, 502])
def test_a_page_that_may_be_the_proxys_names_the_proxy(client, ocp, environment, status):
    environment(http_proxy="http://squid:3128")
    ocp.get(f"{URL}/a", body="<html>Squid</html>", status=status)
    with pytest.raises(OcpError, match="the proxy http://squid:3128") as caught:
        client.get("/a")
    assert "add ocp to no_proxy" in caught.value.next


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_certificates_of_the_environment_that_are_not_there_are_named_as_the_cause(clock, environment, variable):
    environment(**{variable: "/no/such/ca.pem"})
    error = error_at("https://127.0.0.1:1", clock)
    assert error.kind == "tls"
    assert f"in the environment variable {variable} do not exist: /no/such/ca.pem" in error.message
    assert "ca_path" in error.next


def test_certificates_of_the_environment_that_are_checked_against_are_named(client, ocp, environment):
    environment(REQUESTS_CA_BUNDLE="/etc/other.pem")
    ocp.get(f"{URL}/a", body=requests.exceptions.SSLError("certificate verify failed: self-signed certificate"))
    with pytest.raises(OcpError, match=r"environment variable REQUESTS_CA_BUNDLE: /etc/other.pem") as caught:
        client.get("/a")
    assert "unset it, or set ca_path" in caught.value.next


def test_a_broken_connection_is_described_in_words(client, ocp):
    inner = requests.packages.urllib3.exceptions.ProtocolError("Connection aborted.", OSError("Remote end closed"))
    ocp.post(f"{URL}/a", body=requests.ConnectionError(inner))
    with pytest.raises(OcpError) as caught:
        client.post("/a", {})
    assert caught.value.message == f"OCP at {URL} closed the connection: Remote end closed."


def test_a_path_prefix_is_kept(ocp, clock):
    ocp.get("https://proxy/ocp/a", json=answer({"x": 1}))
    assert Client("https://proxy/ocp/", limit=Deadline(9, clock)).get("/a") == {"x": 1}


def test_a_body_is_json(client, ocp):
    ocp.post(f"{URL}/a", json=answer())
    client.post("/a", {"hosts": []})
    assert json.loads(ocp.calls[0].request.body) == {"hosts": []}
    assert ocp.calls[0].request.headers["Content-Type"] == "application/json"
