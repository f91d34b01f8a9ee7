#!/usr/bin/python
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


DOCUMENTATION = r"""
module: plan_file
short_description: Write the plan for a takeover
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Writes the plan of the playbook C(obops.oceanbase.discover) to a file on the controller.
  - If the plan has been edited, it is kept, and the new plan is written to a file next to it, such as C(plan.new.yml)
    for C(plan.yml). A line of the plan contains the checksum of what was written. If the plan has been edited and the
    new one has the same checksum, nothing is written.
  - A file that is not a plan is never replaced. If both the plan and the file next to it have been edited, the module
    fails.
extends_documentation_fragment:
  - obops.oceanbase.attributes
options:
  path:
    description: The file. Its name must end in C(.yml) or C(.yaml).
    type: str
    required: true
  content:
    description:
      - The C(plan) that P(obops.oceanbase.discovery#filter) returns.
      - If it is not set, the module only fails if the file could not be written.
    type: str
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
"""

EXAMPLES = r"""
- name: Check that the plan can be written
  obops.oceanbase.plan_file:
    path: plan.yml

- name: Write the plan
  obops.oceanbase.plan_file:
    path: plan.yml
    content: "{{ found.plan }}"
"""

RETURN = r"""
path:
  description: O(path).
  returned: if O(content) is set
  type: str
  sample: plan.yml
written:
  description: The file that contains the plan, or would contain it in check mode. It differs from O(path) if that file
    has been edited.
  returned: if O(content) is set
  type: str
  sample: plan.new.yml
state:
  description:
    - V(created), V(replaced) or V(unchanged), if the plan has not been edited.
    - Otherwise V(next_to_it), or V(kept) if the hosts and OCP have not changed since it was written.
  returned: if O(content) is set
  type: str
  sample: next_to_it
"""
