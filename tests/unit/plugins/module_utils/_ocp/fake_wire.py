# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An HTTP adapter without a network. A function answers the requests of the real Client, on a virtual clock."""

import json
from urllib.parse import parse_qsl, urlsplit

import requests
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.client import Client
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.deadline import Deadline
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.errors import OcpError
from requests.adapters import BaseAdapter

STATUS_OF_KIND = {"not_found": 404, "conflict": 409, "rejected": 400, "permission": 403, "authentication": 401}


class Endless(AssertionError):
    """The client sends requests without end."""


class Wire(BaseAdapter):
    """Answers each request with answer(method, path, params, body), which returns (status, headers, bytes) or raises.

    Endless stops the client after more than `most` requests, or later than `latest` on the clock.
    """

    def __init__(self, answer, clock, most=2000, latest=float("inf")):
        super().__init__()
        self._answer = answer
        self._clock = clock
        self._most = most
        self._latest = latest
        self.requests = []

    def send(self, request, **kwargs):
        parts = urlsplit(request.url)
        self.requests.append((request.method, parts.path))
        self._clock.now += 0.01
        if len(self.requests) > self._most:
            raise Endless(f"more than {self._most} requests")
        if self._clock.now > self._latest:
            raise Endless(f"still asking after {self._clock.now:.0f} s")
        body = json.loads(request.body) if request.body else None
        params = {name: _plain(value) for name, value in parse_qsl(parts.query)}
        response = requests.Response()
        response.request, response.url = request, request.url
        response.status_code, headers, response._content = self._answer(request.method, parts.path, params, body)
        response.headers.update(headers)
        return response

    def close(self):
        pass


def _plain(value):
    return int(value) if value.isdigit() else value


def client_over(wire, clock, limit, **options):
    """Return the real client, connected to a wire."""
    client = Client("http://ocp:8080", auth=("admin", "secret"), limit=Deadline(limit, clock), **options)
    client._session.trust_env = False
    client._session.mount("http://", wire)
    return client


def served_by(ocp):
    """Return a function that gives the answers of a FakeOcp in OCP's envelopes and pages."""

    def answer(method, path, params, body):
        try:
            data = ocp._request(
                method, path, lambda: ocp._get(path, params) if method == "GET" else ocp._post(path, body)
            )
        except OcpError as error:
            if error.kind == "connection":
                raise requests.exceptions.ConnectionError("broken off") from None
            status = STATUS_OF_KIND[error.kind]
            content = {"successful": False, "status": status, "error": {"code": error.code, "message": error.message}}
            return status, {}, json.dumps(content).encode()
        if isinstance(data, dict) and "contents" in data and "page" in params:
            everything, number, size = data["contents"], params["page"], params["size"]
            data = {
                "contents": everything[(number - 1) * size : number * size],
                "page": {"totalElements": len(everything), "number": number, "size": size},
            }
        return 200, {}, json.dumps({"successful": True, "status": 200, "data": data}).encode()

    return answer
