#!/usr/bin/python
# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


DOCUMENTATION = r"""
module: report_file
short_description: Write the report of a takeover
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Writes the report of a takeover or a preflight to files on the controller. The playbooks of this collection use it
    for C(obproxy_report).
  - It runs on the controller, also in check mode, since a report does not change a host. Existing files are replaced.
extends_documentation_fragment:
  - obops.oceanbase.attributes
options:
  paths:
    description:
      - The files to write. The file name extension determines the format, C(.html) for a page that works offline,
        C(.json) for data (described by the file C(docs/report.schema.json) of the collection), C(.csv) for a table of
        the hosts.
    type: list
    elements: str
    required: true
  report:
    description: The C(report) that P(obops.oceanbase.takeover_summary#filter) returns.
    type: dict
    required: true
  ocp:
    description: The URL of OCP, as part of the report.
    type: str
    default: ""
attributes:
  check_mode:
    support: full
    details:
      - Writes the files in check mode, too.
  diff_mode:
    support: none
  idempotent:
    support: none
    details:
      - A report contains the time of its run.
"""

EXAMPLES = r"""
- name: Write the report of a takeover
  obops.oceanbase.report_file:
    paths: [tonight.html, tonight.json]
    report: "{{ (my_rows | obops.oceanbase.takeover_summary).report }}"
"""

RETURN = r"""
paths:
  description: The absolute paths of the files.
  returned: success
  type: list
  elements: str
  sample: [/srv/reports/tonight.html]
"""
