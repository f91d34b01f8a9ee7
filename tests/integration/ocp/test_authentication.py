# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections and logins of the modules: users and access keys, TLS, web proxies."""

import ssl

import pytest
import trustme

from tests.integration.ocp.conftest import Runner, takeover_of, world
from tests.integration.ocp.fronts import TlsFront, WebProxy
from tests.simulator.launcher import Simulator

KEY = {"id": "AKID7", "secret": "sk-of-the-key", "username": "robot"}


@pytest.fixture
def key(ocp, runner):
    """A simulated OCP with an access key, and the runner set up to log in with it."""
    users = [{"username": ocp.username, "password": ocp.password}, {"username": "robot", "password": "unused"}]
    ocp.reset({**world(3), "users": users, "access_keys": [KEY]})
    runner.env = {
        "OCP_URL": ocp.url,
        "OCP_ACCESS_KEY_ID": KEY["id"],
        "OCP_ACCESS_KEY_SECRET": KEY["secret"],
    }


def hosts(runner, **options):
    return runner.module("ocp_host_info", **options)


def users(ocp):
    return {request["user"] for request in ocp.requests()}


# -- users and access keys


def test_a_user_with_a_password(ocp, runner):
    assert hosts(runner).code == 0
    assert users(ocp) == {"admin"}


def test_a_whole_takeover_with_an_access_key(ocp, runner, key, take_over):
    assert take_over(1, 2).outcomes == ["taken_over"] * 2
    assert users(ocp) == {"robot"}


def test_a_retry_with_an_access_key(ocp, runner, key, take_over):
    ocp.task_fault("fail", host=1)
    failure = take_over(1).failure
    run = runner.module("ocp_task", task_id=failure["task"]["id"], operation="retry")
    assert run.result["tasks"][0]["status"] == "SUCCESSFUL"


def test_a_name_that_a_query_has_to_encode_is_signed_as_it_is_sent(runner, key):
    run = runner.module("ocp_task_info", name="50 % + é/ä&b=c,~")
    assert run.result["tasks"] == []


def test_an_option_beats_the_environment(ocp, runner, key):
    assert hosts(runner, ocp_username=ocp.username, ocp_password=ocp.password).code == 0
    assert users(ocp) == {"admin"}


@pytest.mark.parametrize("wrong", [{"OCP_ACCESS_KEY_SECRET": "wrong"}, {"OCP_ACCESS_KEY_ID": "nobody"}])
def test_a_wrong_key_is_tried_once(ocp, runner, key, wrong):
    runner.env.update(wrong)
    failure = hosts(runner).failure
    assert failure["kind"] == "authentication"
    assert "access key" in failure["next"]
    assert "clock" not in failure["message"]
    assert len(ocp.requests()) == 1


def test_a_clock_that_is_wrong_is_named(runner, key, tmp_path):
    # Python reads this file when it starts. It puts this host's clock 20 minutes ahead.
    (tmp_path / "sitecustomize.py").write_text("import time\nreal = time.time\ntime.time = lambda: real() + 1200\n")
    runner.env["PYTHONPATH"] = f"{tmp_path}:{runner.environment()['PYTHONPATH']}"
    failure = hosts(runner).failure
    assert failure["kind"] == "authentication"
    assert "This host's clock differs from OCP's by 1" in failure["message"]


@pytest.mark.parametrize("verbosity, told", [("-v", True), ("-o", False)])
def test_a_password_over_plain_http_is_reported_at_v(runner, verbosity, told):
    run = runner.ansible("ocp_host_info", verbosity)
    assert run.code == 0
    assert ("unencrypted" in run.output) == told


def test_a_signature_over_plain_http_gives_nothing_away(runner, key):
    assert "unencrypted" not in runner.ansible("ocp_host_info", "-v").output


# -- TLS


