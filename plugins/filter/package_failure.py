# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: package_failure
short_description: Get the reason why a package was not installed
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Returns the reason from the result of C(ansible.builtin.package), or of a command such as C(dnf install).
  - If a signature is missing or the package manager took too long, the text says what to do.
options:
  _input:
    description: The result of the failed task, such as C(ansible_failed_result).
    type: dict
    required: true
  timeout:
    description: The time limit of the task in seconds.
    type: int
    required: true
"""

EXAMPLES = r"""
- name: Install OBProxy
  block:
    - name: Install the package
      ansible.builtin.package:
        name: obproxy
      timeout: 180
  rescue:
    - name: Report why OBProxy was not installed
      ansible.builtin.fail:
        msg: "{{ ansible_failed_result | obops.oceanbase.package_failure(180) }}"
"""

RETURN = r"""
_value:
  description: The reason, in one line.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ..plugin_utils._faults import package_failure


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"package_failure": package_failure}
