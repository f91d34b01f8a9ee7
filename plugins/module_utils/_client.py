# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""HTTP with OCP: one session, envelopes, errors told apart, and retries of what may be retried.

What is retried: a read through 5xx answers, resets and 429; a write only when it is known that it had no effect
(the connection never came about, or OCP answered 429). Never a 401: 20 failed log-ins block the client's address
for half an hour.
"""

import json
import re
import traceback

from ._answer import PAGE_SIZE, Again, contents_of, data_of, number, seconds, throttled
from ._auth import encode_query
from ._errors import OcpError
from ._limit import Interrupted, TimeLimit, at_most

try:
    import requests
except ImportError:
    requests = None
    REQUESTS_IMPORT_ERROR = traceback.format_exc()
else:
    REQUESTS_IMPORT_ERROR = None

#: A list of more pages than this has no end.
MOST_PAGES = 1000
#: How often a request is tried while OCP has never answered yet: a wrong address should not cost the whole limit.
FIRST_TRIES = 3
#: The pause before a retry doubles from the first value up to the second, in seconds.
BACKOFF = (0.5, 10.0)
#: How long retries go on, in seconds, where no other limit is given.
RETRY_LIMIT = 120


class Client:
    """OCP's API at one URL.

    url: scheme, host and, behind a reverse proxy, a path prefix. auth: what requests takes as auth.
    verify: True, False or the path of a CA file. cert: path or (certificate, key). request_timeout: seconds for one
    request with its whole answer. limit: a TimeLimit for all retries together; may be replaced at any time.
    notify: is called with a line of text when a request has to wait.
    """

    def __init__(self, url, auth=None, verify=True, cert=None, request_timeout=30, limit=None, notify=None):
        self.url = url.rstrip("/")
        self.limit = limit or TimeLimit(RETRY_LIMIT)
        self.notify = notify or (lambda line: None)
        self.requests_sent = 0
        self._verify = verify
        self._timeout = request_timeout
        self._answered = False
        self._quota = None  # (requests left, the TimeLimit of the window)
        self._session = requests.Session()
        self._session.auth = auth
        self._session.cert = cert
        self._session.headers.update({"Accept": "application/json", "Content-Type": "application/json"})

    def get(self, path, **params):
        """The data of an answer to a GET; None when there is none."""
        return self._call("GET", path, params)

    def post(self, path, body=None):
        """The data of an answer to a POST. An error with maybe_done set says that OCP may have done it."""
        return self._call("POST", path, {}, body)

    def pages(self, path, size=PAGE_SIZE, **params):
        """Each page of a list: (its contents, how many there are in all)."""
        at, seen, before = 1, 0, None
        while True:
            data = self.get(path, page=at, size=size, **params)
            contents = contents_of(data, path)
            if at > MOST_PAGES or (contents and contents == before):
                raise OcpError("protocol", "OCP's list GET %s has no end: page %d is still not the last." % (path, at))
            before = contents
            seen += len(contents)
            page = data.get("page") if isinstance(data, dict) and isinstance(data.get("page"), dict) else {}
            total = number(page.get("totalElements"), seen)
            yield contents, total
            # A page that is not full is the last one, whatever the total says; OCP may give fewer a page than asked.
            if seen >= total or len(contents) < max(1, min(size, number(page.get("size"), size))):
                return
            at += 1

    def list(self, path, **params):
        """All the contents of a list, from as many pages as there are."""
        return [item for contents, _total in self.pages(path, **params) for item in contents]

    @property
    def pace(self):
        """The pause between requests, in seconds, that OCP's own limit for this user leaves; 0 without one."""
        if not self._quota or self._quota[1].expired:
            return 0.0
        left, window = self._quota
        return window.remaining / (left + 1)

    def _call(self, method, path, params, body=None):
        tries = 0
        while True:
            self._await_quota()
            tries += 1
            try:
                return self._once(method, path, params, body)
            except Again as again:
                pause = again.pause
                if pause is None or pause <= 0:
                    pause = min(BACKOFF[0] * 2 ** (tries - 1), BACKOFF[1])
                    if not self._answered and tries >= FIRST_TRIES:
                        raise again.error from None
                if pause >= self.limit.remaining:  # nothing would be left to ask in
                    raise again.error from None
                self.notify("%s Asking again in %s s." % (again.error.message.split("\n")[0], seconds(pause)))
                self.limit.pause(pause)

    def _await_quota(self):
        if self._quota and self._quota[0] <= 0 and not self._quota[1].expired:
            pause = self._quota[1].remaining
            if pause >= self.limit.remaining:
                raise throttled(self.url, pause)
            self.notify("OCP's request limit for this user is used up: waiting %s s for it." % seconds(pause))
            self.limit.pause(pause)
        if self._quota and self._quota[1].expired:
            self._quota = None

    def _once(self, method, path, params, body):
        url = self.url + path
        if params:
            url += "?" + encode_query((name, value) for name, value in params.items() if value is not None)
        data = None if body is None else json.dumps(body).encode("utf-8")
        self.requests_sent += 1
        # A request must not outlive the run's own limit by much, yet always gets a second to be answered.
        timeout = min(self._timeout, max(1.0, self.limit.remaining))
        try:
            with at_most(timeout):
                response = self._session.request(
                    method, url, data=data, timeout=timeout, verify=self._verify, allow_redirects=False
                )
        except (requests.exceptions.RequestException, Interrupted, OSError) as exc:
            raise _no_answer(method, self.url, exc, timeout) from None
        except ValueError as exc:
            # requests reads some headers itself, such as that of a redirect, and trips over what is no text or URL.
            raise OcpError(
                "protocol",
                "%s answered %s %s with headers that cannot be read: %s." % (self.url, method, path, exc),
                next="Check that ocp_url is OCP's own address.",
                maybe_done=method != "GET",
            ) from None
        self._answered = True
        self._read_quota(response)
        return data_of(method, self.url, path, response)

    def _read_quota(self, response):
        left = number(response.headers.get("RateLimit-Remaining"), None)
        reset = number(response.headers.get("RateLimit-Reset"), None)
        if left is not None and reset is not None:
            self._quota = (left, self.limit.another(max(reset, 0.001)))