class Authority:
    """A CA and the certificates that it issues, written to files."""

    def __init__(self, folder):
        self._ca = trustme.CA()
        self._folder = folder
        self.path = self._write("ca.pem", [self._ca.cert_pem])

    def server(self, *names):
        """Return the files of a server certificate and of its key."""
        issued = self._ca.issue_cert(*names)
        chain = self._write(f"{names[0]}.pem", [*issued.cert_chain_pems, self._ca.cert_pem])
        return chain, self._write(f"{names[0]}.key", [issued.private_key_pem])

    def client(self):
        """Return the files of a client certificate, of its key, and of both combined."""
        issued = self._ca.issue_cert("someone@example.com")
        certificate = self._write("client.pem", issued.cert_chain_pems)
        key = self._write("client.key", [issued.private_key_pem])
        return certificate, key, self._write("both.pem", [issued.private_key_and_cert_chain_pem])

    def context(self, certificate, key):
        """Return the TLS context of a server that requires a client certificate of this CA."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self._ca.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
        return context

    def _write(self, name, pems):
        file = self._folder / name
        file.write_bytes(b"".join(pem.bytes() for pem in pems))
        return str(file)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    """A CA that is unrelated to the server."""
    return Authority(tmp_path_factory.mktemp("stranger"))


@pytest.fixture(scope="module")
def secure_ocp(authority):
    with Simulator(world(2), tls=authority.server("127.0.0.1")) as simulator:
        yield simulator


@pytest.fixture
def secure(tmp_path, secure_ocp):
    """A runner that logs in to an OCP with HTTPS and trusts only the CAs of the system."""
    env = {"OCP_URL": secure_ocp.url, "OCP_USERNAME": "admin", "OCP_PASSWORD": secure_ocp.password}
    return Runner(tmp_path, {**env, "REQUESTS_CA_BUNDLE": "", "CURL_CA_BUNDLE": ""})


def test_a_ca_of_ones_own(secure, authority):
    assert secure.env["OCP_URL"].startswith("https://")
    assert len(hosts(secure, ca_path=authority.path).result["hosts"]) == 2


def test_a_ca_from_the_environment(secure, authority):
    secure.env["OCP_CA_PATH"] = authority.path
    assert hosts(secure).code == 0


def test_a_whole_takeover_over_https(secure, secure_ocp, authority):
    secure_ocp.reset(world(2))
    run = secure.ansible("ocp_obproxy_takeover", "-v", **takeover_of(1, 2), ca_path=authority.path)
    assert run.outcomes == ["taken_over"] * 2
    assert "unencrypted" not in run.output


def test_a_ca_that_is_not_trusted(secure, secure_ocp):
    secure_ocp.forget_requests()
    failure = hosts(secure).failure
    assert failure["kind"] == "tls"
    assert "certificate verify failed" in failure["message"]
    assert "ca_path (OCP_CA_PATH)" in failure["next"]
    assert "validate_certs to false" in failure["next"]
    assert secure_ocp.requests() == []


def test_an_unrelated_ca_is_rejected(secure, stranger):
    assert hosts(secure, ca_path=stranger.path).failure["kind"] == "tls"


def test_a_certificate_for_another_name(secure, secure_ocp, authority):
    run = hosts(secure, ca_path=authority.path, ocp_url=secure_ocp.url.replace("127.0.0.1", "localhost"))
    assert run.failure["kind"] == "tls"
    assert "localhost" in run.failure["message"]
    assert "ocp_url" in run.failure["next"]


@pytest.mark.parametrize("where", ["option", "environment"])
def test_without_validation(secure, where):
    if where == "environment":
        secure.env["OCP_VALIDATE_CERTS"] = "false"
    run = hosts(secure, **({"validate_certs": False} if where == "option" else {}))
    assert run.code == 0
    assert len(run.result["hosts"]) == 2


def test_the_bundle_of_requests_counts_when_no_ca_is_named(secure, authority):
    secure.env["REQUESTS_CA_BUNDLE"] = authority.path
    assert hosts(secure).code == 0


def test_a_named_ca_beats_the_bundle_of_requests(secure, authority, stranger):
    secure.env["REQUESTS_CA_BUNDLE"] = stranger.path
    assert hosts(secure, ca_path=authority.path).code == 0
    secure.env["REQUESTS_CA_BUNDLE"] = authority.path
    assert hosts(secure, ca_path=stranger.path).failure["kind"] == "tls"


def test_the_bundle_of_requests_does_not_switch_validation_back_on(secure, stranger):
    secure.env["REQUESTS_CA_BUNDLE"] = stranger.path
    assert hosts(secure, validate_certs=False).code == 0


def test_a_ca_file_that_holds_no_certificate(secure, tmp_path):
    (tmp_path / "empty.pem").write_text("not a certificate\n")
    failure = hosts(secure, ca_path=str(tmp_path / "empty.pem")).failure
    assert failure["kind"] == "tls"
    assert "ca_path" in failure["next"]


def test_a_ca_file_that_is_not_there_names_the_option(secure):
    failure = hosts(secure, ca_path="/no/such/ca.pem").failure
    assert failure["kind"] == "rejected"
    assert "ca_path: /no/such/ca.pem" in failure["message"]


def test_https_to_a_server_without(ocp, secure):
    failure = hosts(secure, ocp_url=ocp.url.replace("http:", "https:")).failure
    assert failure["kind"] == "tls"


@pytest.fixture
def strict(ocp, runner, authority):
    """A runner for an OCP behind a server that requires a client certificate."""
    with TlsFront(ocp.url, authority.context(*authority.server("127.0.0.1"))) as front:
        runner.env.update(OCP_URL=front.url, OCP_CA_PATH=authority.path, REQUESTS_CA_BUNDLE="")
        yield runner


def test_a_client_certificate_and_its_key(strict, authority):
    certificate, key, _both = authority.client()
    assert hosts(strict, client_cert=certificate, client_key=key).code == 0


def test_a_client_certificate_with_its_key_in_one_file(strict, authority):
    assert hosts(strict, client_cert=authority.client()[2]).code == 0


def test_a_takeover_with_a_client_certificate(strict, take_over, authority):
    assert take_over(1, client_cert=authority.client()[2]).outcomes == ["taken_over"]


def test_no_client_certificate_where_one_is_demanded(strict):
    failure = hosts(strict).failure
    assert failure["kind"] == "tls"
    assert "certificate required" in failure["message"]
    assert "client_cert" in failure["next"]


def test_a_client_certificate_of_a_stranger(strict, stranger):
    failure = hosts(strict, client_cert=stranger.client()[2]).failure
    assert failure["kind"] == "tls"
    assert "client_cert" in failure["next"]


@pytest.mark.parametrize("wrong", ["no key", "another key", "no certificate"])
def test_a_client_certificate_that_cannot_be_used(strict, authority, stranger, wrong):
    certificate, key, _both = authority.client()
    options = {
        "no key": {"client_cert": certificate},
        "another key": {"client_cert": certificate, "client_key": stranger.client()[1]},
        "no certificate": {"client_cert": key, "client_key": key},
    }[wrong]
    failure = hosts(strict, **options).failure
    assert failure["kind"] == "tls"
    assert "client_cert" in failure["next"]


def test_a_key_without_a_certificate(strict, authority):
    failure = hosts(strict, client_key=authority.client()[1]).failure
    assert failure["kind"] == "rejected"
    assert "client_key is set without client_cert" in failure["message"]


# -- web proxies


def test_a_proxy_of_the_environment_is_used(ocp, runner):
    with WebProxy() as proxy:
        runner.env["HTTP_PROXY"] = runner.env["http_proxy"] = proxy.url
        assert hosts(runner).code == 0
        assert proxy.seen == [f"GET {ocp.url}/api/v2/compute/hosts?page=1&size=2000"]


def test_a_takeover_through_a_proxy_of_the_environment(ocp, runner, key, take_over):
    with WebProxy() as proxy:
        runner.env["http_proxy"] = proxy.url
        assert take_over(1).outcomes == ["taken_over"]
        assert f"POST {ocp.url}/api/v2/obproxy/clusters/1/takeOver" in proxy.seen


def test_no_proxy_of_the_environment_is_heeded(runner):
    with WebProxy() as proxy:
        runner.env.update(http_proxy=proxy.url, no_proxy="127.0.0.1")
        assert hosts(runner).code == 0
        assert proxy.seen == []


def test_https_goes_through_a_proxy_as_a_tunnel(secure, secure_ocp, authority):
    with WebProxy() as proxy:
        secure.env["https_proxy"] = proxy.url
        assert hosts(secure, ca_path=authority.path).code == 0
        assert proxy.seen == [f"CONNECT {secure_ocp.url.split('//')[1]}"]


def test_a_proxy_that_is_not_there(runner):
    runner.env["http_proxy"] = "http://127.0.0.1:9"
    failure = hosts(runner).failure
    assert failure["kind"] == "connection"
    assert "proxy" in failure["message"]


@pytest.mark.parametrize("slash", ["", "/"])
def test_behind_a_reverse_proxy_with_a_path(ocp, runner, take_over, slash):
    with WebProxy(ocp.url, prefix="/tools/ocp") as proxy:
        run = take_over(1, ocp_url=f"{proxy.url}/tools/ocp{slash}")
        assert run.outcomes == ["taken_over"]
        assert run.result["tasks"][0]["url"].startswith(f"{proxy.url}/tools/ocp/task/")


def test_an_access_key_behind_a_reverse_proxy_with_a_path(ocp, runner, key, take_over):
    with WebProxy(ocp.url, prefix="/ocp") as proxy:
        assert take_over(1, ocp_url=f"{proxy.url}/ocp").outcomes == ["taken_over"]
