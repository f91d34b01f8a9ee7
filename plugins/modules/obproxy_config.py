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
    wanted, with C(SHOW PROXYCONFIG) and C(ALTER PROXYCONFIG SET). They work at once and last, also through restarts;
    RV(needs_restart) names those that wait for one.
  - Passwords go through the proxy's own connection on this host only. They stand in no argument of a process and in no
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
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils import _host_sockets, _proxy_config
from ..module_utils._mysql import MysqlError, Session
from ..module_utils._proxy_config import ConfigError


def main():
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
    except (ConfigError, MysqlError) as error:
        module.fail_json(msg="OBProxy on port %d: %s." % (module.params["sql_port"], error))
    shown = [change for change in changes if not change.secret]
    module.exit_json(
        changed=bool(changes),
        settings=[{"name": change.name, "before": change.before, "after": change.after} for change in shown],
        passwords=[change.name for change in changes if change.secret],
        needs_restart=[change.name for change in changes if change.needs_restart],
        diff=_proxy_config.difference(changes),
    )


def configure(options, check_mode):
    """Log in, compare, and unless it is check mode make the changes. Returns them."""
    port, wanted = options["sql_port"], options["proxysys_password"]
    _proxy_config.check_options(options["settings"], wanted, options["observer_password"])
    address = next((item["address"] for item in _host_sockets.listening() if item["port"] == port), None)
    if address is None:
        raise ConfigError("nothing listens on this port")

    def connect(password):
        return Session(_host_sockets.reachable(address), port, _proxy_config.ROOT, password)

    session, password = _proxy_config.log_in(connect, [wanted] * bool(wanted) + [options["login_password"]])
    try:
        passwords = [("observer_sys_password", options["observer_password"])]
        if password != wanted:
            # The last one, so that nothing that fails before leaves a proxy with another password behind.
            passwords.append(("obproxy_sys_password", wanted))
        changes = _proxy_config.plan(session, options["settings"], [item for item in passwords if item[1]])
        if not check_mode:
            _proxy_config.apply(session, changes)
    finally:
        session.close()
    if wanted and password != wanted and not check_mode:
        _proxy_config.log_in(connect, [wanted])[0].close()
    return changes


if __name__ == "__main__":
    main()
