# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OCP's request signature (AK/SK): base64 of an HMAC-SHA1 over seven lines."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote

SCHEME = "OCP-ACCESS-KEY-HMACSHA1"


def message(
    method: str,
    body: bytes,
    content_type: str,
    date: str,
    host: str,
    headers: Iterable[tuple[str, str]],
    path: str,
    query: str,
) -> str:
    digest = hashlib.md5(body, usedforsecurity=False).hexdigest().upper() if body else ""
    named: dict[str, list[str]] = {}
    for name, value in headers:
        if name.lower().startswith("x-ocp-"):
            named.setdefault(name.lower(), []).append(value)
    lines = "\n".join(f"{name}:{','.join(values)}" for name, values in sorted(named.items()))
    return "\n".join((method, digest, content_type, date, host, lines, path + _query(query)))


def sign(secret: str, text: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha1).digest()).decode()


def _query(query: str) -> str:
    if not query:
        return ""
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        values.setdefault(name, []).append(value)
    # Join before encoding, since the comma between repeated values is encoded, too.
    pairs = (
        f"{quote(name, safe='-_.~')}={quote(','.join(value), safe='-_.~')}" for name, value in sorted(values.items())
    )
    return "?" + "&".join(pairs)
