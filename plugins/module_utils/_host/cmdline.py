# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments and saved settings of OBProxy: its app name, start mode, OB clusters, ports and options."""

import re
from typing import Any, Dict, List, Mapping, Match, Optional

from .logs import without_secrets

# Long option → the short one. 1.x and 3.x know fewer of them.
LONG = {
    "listen_port": "p",
    "prometheus_listen_port": "l",
    # So it is spelled in the versions that are known.
    "promethues_listen_port": "l",
    "rpc_listen_port": "s",
    "appname": "n",
    "cluster_name": "c",
    "rs_list": "r",
    "optstr": "o",
}
# Under which name the proxy keeps what a letter says.
SETTINGS = {
    "p": "listen_port",
    "l": "prometheus_listen_port",
    "s": "rpc_listen_port",
    "n": "app_name",
    "c": "rootservice_cluster_name",
    "r": "rootservice_list",
}
URL = "obproxy_config_server_url"
PROXY_WITH_VALUE = "plsncro"
DAEMON_WITH_VALUE = "ceniptsu"
HIDDEN = "********"
SECRET = re.compile(r"passw|secret|token|private_?key|access_?key|signature|^sign$", re.IGNORECASE)
# The user's name and password before the host, and the values of a query.
USER_INFO = re.compile(r"(://)[^/@?#]*@")
QUERY_VALUE = re.compile(r"([?&])([^=&#]+)=([^&#]*)")


def parse_arguments(arguments: List[str], saved: Optional[Dict[str, str]] = None) -> Dict[str, Any]:
    """A proxy's {app_name, start_mode, config_url, ob_clusters, proxysys_private_only, options, told_ports}.

    saved: its saved settings, which hold where the arguments say nothing. What neither says is None. `options` are
    those of -o alone; no secret is in what is returned.
    """
    options = split_options(arguments, PROXY_WITH_VALUE)
    extra = parse_extra(options.get("o", ""))
    settings = dict(saved or {})
    settings.update(extra)
    settings.update((SETTINGS[letter], value) for letter, value in options.items() if letter in SETTINGS)
    found = _understand(settings)
    found["options"] = {name: hide(name, value) for name, value in sorted(extra.items()) if name}
    return found


def parse_daemon_arguments(arguments: List[str]) -> Dict[str, Any]:
    """The same of obproxyd.sh, whose letters mean other things. The environment may say what its arguments do not."""
    options = split_options(arguments, DAEMON_WITH_VALUE)
    settings = {"listen_port": options.get("p"), "app_name": options.get("n"), URL: options.get("u")}
    if "r" in options:
        settings.update(rootservice_list=options.get("t") or "-r", rootservice_cluster_name=options.get("s"))
    return dict(_understand(settings), options={})


def _understand(settings: Mapping[str, Optional[str]]) -> Dict[str, Any]:
    url = settings.get(URL) or ""
    # Two quotes as the URL count as one: the proxy takes them literally and ignores its root servers.
    mode = "config_url" if url else "rs_list" if settings.get("rootservice_list") else None
    cluster = _given(settings.get("rootservice_cluster_name"))
    skipped = (settings.get("skip_proxy_sys_private_check") or "").lower()
    return {
        "proxysys_private_only": {"true": False, "false": True}.get(skipped),
        "app_name": _given(settings.get("app_name")),
        "start_mode": mode,
        "config_url": hide(URL, url) if url else None,
        "ob_clusters": [cluster] if mode == "rs_list" and cluster else [],
        "told_ports": {
            "sql": _port(settings.get("listen_port")),
            "prometheus": _port(settings.get("prometheus_listen_port")),
            "rpc": _port(settings.get("rpc_listen_port")),
        },
    }


def hide(name: str, value: str) -> str:
    """A setting's value as it may be shown: passwords, keys and tokens are no one's business, in a URL neither."""
    if SECRET.search(name):
        return HIDDEN if value else value
    return QUERY_VALUE.sub(_hide_query, USER_INFO.sub(r"\1%s@" % HIDDEN, without_secrets(value)))


def _hide_query(match: Match[str]) -> str:
    before, name, value = match.groups()
    return "%s%s=%s" % (before, name, HIDDEN if SECRET.search(name) else value)


def split_options(arguments: List[str], with_value: str) -> Dict[str, str]:
    """getopt, but what is unknown is passed over: the versions differ, and a look must not fail for that."""
    options = {}
    rest = list(arguments)
    while rest:
        argument = rest.pop(0)
        if argument.startswith("--"):
            name, equals, value = argument[2:].partition("=")
            short = LONG.get(name)
            if short and not equals and rest:
                value = rest.pop(0)
            if short:
                options[short] = value
        elif len(argument) > 1 and argument[0] == "-":
            letter, glued = argument[1], argument[2:]
            takes_next = letter in with_value and not glued and rest
            options[letter] = rest.pop(0) if takes_next else glued
    return options


def parse_extra(text: str) -> Dict[str, str]:
    """`-o k=v,k=v`. A piece without = belongs to the value before it."""
    pairs = {}
    key = None
    for piece in text.split(","):
        name, equals, value = piece.partition("=")
        if equals:
            key = name.strip()
            pairs[key] = value
        elif key is not None and piece:
            pairs[key] += "," + piece
    return pairs


def _given(name: Optional[str]) -> Optional[str]:
    """A proxy saves `undefined` where it was given no name."""
    return None if name in (None, "", "undefined") else name


def _port(text: Optional[str]) -> Optional[int]:
    return int(text) if text and str(text).isdigit() else None
