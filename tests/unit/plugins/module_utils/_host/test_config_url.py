# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import socket
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._host import config_url


def refused():
    raise OSError("[Errno 111] Connection refused")


@pytest.mark.parametrize("body", [b'{"Code": 200, "Message": "successful"}', b'{"Data": {}}'])
def test_a_config_server_that_answers_is_no_problem(body):
    assert config_url.problem_of(lambda: body) is None


@pytest.mark.parametrize(
    ("fetch", "found"),
    [
        (refused, "cannot be read from this host ([Errno 111] Connection refused)"),
        (lambda: b"<html>", "does not answer with JSON"),
        (lambda: b'{"Code": 400}', "the code 400"),
    ],
)
def test_an_unreachable_config_url_is_reported_with_its_consequence(fetch, found):
    problem = config_url.problem_of(fetch)
    assert found in problem
    assert "error 4669" in problem


class Server(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(404 if "unknown" in self.path else 200)
        self.end_headers()
        self.wfile.write(b'{"Code": 200}')

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def url(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    server = HTTPServer(("127.0.0.1", 0), Server)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/services"
    server.shutdown()
    server.server_close()


def test_a_config_server_is_asked_past_any_http_proxy(url):
    assert config_url.problem(url) is None


def test_one_that_does_not_know_the_url_is_reported(url):
    assert "HTTP Error 404" in config_url.problem(url + "?unknown")


def test_a_server_that_never_answers_does_not_hold_up_the_look():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        where = f"http://127.0.0.1:{silent.getsockname()[1]}/services"
        with pytest.raises(OSError, match="timed out"):
            config_url.fetch(where, seconds=0.2)
        with pytest.raises(OSError, match="no answer after 0 s"):
            config_url.fetch(where, seconds=60, longest=0.2)
