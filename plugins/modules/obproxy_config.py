#!/usr/bin/python
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: obproxy_config
short_description: Set settings and passwords of the OBProxy of this host
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Logs in to the OBProxy that runs on the host as C(root@proxysys) and brings settings and passwords to the values
    wanted, with C(SHOW PROXYCONFIG) and C(ALTER PROXYCONFIG SET). They work at once and are saved.
  - RV(needs_restart) names those that wait for a restart, RV(overridden_at_start) and RV(overridden_by_obproxyd) those
    that a restart undoes.
  - Passwords go through the proxy's own connection on this host only. They appear in no argument of a process and in no
    file, and results and differences never show them.
  - A proxy that OCP manages has its settings and passwords from OCP.
extends_documentation_fragment:
  - obops.oceanbase.attributes
  - obops.oceanbase.attributes.host
options:
  sql_port:
    description: The proxy's port for clients.
    type: int
    default: 2883
  login_password:
    description:
      - The password that C(root@proxysys) has. Up to OBProxy 4.2 a fresh proxy has an empty one.
    type: str
    default: ""
  settings:
    description:
      - Settings as OBProxy names them, and their values. A name that the proxy does not know is an error that says
        which are like it.
      - A value is compared as it is written, so V(3G) and V(3072M) differ. A switch may be a boolean.
      - Not for passwords, since values are shown.
    type: dict
    default: {}
  proxysys_password:
    description:
      - The password that C(root@proxysys) is to have. It is tried before O(login_password), and when the proxy has
        it already, that is all that is done.
      - Otherwise it is set last of all, and a new log-in proves it. Empty leaves the password alone.
    type: str
    default: ""
  observer_password:
    description:
      - The password by which the proxy logs in to observers (setting C(observer_sys_password)). Empty leaves it alone.
    type: str
    default: ""
attributes:
  check_mode:
    support: full
    details:
      - It logs in and compares. Whether a value is within its range only a real run tells.
  diff_mode:
    support: full
    details:
      - Settings before and after; of passwords only that they change.
  idempotent:
    support: full
    details:
      - Only what differs is set.
seealso:
  - module: obops.oceanbase.obproxy_info
"""

EXAMPLES = r"""
- name: Give a fresh OBProxy its memory and its password
  obops.oceanbase.obproxy_config:
    settings:
      proxy_mem_limited: 4G
      enable_qos: true
    proxysys_password: "{{ proxysys_password }}"

- name: Change the password
  obops.oceanbase.obproxy_config:
    login_password: "{{ old_password }}"
    proxysys_password: "{{ new_password }}"
"""

RETURN = r"""
settings:
  description: The settings that were changed, or would be in check mode.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The setting.
      type: str
    before:
      description: Its value before.
      type: str
    after:
      description: Its value now.
      type: str
  sample:
    - {name: proxy_mem_limited, before: 2G, after: 4G}
passwords:
  description: The names of the settings with passwords that were changed.
  returned: success
  type: list
  elements: str
  sample: [obproxy_sys_password]
needs_restart:
  description: The names of the settings among these that work only after a restart of the proxy.
  returned: success
  type: list
  elements: str
  sample: []
overridden_at_start:
  description:
    - The names of the settings among these that every start of the proxy passes by itself (C(-p), C(-r), C(-c), C(-n)
      and the config URL), so that what was set is gone then. Change what starts the proxy.
  returned: success
  type: list
  elements: str
  sample: [listen_port]
overridden_by_obproxyd:
  description:
    - The names of the settings among these to which C(obproxyd.sh -c start) gives another value at its first launch, so
      that what was set is gone then. A start after a crash keeps it, and so does one by the role
      P(obops.oceanbase.obproxy#role).
  returned: success
  type: list
  elements: str
  sample: [proxy_mem_limited]
"""

import os
from typing import Any, Dict, List

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._host import processes, proxy_config, sockets
from ..module_utils._host.carried import passed_by_script
from ..module_utils._host.mysql import MysqlError, Session, password_sha1
from ..module_utils._host.proxy_config import Change, ConfigError


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "sql_port": {"type": "int", "default": 2883},
            "login_password": {"type": "str", "default": "", "no_log": True},
            "settings": {"type": "dict", "default": {}},
            "proxysys_password": {"type": "str", "default": "", "no_log": True},
            "observer_password": {"type": "str", "default": "", "no_log": True},
        },
        supports_check_mode=True,
    )
    try:
        changes = configure(module.params, module.check_mode)
        undone = proxy_config.overridden(changes, passed_at_first_launch(module.params["sql_port"]))
    except (ConfigError, MysqlError) as error:
        module.fail_json(msg="OBProxy on port %d: %s." % (module.params["sql_port"], error))
    if undone["at_start"]:
        module.warn(
            "%s: every start of OBProxy passes its own value, so that this one is gone after a restart. Change what "
            "starts the proxy." % ", ".join(undone["at_start"])
        )
    shown = [change for change in changes if not change.secret]
    module.exit_json(
        changed=bool(changes),
        settings=[{"name": change.name, "before": change.before, "after": change.after} for change in shown],
        passwords=[change.name for change in changes if change.secret],
        needs_restart=[change.name for change in changes if change.needs_restart],
        overridden_at_start=undone["at_start"],
        overridden_by_obproxyd=undone["by_obproxyd"],
        diff=proxy_config.difference(changes),
    )


def passed_at_first_launch(port: int) -> Dict[str, str]:
    """{name: value} of what the obproxyd.sh next to the proxy of this port passes, as far as its text tells."""
    for process in processes.find_processes(["obproxy"], sockets.listening()):
        if port in process["ports"] and process["home"]:
            try:
                with open(os.path.join(process["home"], "bin", "obproxyd.sh"), "rb") as script:
                    return passed_by_script(script.read().decode("utf-8", "replace"))
            except OSError:
                return {}
    return {}


def configure(options: Dict[str, Any], check_mode: bool) -> List[Change]:
    """Log in, compare, and unless it is check mode make the changes. Returns them."""
    port, wanted = options["sql_port"], options["proxysys_password"]
    proxy_config.check_options(options["settings"], wanted, options["observer_password"])
    address = next((item["address"] for item in sockets.listening() if item["port"] == port), None)
    if address is None:
        raise ConfigError("nothing listens on this port")

    def connect(password: str) -> Session:
        return Session(sockets.reachable(address), port, proxy_config.ROOT, password_sha1(password))

    session, password = proxy_config.log_in(connect, [wanted] * bool(wanted) + [options["login_password"]])
    try:
        passwords = [("observer_sys_password", options["observer_password"])]
        if password != wanted:
            # The last one, so that nothing that fails before leaves a proxy with another password behind.
            passwords.append(("obproxy_sys_password", wanted))
        changes = proxy_config.plan(session, options["settings"], [item for item in passwords if item[1]])
        if not check_mode:
            proxy_config.apply(session, changes)
    finally:
        session.close()
    if wanted and password != wanted and not check_mode:
        proxy_config.log_in(connect, [wanted])[0].close()
    return changes


if __name__ == "__main__":
    main()