def _no_answer(method, url, exc, timeout):
    """What to raise when no answer came."""
    if isinstance(exc, requests.exceptions.SSLError):
        return _no_tls(url, _reason(exc))
    if isinstance(exc, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema)):
        return OcpError("rejected", "ocp_url: %s cannot be used: %s." % (url, _reason(exc)))
    never_sent = _never_sent(exc)
    if isinstance(exc, (Interrupted, requests.exceptions.Timeout)):
        found = "OCP at %s did not answer within %s s." % (url, seconds(timeout))
    elif never_sent:
        found = "OCP at %s cannot be reached: %s." % (url, _reason(exc))
    else:
        found = "OCP at %s broke off the connection: %s." % (url, _reason(exc))
    error = OcpError(
        "connection",
        found,
        next="Check ocp_url, and that this host reaches it.",
        maybe_done=method != "GET" and not never_sent,
    )
    return error if error.maybe_done else Again(error)


def _never_sent(exc):
    """Whether the request cannot have reached OCP, since the connection never came about."""
    if isinstance(exc, (requests.exceptions.ConnectTimeout, requests.exceptions.ProxyError)):
        return True
    cause = exc.args[0] if exc.args else None
    reason = getattr(cause, "reason", cause)
    return type(reason).__name__ in ("NewConnectionError", "ConnectTimeoutError", "NameResolutionError")


def _no_tls(url, reason):
    found = "The certificate or the TLS of %s was not accepted: %s." % (url, reason)
    if "alert" in reason.lower():
        found = "%s did not accept this client: %s." % (url, reason)
        cure = "Set client_cert (and client_key) to a certificate that the server trusts."
    elif "verify failed" in reason:
        cure = "Name the CA that signed it in ca_path (OCP_CA_PATH). In a test only: validate_certs: false."
        if "mismatch" in reason:
            cure = "Set ocp_url to a name or an address that the certificate is for."
    else:
        cure = (
            "Check that OCP speaks TLS at that port, and that the files of ca_path, client_cert and client_key "
            "hold what they should."
        )
    return OcpError("tls", found, next=cure)


def _reason(exc):
    """The innermost words of an exception of requests, which wraps urllib3's, which wraps the system's."""
    inner = exc
    while inner is not None:
        exc = inner
        inner = next(
            (part for part in (getattr(exc, "reason", None),) + exc.args[:1] if isinstance(part, BaseException)), None
        )
    text = str(exc) or type(exc).__name__
    # urllib3 puts its own object in front: "<urllib3...object at 0x7f>: Failed to ..." or "HTTPConnection(...): ...".
    text = re.sub(r"^(<[^>]*>|\w+\([^)]*\)): ", "", text)
    # And ssl has codes of its own around it.
    return re.sub(r"^\[SSL[^]]*\] | \(_ssl\.c:\d+\)$", "", text).strip().rstrip(".")
