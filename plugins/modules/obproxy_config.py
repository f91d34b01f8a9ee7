#!/usr/bin/python
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: obproxy_config
short_description: Change settings and passwords of the OBProxy on a host
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Logs in as C(root@proxysys) to the OBProxy that runs on the host and changes the settings and passwords that differ,
    with C(SHOW PROXYCONFIG) and C(ALTER PROXYCONFIG SET). Changes take effect at once and are saved.
  - RV(needs_restart) lists the changes that take effect only after a restart, RV(overridden_at_start) and
    RV(overridden_by_obproxyd) those that a restart reverts.
  - Passwords are sent only over the proxy's own connection on this host. They never appear in process arguments, files,
    results or diffs.
  - A proxy that OCP manages gets its settings and passwords from OCP.
extends_documentation_fragment:
  - obops.oceanbase.attributes
  - obops.oceanbase.attributes.host
options:
  sql_port:
    description: The SQL port of the proxy.
    type: int
    default: 2883
  login_password:
    description:
      - The current password of C(root@proxysys). Up to OBProxy 4.2, it is empty for a new proxy.
    type: str
    default: ""
  settings:
    description:
      - The settings and their values, with the names that OBProxy uses. If the proxy does not know a name, the module
        fails and suggests similar ones.
      - Values are compared as they are written, so V(3G) and V(3072M) differ. For switches, booleans are accepted.
      - Do not use this option for passwords, since the values are shown.
    type: dict
    default: {}
  proxysys_password:
    description:
      - The password that C(root@proxysys) should have. It is tried before O(login_password). If it is accepted, it is
        not set again.
      - Otherwise it is set last and verified by a new login. If it is empty, the password is not changed.
    type: str
    default: ""
  observer_password:
    description:
      - The password that the proxy uses to log in to observers (setting C(observer_sys_password)). If it is empty, the
        password is not changed.
    type: str
    default: ""
attributes:
  check_mode:
    support: full
    details:
      - Logs in and compares. Only a real run shows whether a value is in its valid range.
  diff_mode:
    support: full
    details:
      - Shows the settings before and after. For passwords, it only shows that they change.
  idempotent:
    support: full
    details:
      - Sets only what differs.
seealso:
  - module: obops.oceanbase.obproxy_info
"""

EXAMPLES = r"""
- name: Set the memory limit and the password of a new OBProxy
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
  description: The settings that were changed, or would be changed in check mode.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The name of the setting.
      type: str
    before:
      description: Its value before the change.
      type: str
    after:
      description: Its value after the change.
      type: str
  sample:
    - {name: proxy_mem_limited, before: 2G, after: 4G}
passwords:
  description: The names of the password settings that were changed.
  returned: success
  type: list
  elements: str
  sample: [obproxy_sys_password]
needs_restart:
  description: The names of changed settings that take effect only after a restart of the proxy.
  returned: success
  type: list
  elements: str
  sample: []
overridden_at_start:
  description:
    - The names of changed settings that every start of the proxy sets again (C(-p), C(-r), C(-c), C(-n) and the config
      URL), so that the change is lost. Change what starts the proxy instead.
  returned: success
  type: list
  elements: str
  sample: [listen_port]
overridden_by_obproxyd:
  description:
    - The names of changed settings that C(obproxyd.sh -c start) sets to another value when it first launches the proxy,
      so that the change is lost. A restart after a crash keeps the change, and so does a start by the role
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
            "%s: every start of OBProxy passes its own value, so this one is lost at a restart. Change what "
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
    """{name: value} of the options that the obproxyd.sh next to the proxy on this port passes, according to its
    text."""
    for process in processes.find_processes(["obproxy"], sockets.listening()):
        if port in process["ports"] and process["home"]:
            try:
                with open(os.path.join(process["home"], "bin", "obproxyd.sh"), "rb") as script:
                    return passed_by_script(script.read().decode("utf-8", "replace"))
            except OSError:
                return {}
    return {}


def configure(options: Dict[str, Any], check_mode: bool) -> List[Change]:
    """Log in, compare, and unless in check mode make the changes. Returns them."""
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
            # The last one, so that an earlier failure never leaves a proxy with another password.
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
