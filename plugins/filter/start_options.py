# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: start_options
short_description: Write options of OBProxy as its command line takes them
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Writes options of OBProxy as the option C(-o) of its command line, and C(OBPROXY_EXTRA_OPT) of C(obproxyd.sh), take
    them.
options:
  _input:
    description: The options by name. A value is a string, a number or a boolean.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the options
  ansible.builtin.debug:
    msg: "{{ {'proxy_mem_limited': '4G', 'enable_strict_kernel_release': false} | obops.oceanbase.start_options }}"
    # proxy_mem_limited=4G,enable_strict_kernel_release=false
"""

RETURN = r"""
_value:
  description: The options, separated by commas.
  type: str
"""


def start_options(options):
    # Templates of ansible-core before 2.19 make True and False of booleans.
    words = {name: str(value) for name, value in options.items()}
    return ",".join(f"{name}={word.lower() if word in ('True', 'False') else word}" for name, word in words.items())


class FilterModule:
    def filters(self):
        return {"start_options": start_options}
