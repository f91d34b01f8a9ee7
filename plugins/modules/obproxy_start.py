#!/usr/bin/python
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: obproxy_start
short_description: Start the OBProxy on a host, or upgrade it to another installed version
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Starts an installed OBProxy with its C(obproxyd.sh) or a systemd unit, waits until it answers, and verifies that it
    is the proxy that was requested. C(obproxyd.sh) alone returns at once and without an error even if the start fails,
    and when it launches the proxy a second time, it drops the options.
  - The proxy runs with umask 022 and a limit of 655350 open files, regardless of the session, and needs neither C(sudo)
    nor C(runuser).
  - With O(upgrade_from), it first stops the proxy of another version, carries over the settings that were changed while
    it ran, and returns to it if the new proxy fails verification. All of this happens in one remote execution, so
    clients are without a proxy only while the old one stops and the new one starts.
  - This module is made for the role P(obops.oceanbase.obproxy#role), which provides the launch script.
extends_documentation_fragment:
  - obops.oceanbase.attributes
  - obops.oceanbase.attributes.host
options:
  home:
    description: The directory of the installation, such as V(/opt/taobao/install/obproxy-1.9.1.1).
    type: path
    required: true
  version:
    description: The version to run, with or without its release. If it is empty, any installed version is accepted.
    type: str
    default: ""
  user:
    description: The user that runs the proxy.
    type: str
    default: admin
  script:
    description:
      - The script that C(/bin/sh) runs as O(user), with O(home) as its name and O(arguments) as its arguments. It must
        end in C(bin/obproxyd.sh).
      - In an upgrade, the file C(etc/obproxy_next_start) in O(home) specifies how to start the proxy. It contains a
        word (C(first) for a launch with all options, C(saved) for a launch from the saved settings) and the options.
        The script removes the file.
    type: str
    required: true
  arguments:
    description: The arguments of C(obproxyd.sh).
    type: list
    elements: str
    default: []
  environment:
    description:
      - The environment of the launch. C(OBPROXY_EXTRA_OPT) contains the options to run the proxy with.
      - Do not put secrets here, since every user on the host can see the options of a proxy.
    type: dict
    default: {}
  config_url:
    description: The config URL, if the proxy gets its OB clusters from one.
    type: str
    default: ""
  unit:
    description: A systemd unit that launches the proxy in the same way. If it is set, O(script) is not run directly.
    type: str
    default: ""
  sql_port:
    description: The SQL port of the proxy.
    type: int
    default: 2883
  process_keywords:
    description: The names of OBProxy's processes.
    type: list
    elements: str
    default: [obproxy, obproxyd.sh]
  timeout:
    description: How long the proxy may take to answer, in seconds. V(0) waits forever.
    type: int
    default: 600
  upgrade_from:
    description:
      - The directory of the installation whose proxy is replaced.
      - Settings that were changed while it ran (C(SHOW PROXYCONFIG DIFF) without those it was started with) are carried
        over, including passwords, which are copied from one saved configuration to the other and never appear on a
        command line. Defaults are those of the new version.
      - If the old proxy does not run, or does not accept the password that it has saved for C(root@proxysys), all its
        saved settings are carried over, and the module warns about this.
    type: path
  link:
    description: The symlink to the running version. An upgrade changes it.
    type: path
  drain_timeout:
    description:
      - How long an upgrade waits for clients to leave the old proxy before stopping it, in seconds. The wait ends as
        soon as no client is connected. Clients that are still connected are cut off.
      - A proxy does not drain its clients when it is terminated, and accepts new ones until then. Remove it from the
        load balancer first.
    type: int
    default: 0
attributes:
  check_mode:
    support: full
    details:
      - Reports that it would start the proxy.
  diff_mode:
    support: none
    details:
      - Only process IDs change.
  idempotent:
    support: none
    details:
      - Use it only if the proxy does not run; check with M(obops.oceanbase.obproxy_info) first.
notes:
  - Run it as root, or with C(become).
seealso:
  - module: obops.oceanbase.obproxy_info
  - module: obops.oceanbase.obproxy_stop
"""

EXAMPLES = r"""
- name: Start the installed proxy
  obops.oceanbase.obproxy_start:
    home: /opt/taobao/install/obproxy-4.2.3.0
    version: 4.2.3.0
    script: cd "$0" && exec bin/obproxyd.sh "$@"
    arguments: [-c, start, -e, private, -n, demo, -p, "2883"]
    environment:
      ENABLE_ROOT_SERVER: "true"
      ROOT_SERVER_LIST: 10.1.1.1:2881
      ROOT_SERVER_CLUSTER_NAME: ob
      OBPROXY_EXTRA_OPT: prometheus_listen_port=2884,proxy_mem_limited=3G
"""

RETURN = r"""
msg:
  description: What would be started or replaced. In diff mode it is shown as the difference.
  returned: in check mode
  type: str
  sample: OBProxy 4.2.3.0-20240101 would be started on port 2883.
pid:
  description: The process ID of the proxy that answers.
  returned: success, and not in check mode
  type: int
  sample: 4711
version:
  description:
    - The version that the running proxy reports (C(SHOW PROXYINFO BINARY)). Empty if C(root@proxysys) cannot log in.
  returned: success, and not in check mode
  type: str
  sample: 4.2.3.0
upgrade:
  description: What happened to the settings and clients of the old proxy.
  returned: with O(upgrade_from), and not in check mode
  type: dict
  contains:
    carried:
      description: The names of the settings that were carried over.
      type: list
      elements: str
    unknown:
      description: The carried settings that the new version does not have.
      type: list
      elements: str
    lost:
      description: The carried settings that have another value in the new version.
      type: list
      elements: str
    sessions:
      description: The number of clients that were still connected when the old proxy was stopped.
      type: int
    seconds:
      description: The time from the stop of the old proxy until the new one was verified, in seconds.
      type: float
  sample: {carried: [obproxy_sys_password, proxy_mem_limited], unknown: [], lost: [], sessions: 0, seconds: 3.4}
old:
  description: What happened to the proxy of O(upgrade_from).
  returned: when an upgrade fails
  type: str
logs:
  description: The log messages since the start, if the proxy did not start.
  returned: failure
  type: list
  elements: dict
  contains:
    path:
      description: The path of the log file.
      type: str
    lines:
      description: The relevant lines, without passwords.
      type: list
      elements: str
"""

import os
import pwd
from typing import Any, Dict, List

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._host import config_url
from ..module_utils._host.cmdline import parse_extra
from ..module_utils._host.start import StartError, Wanted, failure, start
from ..module_utils._host.this_host import ThisHost
from ..module_utils._host.upgrade import upgrade


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "home": {"type": "path", "required": True},
            "version": {"type": "str", "default": ""},
            "user": {"type": "str", "default": "admin"},
            "script": {"type": "str", "required": True},
            "arguments": {"type": "list", "elements": "str", "default": []},
            "environment": {"type": "dict", "default": {}},
            "config_url": {"type": "str", "default": "", "no_log": True},
            "unit": {"type": "str", "default": ""},
            "sql_port": {"type": "int", "default": 2883},
            "process_keywords": {
                "type": "list",
                "elements": "str",
                "default": ["obproxy", "obproxyd.sh"],
                "no_log": False,
            },
            "timeout": {"type": "int", "default": 600},
            "upgrade_from": {"type": "path"},
            "link": {"type": "path"},
            "drain_timeout": {"type": "int", "default": 0},
        },
        supports_check_mode=True,
    )
    if module.check_mode:
        would = would_do(module.params)
        module.exit_json(changed=True, msg=would, diff={"prepared": would})
    user = _user(module)
    try:
        done = _run(module.params, user)
    except StartError as error:
        module.fail_json(**failure(error, module.params["home"]))
    for note in done.pop("notes", []) + _url_problems(module.params["config_url"]):
        module.warn(note)
    readiness, version = done.pop("readiness"), done.pop("version")
    more = {"upgrade": done} if module.params["upgrade_from"] else {}
    module.exit_json(changed=True, pid=readiness["pid"], version=version, **more)


def would_do(options: Dict[str, Any]) -> str:
    """What a run would do, for check mode."""
    version = "OBProxy %s" % options["version"] if options["version"] else "The OBProxy of this host"
    old = options["upgrade_from"]
    if old:
        return "The proxy of %s would be stopped and %s would be started in its place." % (old, version)
    return "%s would be started on port %d." % (version, options["sql_port"])


def _user(module: AnsibleModule) -> pwd.struct_passwd:
    try:
        user = pwd.getpwnam(module.params["user"])
    except KeyError:
        module.fail_json(
            msg="The user %s, which should run OBProxy, does not exist on this host." % module.params["user"]
        )
    if os.geteuid() not in (0, user.pw_uid):
        module.fail_json(msg="OBProxy is started as %s, for which this module needs root: use become." % user.pw_name)
    return user


def _run(options: Dict[str, Any], user: pwd.struct_passwd) -> Dict[str, Any]:
    environment = {name: str(value) for name, value in options["environment"].items()}
    if options["config_url"]:
        environment["OBPROXY_CONFIG_SERVER_URL"] = options["config_url"]
    own = environment.get("OBPROXY_EXTRA_OPT", "")
    arguments = options["arguments"]
    host = ThisHost(
        user,
        options["process_keywords"],
        options["sql_port"],
        options["script"],
        arguments,
        environment,
        options["link"],
    )
    wanted = Wanted(
        options["home"].rstrip("/"),
        options["version"],
        parse_extra(own),
        arguments[arguments.index("-e") + 1] if "-e" in arguments[:-1] else "",
        options["unit"],
        options["timeout"],
    )
    if not options["upgrade_from"]:
        return start(host, wanted)
    return upgrade(host, wanted, options["upgrade_from"].rstrip("/"), own, options["drain_timeout"])


def _url_problems(url: str) -> List[str]:
    problem = url and config_url.problem(url)
    return [problem] if problem else []


if __name__ == "__main__":
    main()
