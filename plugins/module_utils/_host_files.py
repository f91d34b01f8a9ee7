# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is there besides processes and packages: users, paths, commands, the package manager, the kernel."""

import grp
import os
import pwd
import shutil
import stat

# Where obproxyd.sh looks for commands, whatever PATH the connection brought along.
COMMAND_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
TYPES = ((stat.S_ISLNK, "link"), (stat.S_ISDIR, "directory"), (stat.S_ISREG, "file"))


def find_user(name):
    """{name, exists, uid, group, home, shell, group_exists}: group is the user's own, group_exists that of its name."""
    found = {"name": name, "exists": False, "uid": None, "group": None, "home": None, "shell": None}
    found["group_exists"] = _group_exists(name)
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return found
    found.update(exists=True, uid=entry.pw_uid, group=_group(entry.pw_gid), home=entry.pw_dir, shell=entry.pw_shell)
    return found


def find_path(path):
    """{exists, type, owner, group, target}: the link itself, not what it points at."""
    try:
        status = os.lstat(path)
    except OSError:
        return {"exists": False, "type": None, "owner": None, "group": None, "target": None}
    kind = next((name for is_kind, name in TYPES if is_kind(status.st_mode)), "other")
    target = os.readlink(path) if kind == "link" else None
    owner, group = _owner(status.st_uid), _group(status.st_gid)
    return {"exists": True, "type": kind, "owner": owner, "group": group, "target": target}


def find_commands(names):
    """Each command's path, or None."""
    return {name: shutil.which(name, path=COMMAND_PATH) for name in names}


def find_package_manager(which=shutil.which):
    """dnf4, dnf5 or yum, as the package modules call them, or None. EL8's yum is dnf; EL7's is not."""
    for command in ("dnf", "yum"):
        path = which(command, path=COMMAND_PATH)
        if path:
            real = os.path.basename(os.path.realpath(path))
            return {"dnf5": "dnf5", "yum": "yum"}.get(real, "dnf4")
    return None


def kernel_release():
    return os.uname().release


def _owner(uid):
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _group(gid):
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


def _group_exists(name):
    try:
        grp.getgrnam(name)
    except KeyError:
        return False
    return True
