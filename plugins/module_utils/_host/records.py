# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The form of what a look at a host finds, as the module obproxy_info returns it."""

from typing import Any, Dict

#: A process, a socket, a package or what else a look finds, by the names of its properties; also all of them together.
Record = Dict[str, Any]
