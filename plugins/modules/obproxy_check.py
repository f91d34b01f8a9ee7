#!/usr/bin/python
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


DOCUMENTATION = r"""
module: obproxy_check
short_description: Check that OBProxies answer
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Connects to the SQL port of each OBProxy and, if O(query) is set, runs that statement through it.
  - The module does not fail if a proxy does not answer; check RV(proxies[].error) instead.
  - It runs on any host with Python, such as the proxy's own host or the controller.
extends_documentation_fragment:
  - obops.oceanbase.attributes
  - obops.oceanbase.attributes.info
  - obops.oceanbase.attributes.host
options:
  proxies:
    description: The OBProxies to check.
    type: list
    elements: dict
    required: true
    suboptions:
      address:
        description: The address or name of the host.
        type: str
        required: true
      sql_port:
        description: The SQL port of the proxy.
        type: int
        default: 2883
  query:
    description: A statement to run through each proxy, such as V(SELECT 1 FROM DUAL). Requires O(login_user).
    type: str
  login_user:
    description: The user that runs O(query), with tenant and cluster as OBProxy expects them, such as
      V(app@tenant#cluster).
    type: str
  login_password_sha1:
    description:
      - The SHA-1 hash of the password, in hexadecimal (see P(ansible.builtin.hash#filter)). The login needs no more
        than that, and with the password itself Ansible would mask all other output that contains it.
      - Leave it empty for a user without a password.
    type: str
    default: ""
  timeout:
    description: How long each step may take, in seconds.
    type: int
    default: 5
"""

EXAMPLES = r"""
- name: Check the proxy on its own host
  obops.oceanbase.obproxy_check:
    proxies:
      - {address: 127.0.0.1, sql_port: 2883}
    query: SELECT 1 FROM DUAL
    login_user: app@tenant#cluster
    login_password_sha1: "{{ app_password | hash('sha1') }}"
  register: answer
  failed_when: answer.proxies | rejectattr('error', 'none') | length > 0
"""

RETURN = r"""
proxies:
  description: The result for each of O(proxies), in the same order.
  returned: success
  type: list
  elements: dict
  contains:
    address:
      description: The address or name of the host.
      type: str
      sample: 127.0.0.1
    sql_port:
      description: The SQL port of the proxy.
      type: int
      sample: 2883
    answers:
      description: Whether an OBProxy, or another server that speaks the MySQL protocol, answers there.
      type: bool
      sample: true
    rows:
      description: The number of rows that O(query) returned. Empty if it did not run or failed.
      type: int
      sample: 1
    error:
      description: What is wrong, in a few words. Empty if nothing is wrong.
      type: str
      sample: "port 2883 does not answer: Connection refused"
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._host.check import Query, check
from ..module_utils._host.mysql import password_sha1_from_hex


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "proxies": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "address": {"type": "str", "required": True},
                    "sql_port": {"type": "int", "default": 2883},
                },
            },
            "query": {"type": "str"},
            "login_user": {"type": "str"},
            "login_password_sha1": {"type": "str", "default": "", "no_log": True},
            "timeout": {"type": "int", "default": 5},
        },
        required_by={"query": "login_user"},
        supports_check_mode=True,
    )
    params = module.params
    query = None
    if params["query"]:
        try:
            digest = password_sha1_from_hex(params["login_password_sha1"])
        except ValueError as error:
            module.fail_json(msg="login_password_sha1: %s." % error)
        query = Query(params["query"], params["login_user"], digest)
    module.exit_json(changed=False, proxies=check(params["proxies"], query, params["timeout"]))


if __name__ == "__main__":
    main()
