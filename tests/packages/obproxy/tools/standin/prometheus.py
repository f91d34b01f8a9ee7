# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The port for Prometheus."""

import socketserver
import threading
from http.server import BaseHTTPRequestHandler

METRICS = """# HELP odp_current_session The num of current session
# TYPE odp_current_session gauge
odp_current_session 0
"""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        found = self.path == "/metrics"
        body = (METRICS if found else "Error 404: Not Found\n").encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/plain" if found else "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *ignored):
        pass


# Not http.server's own class, which looks up a host name that is not needed.
class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 1024


def start(port):
    """Serve in the background. Raise OSError if the port is not available."""
    thread = threading.Thread(target=Server(("0.0.0.0", port), Handler).serve_forever, daemon=True)
    thread.start()
