# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The options that all OCP modules share, and the client that they describe.

They are documented in the doc fragments `connection` and `waiting`.
"""

import os
from typing import Any, Callable, Dict, Mapping, Optional, Tuple
from urllib.parse import urlsplit

from ansible.module_utils.errors import AnsibleFallbackNotFound

from .client import Client
from .deadline import Deadline
from .errors import OcpError
from .signature import AccessKey

#: The options of the two ways to log in: (the name, the secret).
BASIC = ("ocp_username", "ocp_password")
ACCESS_KEY = ("ocp_access_key_id", "ocp_access_key_secret")


def _environment(name: str) -> str:
    """A fallback to an environment variable. An empty one counts as not set, since AWX sets them so."""
    if not os.environ.get(name):
        raise AnsibleFallbackNotFound
    return os.environ[name]


def connection_spec() -> Dict[str, Any]:
    """The argument spec of the connection. The login's environment variables are read by credentials()."""
    return {
        "ocp_url": {"type": "str", "fallback": (_environment, ["OCP_URL"])},
        "ocp_username": {"type": "str"},
        "ocp_password": {"type": "str", "no_log": True},
        "ocp_access_key_id": {"type": "str", "no_log": False},
        "ocp_access_key_secret": {"type": "str", "no_log": True},
        "validate_certs": {"type": "bool", "default": True, "fallback": (_environment, ["OCP_VALIDATE_CERTS"])},
        "ca_path": {"type": "path", "fallback": (_environment, ["OCP_CA_PATH"])},
        "client_cert": {"type": "path"},
        "client_key": {"type": "path"},
        "request_timeout": {"type": "int", "default": 30, "fallback": (_environment, ["OCP_REQUEST_TIMEOUT"])},
    }


def waiting_spec() -> Dict[str, Any]:
    """The argument spec of a wait for OCP's tasks."""
    return {
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "int", "default": 3600},
        "wait_interval": {"type": "int", "default": 5},
        "progress": {"type": "bool", "default": True},
    }


def credentials(params: Mapping[str, Any], environ: Mapping[str, str]) -> Tuple[Tuple[str, str], str, str]:
    """The login as (way, name, secret), the way being BASIC or ACCESS_KEY.

    Options take precedence over the environment. It is an error to set both ways within one of the two, or none at all.
    """
    options = {name: params.get(name) for name in BASIC + ACCESS_KEY}
    variables = {name: environ.get(name.upper()) for name in BASIC + ACCESS_KEY}
    for source, spelled in ((options, str), (variables, str.upper)):
        used = [way for way in (BASIC, ACCESS_KEY) if source[way[0]] or source[way[1]]]
        if len(used) == 2:
            raise OcpError(
                "rejected",
                "%s and %s are both set, but OCP accepts either a user name or an access key, not both."
                % tuple(spelled(way[0] if source[way[0]] else way[1]) for way in used),
                next="Omit one of the two.",
            )
        if used:
            way = used[0]
            break
    else:
        raise OcpError(
            "rejected",
            "No login for OCP is given.",
            next="Set ocp_username and ocp_password, or ocp_access_key_id and ocp_access_key_secret "
            "(or the environment variables with the same names in upper case).",
        )
    name, secret = (options[option] or variables[option] for option in way)
    for option, value in zip(way, (name, secret)):
        if not value:
            other = way[1 - way.index(option)]
            raise OcpError(
                "rejected",
                "%s is missing, but %s is set." % (option, other),
                next="Set %s or the environment variable %s." % (option, option.upper()),
            )
    return way, name or "", secret or ""


def checked_url(url: Optional[str]) -> str:
    """The URL of OCP, if requests can use it and it does not contain a password."""
    if not url:
        raise OcpError("rejected", "ocp_url is missing.", next="Set it, or the environment variable OCP_URL.")
    if "@" in url:
        raise OcpError(
            "rejected",
            "ocp_url contains a user name or a password.",
            next="Set them as ocp_username and ocp_password, which are kept out of all output.",
        )
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError as exc:
        raise OcpError("rejected", "ocp_url: %s is not a URL: %s." % (url, exc)) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise OcpError("rejected", "ocp_url: %s has no scheme or no host." % url, next="Write http://HOST:8080.")
    if parts.query or parts.fragment:
        raise OcpError("rejected", "ocp_url: %s has a query or a fragment." % url, next="Write http://HOST:8080.")
    return url


def client_from(module: Any, limit: Optional[Deadline] = None) -> Client:
    """The client that a module's connection options describe."""
    url = module.params["ocp_url"] or ""
    if "@" in url:  # which is refused; but the result still quotes the option
        module.no_log_values.add(url.split("//")[-1].rsplit("@", 1)[0].split(":", 1)[-1])
    checked_url(url)
    _way, _name, secret = credentials(module.params, os.environ)
    # What came from the environment is as secret as an option with no_log.
    module.no_log_values.add(secret)
    # A warning for -v only, since many OCPs have no TLS.
    remark = module.warn if module._verbosity else lambda text: None
    return client_of(module.params, limit, remark=remark)


def client_of(
    params: Mapping[str, Any],
    limit: Optional[Deadline] = None,
    notify: Optional[Callable[[str], None]] = None,
    remark: Callable[[str], None] = lambda text: None,
) -> Client:
    """The client that connection options describe, wherever they come from; see connection_spec().

    remark: is called with what works but deserves attention.
    """
    url = checked_url(params["ocp_url"])
    way, name, secret = credentials(params, os.environ)
    if way == BASIC and urlsplit(url).scheme == "http":
        remark("The password of %s is sent to %s unencrypted. Anyone on the network path can read it." % (name, url))
    for option in ("ca_path", "client_cert", "client_key"):
        path = params[option]
        if path and not os.access(path, os.R_OK):
            raise OcpError(
                "rejected",
                "%s: %s does not exist or cannot be read by the user of this task." % (option, path),
                next="The file is read on the host where the task runs.",
            )
    if params["client_key"] and not params["client_cert"]:
        raise OcpError("rejected", "client_key is set without client_cert.")
    if params["request_timeout"] <= 0:
        raise OcpError("rejected", "request_timeout: %d is not a time in seconds." % params["request_timeout"])
    basic = (name.encode("utf-8"), secret.encode("utf-8"))
    return Client(
        url,
        auth=basic if way == BASIC else AccessKey(name, secret, prefix=urlsplit(url).path),
        verify=(params["ca_path"] or True) if params["validate_certs"] else False,
        cert=(params["client_cert"], params["client_key"]) if params["client_key"] else params["client_cert"],
        request_timeout=params["request_timeout"],
        limit=limit,
        notify=notify,
    )
