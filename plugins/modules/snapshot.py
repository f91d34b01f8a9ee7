#!/usr/bin/python
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


DOCUMENTATION = r"""
module: snapshot
short_description: Save the state of proxies before a takeover
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Writes a YAML file for each proxy of a wave, on the controller. The playbook C(obops.oceanbase.takeover) uses it for
    C(obproxy_snapshot_dir).
  - Existing files are kept, so that a second run does not overwrite the state of a proxy before the first run.
extends_documentation_fragment:
  - obops.oceanbase.attributes
options:
  directory:
    description: The directory to write the files to. It is created if it does not exist.
    type: str
    required: true
  rows:
    description: The rows of the fleet, as P(obops.oceanbase.takeover_calls#filter) returns them.
    type: list
    elements: dict
    required: true
  looks:
    description: The result of M(obops.oceanbase.obproxy_info) on each host, by its name in the inventory.
    type: dict
    required: true
  clusters:
    description: All OBProxy clusters of OCP.
    type: list
    elements: dict
    required: true
attributes:
  check_mode:
    support: full
    details:
      - Writes nothing in check mode.
  diff_mode:
    support: none
  idempotent:
    support: full
"""

EXAMPLES = r"""
- name: Save the state of the proxies
  obops.oceanbase.snapshot:
    directory: /srv/snapshots/tonight
    rows: "{{ my_calls.rows }}"
    looks: "{{ my_looks }}"
    clusters: "{{ answer.clusters }}"
"""

RETURN = r"""
paths:
  description: The files that were written.
  returned: success
  type: list
  elements: str
  sample: [/srv/snapshots/tonight/proxy-1-2883.yml]
"""
