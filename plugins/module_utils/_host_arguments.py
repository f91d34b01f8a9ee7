# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What OBProxy's own arguments say: its app name, its start mode and the ports it was told to use."""

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
PROXY_WITH_VALUE = "plsncro"
DAEMON_WITH_VALUE = "ceniptsu"


def parse_arguments(arguments):
    """A proxy's {app_name, start_mode, told_ports{sql,prometheus,rpc}}; what the arguments do not say is None."""
    options = split_options(arguments, PROXY_WITH_VALUE)
    extra = parse_extra(options.get("o", ""))
    told = {
        "sql": _port(options.get("p")),
        "prometheus": _port(options.get("l") or extra.get("prometheus_listen_port")),
        "rpc": _port(options.get("s") or extra.get("rpc_listen_port")),
    }
    return {"app_name": options.get("n"), "start_mode": _start_mode(options, extra), "told_ports": told}


def parse_daemon_arguments(arguments):
    """The same of obproxyd.sh, whose letters mean other things. The environment may say what its arguments do not."""
    options = split_options(arguments, DAEMON_WITH_VALUE)
    mode = "config_url" if options.get("u") else "rs_list" if "r" in options else None
    told = {"sql": _port(options.get("p")), "prometheus": None, "rpc": None}
    return {"app_name": options.get("n"), "start_mode": mode, "told_ports": told}


def split_options(arguments, with_value):
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


def parse_extra(text):
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


def _start_mode(options, extra):
    # Two quotes as the URL count as one: the proxy takes them literally and ignores -r.
    if extra.get("obproxy_config_server_url"):
        return "config_url"
    return "rs_list" if options.get("r") else None


def _port(text):
    return int(text) if text and str(text).isdigit() else None
