#!/usr/bin/python
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: report
short_description: Print the lines of a report
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Prints lines as they are, regardless of the callback that shows the results of tasks, and in AWX while the job runs.
  - The playbooks of this collection use it to print their reports, and to fail the hosts for which a run was not
    successful.
  - It runs on the controller, even for hosts that are unreachable. With the callback C(ansible.posix.json), the lines
    go to standard error.
extends_documentation_fragment:
  - obops.oceanbase.attributes
  - obops.oceanbase.attributes.info
options:
  lines:
    description: The lines to print.
    type: list
    elements: str
    default: []
  outcome:
    description: The outcome for the host, to return in the result.
    type: str
  why:
    description: The reason in a few words, to return in the result.
    type: str
  failed:
    description: Whether the host fails.
    type: bool
    default: false
  unreachable:
    description: Whether the host counts as unreachable.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Print a report
  obops.oceanbase.report:
    lines:
      - "2 hosts: 1 taken over, 1 blocked."
"""

RETURN = r"""
outcome:
  description: O(outcome).
  returned: if it is set
  type: str
  sample: blocked
why:
  description: O(why).
  returned: if it is set
  type: str
  sample: wrong_user, wrong_port
"""
