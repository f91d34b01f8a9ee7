#!/usr/bin/python
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


DOCUMENTATION = r"""
module: plan_file
short_description: Write the plan of a takeover
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Writes the plan that the playbook C(obops.oceanbase.discover) makes as a file on the controller.
  - A plan that a person has edited is left as it is, and the new one is written next to it, as C(plan.new.yml) is to
    C(plan.yml). A line of the plan has the checksum of what was written. If the plan was edited and the new one has the
    same checksum, nothing is written.
  - A file that is no plan is never replaced. If a plan and the one next to it were both edited, the module fails.
extends_documentation_fragment:
  - obops.oceanbase.attributes
options:
  path:
    description: The file, which ends in C(.yml) or C(.yaml).
    type: str
    required: true
  content:
    description:
      - The C(plan) that P(obops.oceanbase.discovery#filter) returns.
      - Without it, the module only fails if the file could not be written.
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
  returned: O(content) is given
  type: str
  sample: plan.yml
written:
  description: The file that has the plan, or in check mode would have it. It is another one if O(path) was edited.
  returned: O(content) is given
  type: str
  sample: plan.new.yml
state:
  description:
    - V(created), V(replaced) or V(unchanged), if nobody has edited the plan.
    - Otherwise V(next_to_it), or V(kept) if the hosts and OCP have not changed since it was written.
  returned: O(content) is given
  type: str
  sample: next_to_it
"""
