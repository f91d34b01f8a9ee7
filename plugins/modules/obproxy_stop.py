#!/usr/bin/python
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: obproxy_stop
short_description: Stop one OBProxy on a host
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Ends the processes that run from one installation of OBProxy, C(obproxyd.sh) first, and waits until they are gone.
    Other OBProxies on the host keep running, whereas C(obproxyd.sh -c stop) kills all of them.
extends_documentation_fragment:
  - obops.oceanbase.attributes
  - obops.oceanbase.attributes.host
options:
  home:
    description: The directory of the installation, such as V(/opt/taobao/install/obproxy-1.9.1.1).
    type: path
    required: true
  process_keywords:
    description: The names of OBProxy's processes.
    type: list
    elements: str
    default: [obproxy, obproxyd.sh]
  timeout:
    description:
      - How long the processes may take to end, in seconds. The proxy is asked to terminate (SIGTERM), and killed after
        two thirds of the time.
      - If processes are still running after this time, the module fails and names them.
    type: int
    default: 30
attributes:
  check_mode:
    support: full
    details:
      - Reports which processes would be ended.
  diff_mode:
    support: none
    details:
      - Only process IDs change.
  idempotent:
    support: full
    details:
      - Does nothing if no process runs.
notes:
  - Run it as root, or with C(become).
seealso:
  - module: obops.oceanbase.obproxy_info
"""

EXAMPLES = r"""
- name: Stop the OBProxy of one version
  obops.oceanbase.obproxy_stop:
    home: /opt/taobao/install/obproxy-1.9.1.1
"""

RETURN = r"""
pids:
  description: The IDs of the processes that were ended, or would be ended in check mode.
  returned: success
  type: list
  elements: int
  sample: [4710, 4711]
"""

from typing import Any, Dict, List

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._host import processes, stop


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "home": {"type": "path", "required": True},
            "process_keywords": {
                "type": "list",
                "elements": "str",
                "default": ["obproxy", "obproxyd.sh"],
                "no_log": False,
            },
            "timeout": {"type": "int", "default": 30},
        },
        supports_check_mode=True,
    )
    home = module.params["home"].rstrip("/")

    def look() -> List[Dict[str, Any]]:
        return processes.find_processes(module.params["process_keywords"], [])

    left: List[int]
    if module.check_mode:
        ended, left = [process["pid"] for process in look() if process["home"] == home], []
    else:
        ended, left = stop.stop(look, home, module.params["timeout"])
    if left:
        module.fail_json(
            msg="After %d s, processes of %s are still running: %s."
            % (module.params["timeout"], home, ", ".join(map(str, left)))
        )
    module.exit_json(changed=bool(ended), pids=ended)


if __name__ == "__main__":
    main()
