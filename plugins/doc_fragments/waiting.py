# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this doc fragment is **PRIVATE** to the collection. It can have breaking changes at any time.


class ModuleDocFragment:
    """The options to wait for OCP tasks."""

    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Whether to wait for the tasks to end.
    type: bool
    default: true
  wait_timeout:
    description:
      - How long the module may take in total, in seconds. V(0) waits forever.
      - When the time is over, the module fails. The tasks in OCP continue, and the message shows how to join them.
    type: int
    default: 3600
  wait_interval:
    description:
      - The longest pause between two checks of the tasks, in seconds. The pauses are shorter at first, and near the
        end.
    type: int
    default: 5
  progress:
    description:
      - Whether to show progress while the module waits, with a line for each change.
    type: bool
    default: true
"""
