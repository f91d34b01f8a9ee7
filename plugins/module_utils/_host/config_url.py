# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Whether a proxy's host reaches its config URL. If it does not, a proxy starts and sends a greeting, but serves no
tenant."""

import json
import ssl
import threading
from typing import Callable, List, Optional, Union
from urllib.request import HTTPSHandler, ProxyHandler, build_opener

SECONDS = 5.0
#: Name resolution has no time limit of its own.
LONGEST_SECONDS = 10.0

CONSEQUENCE = (
    "the proxy is running, but its tenants get error 4669 (cluster not exist) until this host can reach the config "
    "server; check the URL and the network"
)


def problem(url: str) -> Optional[str]:
    """The problem with the config URL as seen from this host, as text, or None. This takes some seconds at most."""
    return problem_of(lambda: fetch(url))


def fetch(url: str, seconds: float = SECONDS, longest: float = LONGEST_SECONDS) -> bytes:
    """The response of the config URL, requested as OBProxy does: without any HTTP proxy. OSError if there is none."""
    result: List[Union[bytes, Exception]] = []
    thread = threading.Thread(target=_ask, args=(url, seconds, result))
    thread.daemon = True
    thread.start()
    thread.join(longest)
    if not result:
        raise OSError("no answer after %d s" % longest)
    if isinstance(result[0], Exception):
        raise result[0]
    return result[0]


def _ask(url: str, seconds: float, result: List[Union[bytes, Exception]]) -> None:
    # Nothing secret is sent, so the certificate does not matter.
    context = ssl._create_unverified_context()
    try:
        with build_opener(ProxyHandler({}), HTTPSHandler(context=context)).open(url, timeout=seconds) as answer:
            result.append(answer.read())
    except (OSError, ValueError) as error:
        result.append(error)


def problem_of(fetch: Callable[[], bytes]) -> Optional[str]:
    """The problem with the config URL, as text, or None. fetch() returns the body, or raises if there is no answer."""
    try:
        body = fetch()
    except Exception as error:  # OBProxy would run into whatever urllib and its layers raise, too
        return "the config URL cannot be read from this host (%s): %s" % (error, CONSEQUENCE)
    try:
        answer = json.loads(body.decode("utf-8", "replace"))
    except ValueError:
        return "the config URL does not answer with JSON: " + CONSEQUENCE
    code = answer.get("Code") if isinstance(answer, dict) else None
    if code not in (None, 200):
        return "the config URL answers with the code %s: %s" % (code, CONSEQUENCE)
    return None
