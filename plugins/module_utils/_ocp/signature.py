# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""OCP's AK/SK signature for requests (OCP API reference, "AccessKey authentication"; since about V4.0.3)."""

import base64
import hashlib
import hmac
from email.utils import formatdate
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple
from urllib.parse import parse_qsl, quote, urlsplit

#: What the Authorization header of a signed request begins with.
SCHEME = "OCP-ACCESS-KEY-HMACSHA1"


def encode_query(params: Iterable[Tuple[str, Any]]) -> str:
    """A query string with sorted names, repeated values joined by comma, percent-encoded as RFC 3986 says."""
    joined: Dict[str, List[str]] = {}
    for name, value in params:
        joined.setdefault(name, []).append(str(value))
    return "&".join(
        "%s=%s" % (quote(name, safe="-_.~"), quote(",".join(values), safe="-_.~"))
        for name, values in sorted(joined.items())
    )


def _md5(body: bytes) -> str:
    """MD5 as a checksum: the contract asks for it, and on a FIPS host it has to be declared as one."""
    try:
        digest = hashlib.md5(body, usedforsecurity=False)
    except TypeError:  # Python before 3.9
        digest = hashlib.md5(body)
    return digest.hexdigest().upper()


def string_to_sign(method: str, body: Optional[bytes], headers: Mapping[str, str], url: str) -> str:
    """The seven lines that OCP signs. body: bytes or nothing; headers: with Content-Type, Date and Host."""
    parts = urlsplit(url)
    headers = {name.lower(): value for name, value in headers.items()}
    own = ["%s:%s" % (name, headers[name]) for name in sorted(headers) if name.startswith("x-ocp-")]
    query = encode_query(parse_qsl(parts.query, keep_blank_values=True))
    return "\n".join(
        [
            method.upper(),
            _md5(body) if body else "",
            headers.get("content-type", ""),
            headers.get("date", ""),
            headers.get("host", ""),
            "\n".join(own),
            (parts.path or "/") + ("?" + query if query else ""),
        ]
    )


def signature(secret: str, message: str) -> str:
    digest = hmac.new(secret.encode("utf-8"), message.encode("utf-8"), hashlib.sha1).digest()
    return base64.b64encode(digest).decode("ascii")


class AccessKey:
    """Signs each request; used as the `auth` of a requests session.

    prefix: what the path of OCP's URL begins with for a reverse proxy, which takes it away: OCP signs what it gets.
    """

    def __init__(self, key_id: str, secret: str, prefix: str = "") -> None:
        self._key_id = key_id
        self._secret = secret
        self._prefix = prefix.rstrip("/")

    def __call__(self, request: Any) -> Any:
        parts = urlsplit(request.url)
        # The Host header as urllib3 will send it: without the scheme's own port.
        default = {"http": 80, "https": 443}.get(parts.scheme)
        host = parts.hostname if ":" not in parts.hostname else "[%s]" % parts.hostname
        request.headers["Host"] = host if parts.port in (None, default) else "%s:%d" % (host, parts.port)
        request.headers["Date"] = formatdate(usegmt=True)
        body = request.body.encode("utf-8") if isinstance(request.body, str) else request.body
        url = parts._replace(path=parts.path[len(self._prefix) :]).geturl()
        message = string_to_sign(request.method, body, request.headers, url)
        request.headers["Authorization"] = "%s %s:%s" % (
            SCHEME,
            self._key_id,
            signature(self._secret, message),
        )
        return request
