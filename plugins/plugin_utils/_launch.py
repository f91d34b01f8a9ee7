# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""How OBProxy is launched, by the module obproxy_start as by the role's systemd unit. Pure."""

from __future__ import annotations

import re
from typing import Any

from ._variables import root_servers

#: $0 is the installation's directory, and the arguments are those of obproxyd.sh.
#:
#: obproxyd.sh gives options of its own to its first launch, and these beat what is saved: a setting that was changed
#: while the proxy ran would be lost with the host's next start. So where settings are saved, the proxy is started from
#: them first, with the role's options alone, and obproxyd.sh finds it running. An upgrade says otherwise in
#: etc/obproxy_next_start (module obproxy_start). No single quote and no backslash may stand here, since the unit has it
#: in single quotes, on one line.
SCRIPT = " ".join(
    """\
pgrep -x obproxyd.sh >/dev/null && exit 0; cd "$0" || exit 1; how=; next=etc/obproxy_next_start;
if [ -e $next ]; then read -r how OBPROXY_EXTRA_OPT <$next; export OBPROXY_EXTRA_OPT; rm -f $next; fi;
if [ "$how" != first ] && [ -s etc/obproxy_config.bin ] && ! pgrep -x obproxy >/dev/null; then
./bin/obproxy -p "$OBPROXY_PORT" -n "$APPNAME"
${ROOT_SERVER_LIST:+-c "$ROOT_SERVER_CLUSTER_NAME" -r "$ROOT_SERVER_LIST"}
-o "obproxy_config_server_url=$OBPROXY_CONFIG_SERVER_URL${OBPROXY_EXTRA_OPT:+,$OBPROXY_EXTRA_OPT}" >/dev/null 2>&1;
turn=0; while [ $turn -lt 60 ] && pgrep -x obproxy >/dev/null; do
echo hi | nc 127.0.0.1 "$OBPROXY_PORT" -w 2 >/dev/null 2>&1 && break; sleep 0.5; turn=$((turn + 1)); done; fi;
exec ./bin/obproxyd.sh "$@"
""".splitlines()
)
#: The kernels that a proxy knows. It refuses to start on another one, unless told otherwise.
KNOWN_KERNEL = re.compile(r"\.(el|alios)[567]")


def launch(variables: dict[str, Any], kernel: str) -> dict[str, Any]:
    """`script`, `arguments` (of obproxyd.sh) and `environment`, in which the config URL is not: it may hold a secret.

    variables: the role's, by their full names. kernel: the release of the host's.
    """
    name, port = variables["obproxy_app_name"], str(variables["obproxy_sql_port"])
    environment = variables["obproxy_environment"]
    options = {**_own_options(variables, kernel), **variables["obproxy_extra_options"]}
    return {
        "script": SCRIPT,
        "arguments": ["-n", name, "-p", port, *(["-e", environment] if environment else [])],
        # The enterprise's and the community's obproxyd.sh understand these alike.
        "environment": {
            "APPNAME": name,
            "OBPROXY_PORT": port,
            "OBPROXY_EXTRA_OPT": options_text(options),
            **({} if variables["obproxy_config_url"] else _root_servers(variables)),
        },
    }


def _own_options(variables: dict[str, Any], kernel: str) -> dict[str, Any]:
    # A proxy lets root@proxysys in from 127.0.0.1 and 192.168.x.x only, unless told otherwise: OCP, at any other
    # address, could not take it over, and tells its own proxies the same.
    own = {"prometheus_listen_port": variables["obproxy_exporter_port"], "skip_proxy_sys_private_check": True}
    return own if KNOWN_KERNEL.search(kernel) else {**own, "enable_strict_kernel_release": False}


def _root_servers(variables: dict[str, Any]) -> dict[str, str]:
    return {
        "ENABLE_ROOT_SERVER": "true",
        "ROOT_SERVER_LIST": ";".join(root_servers(variables["obproxy_rs_list"])),
        "ROOT_SERVER_CLUSTER_NAME": variables["obproxy_ob_cluster"],
    }


def options_text(options: dict[str, Any]) -> str:
    """Options as the option -o of OBProxy's command line takes them."""
    # Templates of ansible-core before 2.19 make True and False of booleans.
    words = {name: str(value) for name, value in options.items()}
    return ",".join(f"{name}={word.lower() if word in ('True', 'False') else word}" for name, word in words.items())
