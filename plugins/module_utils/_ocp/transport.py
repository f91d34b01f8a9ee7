# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Why a request got no answer from OCP: what requests says, and which part the environment plays.

requests honors http_proxy, https_proxy, all_proxy, no_proxy, REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE. If one of them is
the cause, it is named instead of ocp_url.
"""

import os
import re
import traceback
from typing import NamedTuple, Optional, Union
from urllib.parse import urlsplit

from .deadline import Interrupted
from .errors import OcpError
from .response import Retryable, seconds

try:
    import requests
except ImportError:
    requests = None  # type: ignore[assignment]
    REQUESTS_IMPORT_ERROR: Optional[str] = traceback.format_exc()
else:
    REQUESTS_IMPORT_ERROR = None

#: With requests, which others take from here: it is None where the package is not installed.
__all__ = ["REQUESTS_IMPORT_ERROR", "Proxy", "no_answer", "proxy_of", "requests"]


class Proxy(NamedTuple):
    """The proxy for requests to a URL: its address without a password, and the variable that sets it."""

    address: str
    variable: str
    host: str  # of OCP

    @property
    def remark(self) -> str:
        return " The request went through the proxy %s (environment variable %s)." % (self.address, self.variable)

    @property
    def cure(self) -> str:
        return "Correct the environment variable %s, or add %s to no_proxy if this host can reach OCP directly." % (
            self.variable,
            self.host,
        )


def proxy_of(url: str) -> Optional[Proxy]:
    """The proxy of the environment that is used for this URL, by the rules of requests; None if there is none."""
    address = requests.utils.select_proxy(url, requests.utils.get_environ_proxies(url))
    if not address:
        return None
    parts = urlsplit(url)
    names = [name for scheme in (parts.scheme, "all") for name in (scheme + "_proxy", (scheme + "_proxy").upper())]
    variable = next((name for name in names if os.environ.get(name)), names[0])
    return Proxy(re.sub(r"^(\w+://)?.*@", r"\1", address), variable, parts.hostname or "")


def bundle_of(verify: Union[bool, str]) -> Optional[str]:
    """The environment variable that names the CA certificates, where no option does."""
    names = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    return next((name for name in names if os.environ.get(name)), None) if verify is True else None


def no_answer(method: str, url: str, exc: Exception, timeout: float, verify: Union[bool, str] = True) -> Exception:
    """What to raise if there was no answer: an OcpError, or a Retryable."""
    proxy, bundle = proxy_of(url), bundle_of(verify)
    if isinstance(exc, requests.exceptions.SSLError):
        return _no_tls(url, _reason(exc), bundle)
    if bundle and not isinstance(exc, (requests.exceptions.RequestException, Interrupted)) and "bundle" in str(exc):
        return OcpError(
            "tls",
            "The CA certificates in the environment variable %s do not exist: %s." % (bundle, os.environ[bundle]),
            next=_bundle_cure(bundle),
        )
    if isinstance(exc, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema)):
        if proxy and _blames_proxy(exc):
            return _unusable(proxy, exc)
        return OcpError("rejected", "ocp_url: %s cannot be used: %s." % (url, _reason(exc)))
    never_sent = _never_sent(exc)
    if isinstance(exc, (Interrupted, requests.exceptions.Timeout)):
        found = "OCP at %s did not answer within %s s." % (url, seconds(timeout))
    elif proxy and isinstance(exc, requests.exceptions.ProxyError):
        found = "OCP at %s cannot be reached, since its proxy cannot be used: %s." % (url, _reason(exc))
    elif never_sent:
        found = "OCP at %s cannot be reached: %s." % (url, _reason(exc))
    else:
        found = "OCP at %s closed the connection: %s." % (url, _reason(exc))
    error = OcpError(
        "connection",
        found + (proxy.remark if proxy else ""),
        next="Check ocp_url, and that this host can reach it." + (" " + proxy.cure if proxy else ""),
        maybe_done=method != "GET" and not never_sent,
    )
    return error if error.maybe_done else Retryable(error)


def _blames_proxy(exc: Exception) -> bool:
    """Whether an address that cannot be used is the proxy's: OCP's own has been parsed when the proxy's turn comes."""
    own = (requests.exceptions.InvalidProxyURL, requests.exceptions.InvalidSchema)
    return isinstance(exc, own) or isinstance(exc.args[0] if exc.args else None, Exception)


def _unusable(proxy: Proxy, exc: Exception) -> OcpError:
    """The error for a proxy whose address cannot be used. What requests says of it may quote its password."""
    expected, cure = "is not of the form http://HOST:PORT", proxy.cure
    if "SOCKS" in str(exc):
        expected = "is a SOCKS proxy, for which requests needs the Python package PySocks"
        cure = "Install PySocks where the task runs. " + cure
    return OcpError(
        "rejected", "The environment variable %s %s: %s." % (proxy.variable, expected, proxy.address), next=cure
    )


def _never_sent(exc: Exception) -> bool:
    """Whether the request cannot have reached OCP, since the connection never came about."""
    if isinstance(exc, (requests.exceptions.ConnectTimeout, requests.exceptions.ProxyError)):
        return True
    cause = exc.args[0] if exc.args else None
    reason = getattr(cause, "reason", cause)
    return type(reason).__name__ in ("NewConnectionError", "ConnectTimeoutError", "NameResolutionError")


def _no_tls(url: str, reason: str, bundle: Optional[str]) -> OcpError:
    found = "The TLS connection to %s failed: %s." % (url, reason)
    if "alert" in reason.lower():
        found = "%s did not accept this client: %s." % (url, reason)
        cure = "Set client_cert (and client_key) to a certificate that the server trusts."
    elif "verify failed" in reason:
        cure = "Set ca_path (OCP_CA_PATH) to the CA that signed it. For tests only, set validate_certs to false."
        if "mismatch" in reason:
            cure = "Set ocp_url to a name or an address that the certificate is for."
    else:
        cure = (
            "Check that OCP uses TLS on that port, and that the files of ca_path, client_cert and client_key "
            "are correct."
        )
    if bundle:
        found += " It was checked against the CA certificates of the environment variable %s: %s." % (
            bundle,
            os.environ[bundle],
        )
        cure += " " + _bundle_cure(bundle)
    return OcpError("tls", found, next=cure)


def _bundle_cure(bundle: str) -> str:
    return "Correct the environment variable %s, unset it, or set ca_path, which takes precedence." % bundle


def _reason(exc: BaseException) -> str:
    """The innermost words of an exception of requests, which wraps urllib3's, which wraps the system's."""
    inner: Optional[BaseException] = exc
    while inner is not None:
        exc = inner
        # Of an exception with several arguments the text is a raw tuple: the one in it says it better.
        parts = (getattr(exc, "reason", None),) + exc.args
        inner = next((part for part in parts if isinstance(part, BaseException)), None)
    text = str(exc) or type(exc).__name__
    # urllib3 puts its own object in front: "<urllib3...object at 0x7f>: Failed to ..." or "HTTPConnection(...): ...".
    text = re.sub(r"^(<[^>]*>|\w+\([^)]*\)): ", "", text)
    # And ssl has codes of its own around it.
    return re.sub(r"^\[SSL[^]]*\] | \(_ssl\.c:\d+\)$", "", text).strip().rstrip(".")
