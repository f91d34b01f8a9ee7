# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Invalid input and connection errors: one clear message each, no traceback, no changes."""

import socket
import subprocess
import sys

import pytest

from tests.integration.ocp.conftest import takeover_of


def test_no_such_cluster(take_over):
    failure = take_over(1, cluster="prod").failure
    assert failure["kind"] == "not_found"
    assert "cluster: OCP has no OBProxy cluster prod. It has: demo (1), other (2)." in failure["message"]


def test_a_host_that_ocp_does_not_know(ocp, take_over):
    failure = take_over(1, 77).failure
    assert failure["kind"] == "not_found"
    assert "hosts[1].host: OCP knows no host 10.0.0.77" in failure["message"]
    assert "proxy-5 (10.0.0.5, id 5)" in failure["message"]
    assert "Add the host to OCP" in failure["next"]
    assert ocp.takeovers() == []


def test_a_port_without_a_listener(ocp, take_over):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ocp.reset({"hosts": ["127.0.0.1"], "obproxy_clusters": [{"name": "demo"}], "settings": {"task_seconds": 1}})
    failure = take_over(hosts=[{"host": "127.0.0.1", "sql_port": port}]).failure
    assert failure["kind"] == "task_failed"
    assert f"127.0.0.1:{port}" in failure["log"]


def test_a_wrong_password_is_tried_once(ocp, take_over):
    run = take_over(1, ocp_password="wrong-secret")
    assert run.failure["kind"] == "authentication"
    assert "ocp_password" in run.failure["next"]
    assert len(ocp.requests()) == 1
    assert "wrong-secret" not in run.output


def test_a_user_who_may_not_write(ocp, take_over):
    ocp.fault("status", method="POST", status=403, message="access denied", times=None)
    failure = take_over(1).failure
    assert failure["kind"] == "permission"
    assert len([request for request in ocp.requests() if request["method"] == "POST"]) == 1


def test_an_address_that_answers_html(ocp, take_over):
    ocp.fault("not_json", times=None)
    failure = take_over(1).failure
    assert failure["kind"] == "protocol"
    assert "text/html instead of OCP's JSON" in failure["message"]
    assert "ocp_url" in failure["next"]


def test_an_address_without_an_answer(take_over):
    run = take_over(1, ocp_url="http://127.0.0.1:9")
    assert run.failure["kind"] == "connection"
    assert "http://127.0.0.1:9 cannot be reached" in run.failure["message"]
    assert run.seconds < 15


def test_a_proxy_of_the_environment_that_is_wrong_is_the_one_that_is_blamed(runner, take_over):
    runner.env.update(http_proxy="http://me:hidden-secret@127.0.0.1:9", no_proxy="")
    run = take_over(1)
    assert run.failure["kind"] == "connection"
    assert "the proxy http://127.0.0.1:9 (environment variable http_proxy)" in run.failure["message"]
    assert "add 127.0.0.1 to no_proxy" in run.failure["next"]
    assert "hidden-secret" not in run.output


@pytest.mark.parametrize(
    "url, words",
    [
        ("ocp:8080", "ocp_url: ocp:8080 has no scheme"),
        ("http://admin:hidden-secret@ocp:8080", "ocp_url contains a user name or a password"),
        ("http://ocp:port", "ocp_url: http://ocp:port is not a URL"),
    ],
)
def test_a_url_that_is_none(take_over, url, words):
    run = take_over(1, ocp_url=url)
    assert words in run.failure["message"]
    assert "hidden-secret" not in run.result["msg"]


def test_no_requests_for_the_python_that_runs_the_module(runner, tmp_path):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare"], check=True)
    runner.interpreter = str(tmp_path / "bare" / "bin" / "python")
    run = runner.ansible("ocp_obproxy_takeover", **takeover_of(1))
    assert "requests" in run.failure["message"]


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"cluster_id": 1}, "mutually exclusive"),
        ({"cluster": None}, "one of the following is required"),
        ({"hosts": [{"sql_port": 1}]}, "one of the following is required"),
        ({"hosts": []}, "hosts is empty"),
        ({"hosts": [{"host_id": 1}, {"host": "10.0.0.1"}]}, "hosts[0] (host_id 1) and hosts[1] (10.0.0.1) are"),
        ({"hosts": [{"host_id": 1, "sql_port": 0}]}, "hosts[0].sql_port: 0 is not a port"),
        ({"wait_timeout": -1}, "wait_timeout: -1"),
        ({"wait_interval": 0}, "wait_interval: 0"),
        ({"retries": -1}, "retries: -1"),
        ({"request_timeout": 0}, "request_timeout: 0"),
        ({"ca_path": "/no/such/ca.pem"}, "ca_path: /no/such/ca.pem does not exist"),
        ({"ocp_access_key_id": "ak", "ocp_username": "me"}, "ocp_username and ocp_access_key_id are both set"),
        ({"ocp_access_key_id": "ak"}, "ocp_access_key_secret is missing"),
    ],
)
def test_invalid_options(ocp, take_over, arguments, words):
    run = take_over(1, **arguments)
    assert run.code != 0
    assert words in run.result["msg"]
    assert "Traceback" not in run.output
    assert ocp.takeovers() == []


def test_no_log_in_at_all(runner, take_over):
    runner.env.update(OCP_USERNAME="", OCP_PASSWORD="")
    assert "No login for OCP is given" in take_over(1).failure["message"]


def test_both_log_ins_in_the_environment(runner, take_over):
    runner.env.update(OCP_ACCESS_KEY_ID="ak", OCP_ACCESS_KEY_SECRET="sk")
    assert "OCP_USERNAME and OCP_ACCESS_KEY_ID are both set" in take_over(1).failure["message"]


def test_empty_variables_count_as_unset(runner, take_over):
    names = ("OCP_ACCESS_KEY_ID", "OCP_ACCESS_KEY_SECRET", "OCP_VALIDATE_CERTS", "OCP_CA_PATH", "OCP_REQUEST_TIMEOUT")
    runner.env.update(dict.fromkeys(names, ""))
    assert take_over(1).outcomes == ["taken_over"]


def test_a_proxy_of_another_cluster(ocp, take_over):
    take_over(1, cluster="other")
    failure = take_over(1).failure
    assert failure["kind"] == "conflict"
    assert "managed by another OBProxy cluster: other (2)" in failure["message"]
