# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""How the module obproxy_start and the role's systemd unit launch OBProxy. Pure."""

from __future__ import annotations

import re
from typing import Any

from ._variables import root_servers

#: $0 is the directory of the installation, and the arguments are those of obproxyd.sh.
#:
#: obproxyd.sh adds its own options to its first launch, and these take precedence over saved settings: a setting that
#: was changed while the proxy was running would be lost at the next boot. Therefore, if there are saved settings, the
#: script first starts the proxy from them, with only the role's options, and obproxyd.sh then finds it running. During
#: an upgrade, etc/obproxy_next_start (module obproxy_start) overrides this. up() leaves out a dead process that its
#: parent has not reaped, which pgrep would find. The script must not contain single quotes
#: or backslashes, since the unit contains it in single quotes, on one line.
SCRIPT = " ".join(
    """\
up() { ps -C "$1" -o stat= | grep -qv ^Z; }; up obproxyd.sh && exit 0;
cd "$0" || exit 1; how=; next=etc/obproxy_next_start;
if [ -e $next ]; then read -r how OBPROXY_EXTRA_OPT <$next; export OBPROXY_EXTRA_OPT; rm -f $next; fi;
if [ "$how" != first ] && [ -s etc/obproxy_config.bin ] && ! up obproxy; then
./bin/obproxy -p "$OBPROXY_PORT" -n "$APPNAME"
${ROOT_SERVER_LIST:+-c "$ROOT_SERVER_CLUSTER_NAME" -r "$ROOT_SERVER_LIST"}
-o "obproxy_config_server_url=$OBPROXY_CONFIG_SERVER_URL${OBPROXY_EXTRA_OPT:+,$OBPROXY_EXTRA_OPT}" >/dev/null 2>&1;
turn=0; while [ $turn -lt 60 ] && up obproxy; do
echo hi | nc 127.0.0.1 "$OBPROXY_PORT" -w 2 >/dev/null 2>&1 && break; sleep 0.5; turn=$((turn + 1)); done; fi;
exec ./bin/obproxyd.sh "$@"
""".splitlines()
)
#: The kernels that a proxy accepts. It refuses to start on any other, unless an option allows it.
KNOWN_KERNEL = re.compile(r"\.(el|alios)[567]")


def launch(variables: dict[str, Any], kernel: str) -> dict[str, Any]:
    """{script, arguments (of obproxyd.sh), environment}, without the config URL, since it may contain a secret.

    variables: the variables of the role, by their full names. kernel: the release of the host's kernel.
    """
    name, port = variables["obproxy_app_name"], str(variables["obproxy_sql_port"])
    environment = variables["obproxy_environment"]
    options = {**_own_options(variables, kernel), **variables["obproxy_extra_options"]}
    return {
        "script": SCRIPT,
        "arguments": ["-n", name, "-p", port, *(["-e", environment] if environment else [])],
        # obproxyd.sh of the enterprise and the community package both support these.
        "environment": {
            "APPNAME": name,
            "OBPROXY_PORT": port,
            "OBPROXY_EXTRA_OPT": options_text(options),
            **({} if variables["obproxy_config_url"] else _root_servers(variables)),
        },
    }


def _own_options(variables: dict[str, Any], kernel: str) -> dict[str, Any]:
    # By default, a proxy accepts root@proxysys only from 127.0.0.1 and 192.168.x.x. From any other address, OCP could
    # not take the proxy over. It sets the same option for the proxies that it installs.
    own = {"prometheus_listen_port": variables["obproxy_exporter_port"], "skip_proxy_sys_private_check": True}
    return own if KNOWN_KERNEL.search(kernel) else {**own, "enable_strict_kernel_release": False}


def _root_servers(variables: dict[str, Any]) -> dict[str, str]:
    return {
        "ENABLE_ROOT_SERVER": "true",
        "ROOT_SERVER_LIST": ";".join(root_servers(variables["obproxy_rs_list"])),
        "ROOT_SERVER_CLUSTER_NAME": variables["obproxy_ob_cluster"],
    }


def options_text(options: dict[str, Any]) -> str:
    """The options in the form of the command line option -o of OBProxy."""
    # Before ansible-core 2.19, templates turn booleans into True and False.
    words = {name: str(value) for name, value in options.items()}
    return ",".join(f"{name}={word.lower() if word in ('True', 'False') else word}" for name, word in words.items())
