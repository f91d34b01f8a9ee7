# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""HTTP with OCP: one session, envelopes, errors by kind, and retries of what may be retried.

Reads are retried after 5xx answers, resets and 429. Writes are retried only if they are known to have had no effect (no
connection was established, or OCP answered 429). A 401 is never retried, since 20 failed logins block the client's
address for half an hour.
"""

import json
import re
from typing import Any, Callable, Dict, Iterator, List, Optional, Set, Tuple, Union

from .deadline import Deadline, Interrupted, at_most
from .errors import OcpError
from .response import PAGE_SIZE, Retryable, contents_of, number, parse, seconds, throttled
from .signature import encode_query
from .transport import no_answer, proxy_of, requests

#: A list with more pages than this is assumed to be endless.
MOST_PAGES = 1000
#: How often a request is tried if OCP has never answered yet, so that a wrong address does not use up the whole limit.
FIRST_TRIES = 3
#: The pause before a retry doubles from the first value up to the second, in seconds.
BACKOFF = (0.5, 10.0)
#: How long to retry, in seconds, if no other limit is given.
RETRY_LIMIT = 120


class Client:
    """OCP's API at one URL.

    url: scheme, host and, behind a reverse proxy, a path prefix. auth: the auth for requests. verify: True, False or
    the path of a CA file. cert: path or (certificate, key). request_timeout: seconds for one request including its
    whole answer. limit: a Deadline for all retries together; may be replaced at any time. notify: is called with a line
    of text if a request has to wait.
    """

    def __init__(
        self,
        url: str,
        auth: Any = None,
        verify: Union[bool, str] = True,
        cert: Any = None,
        request_timeout: float = 30,
        limit: Optional[Deadline] = None,
        notify: Optional[Callable[[str], None]] = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.limit = limit or Deadline(RETRY_LIMIT)
        self.notify = notify or (lambda line: None)
        self.requests_sent = 0
        self._verify = verify
        self._timeout = request_timeout
        self._answered = False
        self._understood: Set[str] = set()  # the kinds of paths that OCP has answered properly
        self._quota: Optional[Tuple[int, Deadline]] = None  # (requests left, the end of the window)
        self._session = requests.Session()
        self._session.auth = auth
        self._session.cert = cert
        # Without a language, messages are in that of OCP's server.
        self._session.headers.update(
            {"Accept": "application/json", "Content-Type": "application/json", "Accept-Language": "en-US"}
        )

    def get(self, path: str, **params: Any) -> Any:
        """The data of an answer to a GET. None if there is none."""
        return self._call("GET", path, params)

    def post(self, path: str, body: Any = None, timeout: Optional[float] = None) -> Any:
        """The data of an answer to a POST. An error with maybe_done set says that OCP may have done it.

        timeout: seconds for calls that take OCP long to answer, if that is longer than request_timeout.
        """
        return self._call("POST", path, {}, body, timeout)

    def patch(self, path: str, body: Any) -> Any:
        """The data of an answer to a PATCH; errors as for post()."""
        return self._call("PATCH", path, {}, body)

    def delete(self, path: str) -> Any:
        """The data of an answer to a DELETE; errors as for post()."""
        return self._call("DELETE", path, {})

    def pages(self, path: str, size: int = PAGE_SIZE, **params: Any) -> Iterator[Tuple[List[Dict[str, Any]], int]]:
        """Each page of a list: (its contents, how many there are in all)."""
        at, seen, before = 1, 0, None
        while True:
            data = self.get(path, page=at, size=size, **params)
            contents = contents_of(data, path)
            if at > MOST_PAGES or (contents and contents == before):
                raise OcpError(
                    "protocol", "OCP's list GET %s does not end: page %d is still not the last." % (path, at)
                )
            before = contents
            seen += len(contents)
            page = data.get("page") if isinstance(data, dict) else None
            page = page if isinstance(page, dict) else {}
            total = number(page.get("totalElements"), seen)
            yield contents, total
            # A page that is not full is the last one, whatever the total says. OCP may return fewer per page than
            # requested.
            if seen >= total or len(contents) < max(1, min(size, number(page.get("size"), size))):
                return
            at += 1

    def list(self, path: str, **params: Any) -> List[Dict[str, Any]]:
        """All the contents of a list, from as many pages as there are."""
        return [item for contents, _total in self.pages(path, **params) for item in contents]

    @property
    def pace(self) -> float:
        """The pause between requests, in seconds, that OCP's limit for this user requires. 0 without a limit."""
        if not self._quota or self._quota[1].expired:
            return 0.0
        left, window = self._quota
        return window.remaining / (left + 1)

    def _call(
        self, method: str, path: str, params: Dict[str, Any], body: Any = None, timeout: Optional[float] = None
    ) -> Any:
        tries = 0
        while True:
            self._await_quota()
            tries += 1
            try:
                return self._once(method, path, params, body, max(timeout or 0, self._timeout))
            except Retryable as retryable:
                pause = retryable.pause
                if pause is None or pause <= 0:
                    pause = min(BACKOFF[0] * 2 ** (tries - 1), BACKOFF[1])
                    if tries >= self._most_tries(retryable, path):
                        raise retryable.error from None
                if pause >= self.limit.remaining:  # no time would be left for the request
                    raise retryable.error from None
                self.notify("%s Trying again in %s s." % (retryable.error.message.split("\n")[0], seconds(pause)))
                self.limit.pause(pause)

    def _most_tries(self, retryable: Retryable, path: str) -> float:
        """How often a request is tried before that counts as a failure. Unlimited if OCP is known to answer."""
        if retryable.stray:
            # At first contact, the address is wrong. If other calls are answered, OCP may lack just this one.
            return float("inf") if _kind_of(path) in self._understood else FIRST_TRIES if self._understood else 1
        return float("inf") if self._answered else FIRST_TRIES

    def _await_quota(self) -> None:
        if self._quota and self._quota[0] <= 0 and not self._quota[1].expired:
            pause = self._quota[1].remaining
            if pause >= self.limit.remaining:
                raise throttled(self.url, pause)
            self.notify("This user has reached OCP's request limit. Waiting %s s." % seconds(pause))
            self.limit.pause(pause)
        if self._quota and self._quota[1].expired:
            self._quota = None

    def _once(self, method: str, path: str, params: Dict[str, Any], body: Any, timeout: float) -> Any:
        url = self.url + path
        if params:
            url += "?" + encode_query((name, value) for name, value in params.items() if value is not None)
        data = None if body is None else json.dumps(body).encode("utf-8")
        # A request must not exceed the run's own limit by much, but always gets a second.
        timeout = min(timeout, max(1.0, self.limit.remaining))
        try:
            with at_most(timeout):
                response = self._session.request(
                    method, url, data=data, timeout=timeout, verify=self._verify, allow_redirects=False
                )
        except (requests.exceptions.RequestException, Interrupted, OSError) as exc:
            raise no_answer(method, self.url, exc, timeout, self._verify) from None
        except ValueError as exc:
            # requests reads some headers itself, such as that of a redirect, and fails if they are not text or not a
            # URL.
            raise OcpError(
                "protocol",
                "%s answered %s %s with headers that cannot be read: %s." % (self.url, method, path, exc),
                next="Check that ocp_url is OCP's own address.",
                maybe_done=method != "GET",
            ) from None
        self._answered = True
        self._read_quota(response)
        answer = parse(method, self.url, path, response, proxy_of(self.url))
        self._understood.add(_kind_of(path))
        return answer

    def _read_quota(self, response: Any) -> None:
        left = number(response.headers.get("RateLimit-Remaining"), None)
        reset = number(response.headers.get("RateLimit-Reset"), None)
        if left is not None and reset is not None:
            self._quota = (left, self.limit.another(max(reset, 0.001)))


def _kind_of(path: str) -> str:
    """A path without the ids in it."""
    return re.sub(r"/\d+", "/N", path)
