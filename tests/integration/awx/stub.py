# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stub of the AWX API that lets awx.awx create and remove objects. It stores its input with few checks."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

SECRET = ("password", "access_key_secret")
APPROVALS = "workflow_approval_templates"
#: The field that refers to a parent, by the kind of the parent. Deleting a parent deletes its children.
BELONGS = {"inventories": "inventory", "workflow_job_templates": "workflow_job_template"}
UNIFIED = ("job_templates", "projects", "inventory_sources", APPROVALS)


class Awx:
    """A server that runs inside its `with` block. `things` holds all objects by kind and ID."""

    def __init__(self):
        self.things = {"organizations": {1: {"name": "Default"}}, "credentials": {2: {"name": "ssh"}}}
        self.surveys, self.links, self.writes = {}, {}, []
        self._ids = 10
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def _do(self):
                size = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(size) or b"null")
                address = urlsplit(self.path)
                status, answer = stub.answer(
                    self.command, address.path.strip("/").split("/")[2:], dict(parse_qsl(address.query)), body
                )
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data) if status != 204 else 0))
                self.end_headers()
                if status != 204:
                    self.wfile.write(data)

            do_GET = do_POST = do_PATCH = do_DELETE = _do

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def names(self, kind):
        return sorted(thing["name"] for thing in self.things.get(kind, {}).values())

    def answer(self, method, path, query, body):
        kind, number, more = (*path, None, None)[:3]
        if kind == "tokens":
            return (201, {"id": 1, "token": "token"}) if method == "POST" else (204, None)
        if method != "GET":
            self.writes.append((method, "/".join(path)))
        if number is None:
            return self._make(kind, body) if method == "POST" else self._list(kind, query)
        key = int(number)
        if key not in self.things.get(kind, {}) or (more and kind == APPROVALS):
            return 404, {"detail": "Not found."}
        if more:
            return self._below(method, kind, key, more, body)
        if method == "PATCH":
            self.things[kind][key].update(self._taken(kind, body))
        elif method == "DELETE":
            self._delete(kind, key)
            return 204, None
        return 200, self._shown(kind, key)

    def _make(self, kind, body):
        self._ids += 1
        self.things.setdefault(kind, {})[self._ids] = self._taken(kind, body)
        return 201, self._shown(kind, self._ids)

    @staticmethod
    def _taken(kind, body):
        """Return the fields that AWX stores. AWX ignores fields that a kind of object does not have."""
        names = ("name", "description", "timeout") if kind == APPROVALS else body
        return {name: value for name, value in body.items() if name in names}

    def _delete(self, kind, key):
        thing = self.things[kind].pop(key)
        if kind == "workflow_job_template_nodes":
            self.things.get(APPROVALS, {}).pop(thing["unified_job_template"], None)
        for other, things in self.things.items():
            for number in [n for n, entry in things.items() if kind in BELONGS and entry.get(BELONGS[kind]) == key]:
                self._delete(other, number)

    def _list(self, kind, query):
        kinds = UNIFIED if kind == "unified_job_templates" else [kind]
        found = [self._shown(name, key) for name in kinds for key in self.things.get(name, {})]
        wanted = {key: value for key, value in query.items() if key not in ("page_size", "order_by")}
        found = [thing for thing in found if all(str(thing.get(key)) == value for key, value in wanted.items())]
        return 200, {"count": len(found), "next": None, "results": found}

    def _shown(self, kind, key):
        url = f"/api/v2/{kind}/{key}/"
        thing = {
            "id": key,
            "url": url,
            "type": {"inventories": "inventory"}.get(kind, kind[:-1]),
            "related": {"survey_spec": f"{url}survey_spec/"},
            "summary_fields": {},
            "scm_revision": "",
            **self.things[kind][key],
        }
        for name in UNIFIED:
            if thing.get("unified_job_template") in self.things.get(name, {}):
                thing["related"]["unified_job_template"] = f"/api/v2/{name}/{thing['unified_job_template']}/"
        if kind == "credentials":
            thing["inputs"] = {
                name: "$encrypted$" if name in SECRET else value for name, value in thing.get("inputs", {}).items()
            }
        return thing

    def _below(self, method, kind, key, more, body):
        if more == "survey_spec":
            if method == "POST":
                self.surveys[self.things[kind][key]["name"]] = body
            return 200, self.surveys.get(self.things[kind][key]["name"], {})
        if more == "create_approval_template":
            _status, made = self._make(APPROVALS, body)
            self.things[kind][key]["unified_job_template"] = made["id"]
            return 201, made
        linked = self.links.setdefault((kind, key, more), [])
        if method == "POST":
            (linked.remove if body.get("disassociate") else linked.append)(body["id"])
            return 204, None
        return 200, {"count": len(linked), "next": None, "results": [{"id": number} for number in linked]}
