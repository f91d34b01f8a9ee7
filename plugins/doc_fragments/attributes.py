# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this doc fragment is **PRIVATE** to the collection. It can have breaking changes at any time.


class ModuleDocFragment:
    """The attributes that Ansible defines. Each module states its own support."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description:
      - Can run in C(check_mode) and return changed status prediction without modifying target.
  diff_mode:
    description:
      - Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff mode.
  idempotent:
    description:
      - When run twice in a row outside check mode, with the same arguments, the second invocation indicates no change.
"""

    # For modules that talk to OCP.
    OCP = r"""
options: {}
attributes:
  action_group:
    description:
      - Use C(group/obops.oceanbase.ocp) in C(module_defaults) to set the connection options once.
    support: full
    membership:
      - obops.oceanbase.ocp
      - ocp
"""

    # For modules that run on a proxy's host.
    HOST = r"""
options: {}
attributes:
  platform:
    description:
      - Target OS/families that can be operated against.
    support: full
    platforms: linux
"""

    # For modules that only read.
    INFO = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - This module does not modify state.
  diff_mode:
    support: N/A
    details:
      - This module does not modify state.
  idempotent:
    support: full
    details:
      - This module does not modify state.
"""
