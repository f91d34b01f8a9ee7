# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Reads OCP's answers: the envelope's data, or the error in the answer."""

import time
from email.utils import parsedate_to_datetime
from typing import Any, Dict, List, Optional, TypeVar, Union

from .codes import RIGHTS, UNEXPLAINED, meaning
from .errors import OcpError
from .signature import SCHEME

#: The maximum page size of OCP.
PAGE_SIZE = 2000
_KIND_OF_STATUS = {401: "authentication", 403: "permission", 404: "not_found", 409: "conflict"}
_ONCE = " It was tried once: 20 failed logins block this address for 30 minutes."
_PASSWORD_REFUSED = "Check ocp_username and ocp_password (OCP_USERNAME, OCP_PASSWORD)." + _ONCE
_KEY_REFUSED = (
    "Check the access key: ocp_access_key_id and ocp_access_key_secret (OCP_ACCESS_KEY_ID, OCP_ACCESS_KEY_SECRET), and "
    "that OCP has it enabled. Behind a reverse proxy, OCP must get the Host header that was signed." + _ONCE
)

#: What number() returns for anything but a number.
Default = TypeVar("Default")


class Retryable(Exception):
    """The request may be tried again, after `pause` seconds if OCP said so. Otherwise `error` is final.

    stray: the answer was no answer of OCP's, as from a proxy between: a hiccup only where OCP is known to answer.
    """

    def __init__(self, error: OcpError, pause: Optional[float] = None, stray: bool = False) -> None:
        super().__init__(str(error))
        self.error = error
        self.pause = pause
        self.stray = stray


def parse(method: str, url: str, path: str, response: Any, proxy: Any = None) -> Any:
    """The data of OCP's envelope, or the error that the answer is. proxy: the transport.Proxy between, if any."""
    status = response.status_code
    # Only a read may be repeated after a server error, since a write may have been carried out before it.
    read = method == "GET"
    if status == 429:
        reset = number(response.headers.get("RateLimit-Reset") or response.headers.get("Retry-After"), None)
        raise Retryable(throttled(url, reset), reset)
    if 300 <= status < 400:
        raise OcpError(
            "protocol",
            "%s answered %s %s with a redirect to %s." % (url, method, path, response.headers.get("Location")),
            next="Set ocp_url to OCP's own address.",
            status=status,
        )
    try:
        envelope = response.json()
    except ValueError:
        envelope = None
    # An answer that is not OCP's may come from the proxy between.
    foreign = proxy is not None and not isinstance(envelope, dict)
    if status >= 500 and _code(envelope) in UNEXPLAINED:
        error = OcpError(
            "connection",
            "OCP at %s answered %s %s with HTTP %d: %s."
            % (url, method, path, status, _said(envelope, response).rstrip("."))
            + (proxy.remark if foreign else ""),
            next="Check that OCP is healthy, then run again." + (" " + proxy.cure if foreign else ""),
            status=status,
            code=_code(envelope),
            maybe_done=not read,
        )
        raise Retryable(error) if read else error
    if not isinstance(envelope, dict):
        error = OcpError(
            _KIND_OF_STATUS.get(status, "protocol"),
            "%s answered %s %s with HTTP %d and %s instead of OCP's JSON."
            % (url, method, path, status, _said(None, response))
            + (proxy.remark if foreign else ""),
            next="Check that ocp_url is OCP's own address, not that of a proxy or a login page."
            + (" " + proxy.cure if foreign else ""),
            status=status,
            maybe_done=not read and status < 300,
        )
        raise Retryable(error, stray=True) if read and status not in (401, 403) else error
    if status >= 400 or envelope.get("successful") is False:
        raise _refusal(method, url, path, response, envelope)
    # GET /api/v2/info is the one call without an envelope.
    return envelope.get("data") if "successful" in envelope or "data" in envelope else envelope


def _refusal(method: str, url: str, path: str, response: Any, envelope: Dict[str, Any]) -> OcpError:
    status, code = response.status_code, _code(envelope)
    known = meaning(code)
    kind = _KIND_OF_STATUS.get(status, "rejected")
    if known and kind not in ("authentication", "permission"):
        kind = known.kind
    next_step = None
    message = "OCP refused %s %s: %s (HTTP %d%s)." % (
        method,
        path,
        _said(envelope, response).rstrip("."),
        status,
        ", code %s" % code if code not in (None, "0") else "",
    )
    if kind == "authentication":
        message = "OCP at %s did not accept the login: %s." % (url, _said(envelope, response).rstrip("."))
        signed = response.request.headers.get("Authorization", "").startswith(SCHEME)
        next_step = _KEY_REFUSED if signed else _PASSWORD_REFUSED
        skew = _clock_skew(response)
        if signed:
            message = "OCP at %s did not accept the access key: %s." % (url, _said(envelope, response).rstrip("."))
            if abs(skew) > 60:
                message += " This host's clock differs from OCP's by %d s; a signature is valid for 15 minutes." % skew
    elif kind == "permission":
        next_step = known.cure if known else RIGHTS
    maybe_done = status >= 500 and method != "GET"
    return OcpError(kind, message, next=next_step, status=status, code=code, maybe_done=maybe_done)


def throttled(url: str, reset: Optional[float]) -> OcpError:
    return OcpError(
        "connection",
        "OCP at %s does not accept more requests from this user%s (HTTP 429)."
        % (url, "" if reset is None else " for %s s" % seconds(reset)),
        next="Run again later, raise wait_timeout, or ask the OCP administrator to raise ocp.iam.rate-limit for it.",
        status=429,
    )


def _clock_skew(response: Any) -> float:
    """How many seconds this clock is ahead of the server's Date header. 0 if that is unknown."""
    try:
        return time.time() - parsedate_to_datetime(response.headers["Date"]).timestamp()
    except (KeyError, TypeError, ValueError, IndexError):
        return 0


def _said(envelope: Any, response: Any) -> str:
    """What the answer says about the error, in at most one sentence."""
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


def _code(envelope: Any) -> Optional[str]:
    """OCP's error code as a string: an integer up to V4.2.1, a string from V4.2.2 on."""
    error = envelope.get("error") if isinstance(envelope, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return None if code is None else str(code)


def contents_of(data: Any, path: str) -> List[Dict[str, Any]]:
    contents = data.get("contents") if isinstance(data, dict) else data
    if contents is None:
        contents = []
    if not isinstance(contents, list):
        raise OcpError("protocol", "OCP's answer to GET %s does not contain the documented list." % path)
    return [item for item in contents if isinstance(item, dict)]


def number(value: Any, default: Default) -> Union[int, Default]:
    try:
        return int(float(value))
    except (TypeError, ValueError, OverflowError):
        return default


def seconds(value: float) -> str:
    return "%.1f" % value if value < 10 else "%d" % value
