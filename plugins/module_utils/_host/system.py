# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host apart from processes and packages: users, paths, commands, nc, the package manager, the kernel."""

import glob
import grp
import hashlib
import os
import pwd
import shutil
import stat
from typing import Any, Callable, Dict, Iterable, List, Optional

# Where obproxyd.sh looks for commands, regardless of the PATH of the connection.
COMMAND_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# Flavour → what its file is called, and words that it contains where it is only called nc.
NC_FLAVOURS = {
    "nmap-ncat": ("ncat", b"nmap.org/ncat"),
    "netcat-openbsd": ("nc.openbsd", b"OpenBSD netcat"),
    "netcat-traditional": ("nc.traditional", b"[v1.10"),
    "busybox": ("busybox", b"BusyBox v"),
}
NC_MOST_BYTES = 4 << 20
# Where OBProxy packages are installed, enterprise and community, in a directory for each version.
HOMES = ("/opt/taobao/install/obproxy-*", "/home/admin/obproxy-*")
SAVED = os.path.join("etc", "obproxy_config.bin")
TYPES = ((stat.S_ISLNK, "link"), (stat.S_ISDIR, "directory"), (stat.S_ISREG, "file"))


def find_user(name: str) -> Dict[str, Any]:
    """{name, exists, uid, group, home, real_home, shell, group_exists}.

    group: the user's own group; group_exists: whether a group with the user's name exists.
    """
    found = {"name": name, "exists": False, "uid": None, "group": None, "home": None, "shell": None, "real_home": None}
    found["group_exists"] = _group_exists(name)
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return found
    found.update(real_home=os.path.realpath(entry.pw_dir))
    found.update(exists=True, uid=entry.pw_uid, group=_group(entry.pw_gid), home=entry.pw_dir, shell=entry.pw_shell)
    return found


def find_path(path: str) -> Dict[str, Any]:
    """{exists, type, owner, group, target, real}: the link itself, not what it points at, but for `real`."""
    real = os.path.realpath(path)
    try:
        status = os.lstat(path)
    except OSError:
        return {"exists": False, "type": None, "owner": None, "group": None, "target": None, "real": real}
    kind = next((name for is_kind, name in TYPES if is_kind(status.st_mode)), "other")
    target = os.readlink(path) if kind == "link" else None
    owner, group = _owner(status.st_uid), _group(status.st_gid)
    return {"exists": True, "type": kind, "owner": owner, "group": group, "target": target, "real": real}


def find_unit(path: str, mark: str) -> Dict[str, Any]:
    """{path, name, exists, ours}. mark: the comment by which the role knows a unit as its own."""
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError:
        content = b""
    return {
        "path": path,
        "name": os.path.basename(path),
        "exists": os.path.lexists(path),
        "ours": mark.encode() in content,
    }


def first_link(path: str) -> Optional[str]:
    """The first symlink on the way to a path, or None."""
    way = "/"
    for part in path.strip("/").split("/"):
        way = os.path.join(way, part)
        if os.path.islink(way):
            return way
    return None


def find_filesystem(path: str) -> Dict[str, Any]:
    """{path, mount, free, read_only, noexec} of where a path is, or would be.

    path: the nearest existing directory. free: bytes.
    """
    while not os.path.isdir(path):
        path = os.path.dirname(path.rstrip("/")) or "/"
    status = os.statvfs(path)
    read_only = bool(status.f_flag & os.ST_RDONLY)
    # Space reserved for root is of no use to the proxy's user.
    free = status.f_bavail * status.f_frsize
    found = {"path": path, "mount": _mount_point(path), "free": free, "read_only": read_only}
    return dict(found, noexec=bool(status.f_flag & os.ST_NOEXEC))


def _mount_point(path: str) -> str:
    path = os.path.realpath(path)
    while not os.path.ismount(path):
        path = os.path.dirname(path)
    return path


def checksum_of(path: str, algorithm: str) -> Optional[str]:
    """A file's checksum in hex. None if there is no such file or algorithm."""
    try:
        digest = hashlib.new(algorithm)
        with open(path, "rb") as file:
            for piece in iter(lambda: file.read(1 << 20), b""):
                digest.update(piece)
    except (OSError, ValueError):
        return None
    return digest.hexdigest()


def find_commands(names: Iterable[str]) -> Dict[str, Optional[str]]:
    """Each command's path, or None."""
    return {name: shutil.which(name, path=COMMAND_PATH) for name in names}


def find_nc(which: Callable[..., Optional[str]] = shutil.which) -> Dict[str, Optional[str]]:
    """{path, target, flavour} of the nc that obproxyd.sh finds. Its file is inspected; it is not run."""
    path = which("nc", path=COMMAND_PATH)
    target = os.path.realpath(path) if path else None
    return {"path": path, "target": target, "flavour": nc_flavour(target) if target else None}


def nc_flavour(target: str) -> Optional[str]:
    """By the file's name, else by words in it. None if it is unknown."""
    name = os.path.basename(target)
    for flavour, (called, _words) in NC_FLAVOURS.items():
        if name.startswith(called):
            return flavour
    try:
        with open(target, "rb") as file:
            content = file.read(NC_MOST_BYTES)
    except OSError:
        return None
    return next((flavour for flavour, (_called, words) in NC_FLAVOURS.items() if words in content), None)


def find_installations(patterns: Iterable[str] = HOMES) -> List[Dict[str, Any]]:
    """Each directory of a version: [{path, version, owner, program, saved_configuration}], of a package or not."""
    found = []
    for path in sorted(folder for pattern in patterns for folder in glob.glob(pattern)):
        if os.path.isdir(path) and not os.path.islink(path):
            version = os.path.basename(path).partition("-")[2]
            has = {
                "program": os.path.isfile(os.path.join(path, "bin", "obproxy")),
                "saved_configuration": os.path.isfile(os.path.join(path, SAVED)),
            }
            found.append(dict(has, path=path, version=version, owner=find_path(path)["owner"]))
    return found


def find_package_manager(which: Callable[..., Optional[str]] = shutil.which) -> Optional[str]:
    """dnf4, dnf5 or yum, as the package modules call them, or None. EL8's yum is dnf; EL7's is not."""
    for command in ("dnf", "yum"):
        path = which(command, path=COMMAND_PATH)
        if path:
            real = os.path.basename(os.path.realpath(path))
            return {"dnf5": "dnf5", "yum": "yum"}.get(real, "dnf4")
    return None


def kernel_release() -> str:
    return os.uname().release


def _owner(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _group(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


def _group_exists(name: str) -> bool:
    try:
        grp.getgrnam(name)
    except KeyError:
        return False
    return True
