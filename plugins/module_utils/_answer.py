# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Reading OCP's answers: the envelope's data, or the error that an answer is."""

import time
from email.utils import parsedate_to_datetime

from ._auth import SCHEME
from ._errors import OcpError

#: The most that OCP gives on one page.
PAGE_SIZE = 2000
#: error.code of "another task is in progress on the host", which comes with HTTP 409 or 400.
TASK_IN_PROGRESS = "20021"

_KIND_OF_STATUS = {401: "authentication", 403: "permission", 404: "not_found", 409: "conflict"}


class Again(Exception):
    """The request may be tried again, after `pause` seconds when OCP said so; else `error` is the end of it."""

    def __init__(self, error, pause=None):
        super().__init__(str(error))
        self.error = error
        self.pause = pause


def data_of(method, url, path, response):
    """The data of OCP's envelope, or the error that the answer is."""
    status = response.status_code
    # Only a read may be repeated after a server's error; a write may have been carried out before it.
    read = method == "GET"
    if status == 429:
        reset = number(response.headers.get("RateLimit-Reset") or response.headers.get("Retry-After"), None)
        raise Again(throttled(url, reset), reset)
    if 300 <= status < 400:
        raise OcpError(
            "protocol",
            "%s answered %s %s with a redirect to %s." % (url, method, path, response.headers.get("Location")),
            next="Set ocp_url to the address that OCP itself has.",
            status=status,
        )
    try:
        envelope = response.json()
    except ValueError:
        envelope = None
    if status >= 500:
        error = OcpError(
            "connection",
            "OCP at %s answered %s %s with HTTP %d: %s."
            % (url, method, path, status, _said(envelope, response).rstrip(".")),
            next="Check that OCP is healthy, then run again.",
            status=status,
            code=_code(envelope),
            maybe_done=not read,
        )
        raise Again(error) if read else error
    if not isinstance(envelope, dict):
        raise OcpError(
            _KIND_OF_STATUS.get(status, "protocol"),
            "%s answered %s %s with HTTP %d and %s instead of OCP's JSON."
            % (url, method, path, status, _said(None, response)),
            next="Check that ocp_url is OCP's own address, and not that of a proxy or a log-in page.",
            status=status,
            maybe_done=not read and status < 300,
        )
    if status >= 400 or envelope.get("successful") is False:
        raise _refusal(method, url, path, response, envelope)
    # GET /api/v2/info is the one call without an envelope.
    return envelope.get("data") if "successful" in envelope or "data" in envelope else envelope


def _refusal(method, url, path, response, envelope):
    status, code = response.status_code, _code(envelope)
    kind = _KIND_OF_STATUS.get(status, "rejected")
    if code == TASK_IN_PROGRESS:
        kind = "conflict"
    message = "OCP refused %s %s: %s (HTTP %d%s)." % (
        method,
        path,
        _said(envelope, response).rstrip("."),
        status,
        ", code %s" % code if code not in (None, "0") else "",
    )
    next_step = None
    if kind == "authentication":
        message = "OCP at %s did not accept the log-in: %s." % (url, _said(envelope, response).rstrip("."))
        next_step = (
            "Check ocp_username and ocp_password (OCP_USERNAME, OCP_PASSWORD), or the access key. It was tried once: "
            "20 failed log-ins block this address for 30 minutes."
        )
        skew = _clock_skew(response)
        signed = response.request.headers.get("Authorization", "").startswith(SCHEME)
        if signed and abs(skew) > 60:
            message += " This host's clock differs from OCP's by %d s; a signature is valid for 15 minutes." % skew
    elif kind == "permission":
        next_step = "Ask OCP's administrator for a role that may do this."
    return OcpError(kind, message, next=next_step, status=status, code=code)


def throttled(url, reset):
    return OcpError(
        "connection",
        "OCP at %s allows this user no more requests%s (HTTP 429)."
        % (url, "" if reset is None else " for %s s" % seconds(reset)),
        next="Run again later, raise wait_timeout, or have OCP's administrator raise ocp.iam.rate-limit for this user.",
        status=429,
    )


def _clock_skew(response):
    """By how many seconds this clock is ahead of the server's Date header; 0 when that is not to be had."""
    try:
        return time.time() - parsedate_to_datetime(response.headers["Date"]).timestamp()
    except (KeyError, TypeError, ValueError, IndexError):
        return 0


def _said(envelope, response):
    """What the answer says of the error, in at most one sentence."""
    error = envelope.get("error") if isinstance(envelope, dict) else None
    if isinstance(error, dict) and error.get("message"):
        more = [
            str(sub["message"]) for sub in error.get("subErrors") or [] if isinstance(sub, dict) and "message" in sub
        ]
        return "; ".join([str(error["message"])] + more[:3])
    if isinstance(envelope, dict):
        return "no error message"
    content_type = response.headers.get("Content-Type", "").split(";")[0] or "no content type"
    return "a body of %d bytes that is %s" % (len(response.content), content_type)


def _code(envelope):
    """OCP's error code as a string: an integer up to V4.2.1, a string from V4.2.2 on."""
    error = envelope.get("error") if isinstance(envelope, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return None if code is None else str(code)


def contents_of(data, path):
    contents = data.get("contents") if isinstance(data, dict) else data
    if contents is None:
        contents = []
    if not isinstance(contents, list):
        raise OcpError("protocol", "OCP's answer to GET %s holds no list where one is documented." % path)
    return [item for item in contents if isinstance(item, dict)]


def number(value, default):
    try:
        return int(float(value))
    except (TypeError, ValueError, OverflowError):
        return default


def seconds(value):
    return "%.1f" % value if value < 10 else "%d" % value
