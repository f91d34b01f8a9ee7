# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers between users and OCP: a TLS server that requires client certificates, and forward and reverse proxies."""

import contextlib
import http.client
import http.server
import select
import socket
import socketserver
import ssl
import threading
from urllib.parse import urlsplit


class Front:
    """A server on a free loopback port that runs within a `with` block."""

    def __init__(self, server):
        server.daemon_threads = True
        self._server = server
        self.address = "{}:{}".format(*server.server_address[:2])

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


class TlsFront(Front):
    """A server that terminates TLS with the given context and forwards everything to a server without TLS."""

    def __init__(self, url, context):
        target = _address(url)

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                with (
                    contextlib.suppress(OSError),
                    context.wrap_socket(self.request, server_side=True, do_handshake_on_connect=False) as client,
                ):
                    try:
                        client.do_handshake()
                    except ssl.SSLError:
                        _hear_out(client)
                        return
                    with socket.create_connection(target) as server:
                        _pump(client, server)

        super().__init__(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler))
        self.url = f"https://{self.address}"


class WebProxy(Front):
    """A forward proxy and, below `prefix`, a reverse proxy for `url`. `seen` lists the requests that it received.

    With `everything`, each request goes to `url`, regardless of its host.
    """

    def __init__(self, url=None, prefix=None, everything=False):
        self.seen = seen = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                seen.append(f"{self.command} {self.path}")
                parts = urlsplit(self.path)
                path = parts._replace(scheme="", netloc="").geturl()
                if parts.netloc:
                    target = _address(url if everything else self.path)
                elif prefix and path.startswith(prefix + "/"):
                    target, path = _address(url), path[len(prefix) :]
                else:
                    self.send_error(404)
                    return
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                connection = http.client.HTTPConnection(*target, timeout=60)
                with contextlib.closing(connection):
                    connection.request(self.command, path, body or None, dict(self.headers))
                    answer = connection.getresponse()
                    content = answer.read()
                self.send_response_only(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("connection", "content-length", "transfer-encoding"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_POST = do_PATCH = do_DELETE = do_GET

            def do_CONNECT(self):
                seen.append(f"CONNECT {self.path}")
                self.close_connection = True
                with socket.create_connection(_address(f"//{self.path}")) as server:
                    self.send_response(200)
                    self.end_headers()
                    _pump(self.connection, server)

            def log_message(self, *_):
                pass

        super().__init__(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        self.url = f"http://{self.address}"


def _address(url):
    parts = urlsplit(url)
    return parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


def _hear_out(refused):
    """Read what a refused client has already sent. Unread data would reset the connection and lose the TLS alert."""
    refused.settimeout(5)
    while socket.socket.recv(refused, 65536):
        pass


def _pump(one, other):
    """Forward bytes in both directions until one side closes the connection."""
    while True:
        ready = [side for side in (one, other) if isinstance(side, ssl.SSLSocket) and side.pending()]
        for side in ready or select.select([one, other], [], [], 60)[0]:
            data = side.recv(65536)
            if not data:
                return
            (other if side is one else one).sendall(data)
