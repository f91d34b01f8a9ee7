# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Where OBProxy is on its host: the paths that its enterprise package, OCP and the role agree on."""

from typing import Optional

#: Where the enterprise package is installed, the only place from which OCP takes over a proxy.
PREFIX = "/opt/taobao/install"
#: The symlink to the version in use.
LINK = PREFIX + "/obproxy"
#: The user that a proxy must belong to for OCP, and the directory that the package's links to logs point to.
USER = "admin"
USER_HOME = "/home/admin"
LOG_DIRECTORIES = (USER_HOME + "/logs/obproxy/log", USER_HOME + "/logs/obproxy/minidump")
#: The unit that the role writes, and the comment by which it knows the file as its own.
UNIT = "/etc/systemd/system/obproxy.service"
UNIT_MARK = "# Made by the role obops.oceanbase.obproxy"


def seen_as(path: Optional[str], real_prefix: str) -> Optional[str]:
    """A path below the prefix by its usual name, wherever the prefix points."""
    if path and (path + "/").startswith(real_prefix + "/"):
        return PREFIX + path[len(real_prefix) :]
    return path


def home_of(version: str) -> str:
    """1.9.1.1-1919579 → /opt/taobao/install/obproxy-1.9.1.1: the directory carries the version without its release."""
    return PREFIX + "/obproxy-" + version.partition("-")[0]
