# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OBProxy's processes, read from /proc.

A process counts if its name (/proc/PID/comm) is a keyword, or if a shell or Python runs a script of that name
(obdeploy's daemon is called "bash"). Neither the whole command line nor any later argument counts: OCP's agent runs
`obstat2 … __obproxy__`, and an editor may have obproxy.log or obproxyd.sh open.
"""

import os
import pwd
import re
import time
from typing import Any, Callable, Dict, List, Optional, Tuple

from . import layout
from .as_user import see
from .cmdline import parse_arguments, parse_daemon_arguments
from .records import Record
from .saved_config import saved_settings
from .sockets import inodes_of
from .supervisor import DAEMON, add_origins

PROXY = "obproxy"
# The kernel cuts a process's name to this length.
NAME_LENGTH = 15
INTERPRETER = re.compile(r"^(ba|da|k|z)?sh$|^python[\d.]*$|^platform-python[\d.]*$|^(nohup|setsid)$")
DELETED = " (deleted)"
# A proxy younger than this that is still a child of its starter is about to fork and exit.
FORKING_SECONDS = 5.0
try:
    TICKS = os.sysconf("SC_CLK_TCK")
except (AttributeError, ValueError, OSError):
    TICKS = 100


def now() -> float:
    """Seconds since the host's start: the clock by which /proc tells when a process started (7: CLOCK_BOOTTIME)."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", 7))


def find_processes(
    keywords: List[str],
    sockets: List[Record],
    proc: str = "/proc",
    clock: Callable[[], float] = now,
    prefix: str = layout.PREFIX,
) -> List[Record]:
    """All OBProxy processes, ordered by age, without those that ended during the check."""
    found = []
    real_prefix = os.path.realpath(prefix)
    for pid in all_pids(proc):
        name = _name(proc, pid)
        process = _read_process(pid, name, keywords, sockets, proc)
        if process is not None:
            # The kernel shows where a path really leads; packages and the role have it by its usual name.
            process["home"] = layout.seen_as(process["home"], real_prefix)
            found.append(process)
    found.sort(key=lambda process: (process["started"], process["pid"]))
    pids = {process["pid"]: process for process in found}
    found = [process for process in found if not _is_helper(process, pids.get(process["parent"]), clock)]
    add_origins(found, proc)
    return found


def all_pids(proc: str = "/proc") -> List[int]:
    return sorted(int(name) for name in os.listdir(proc) if name.isdigit())


def arguments_of(pid: int, proc: str = "/proc") -> List[str]:
    """The arguments of a process, after the program's own name."""
    return _own_arguments(_arguments(proc, pid))


def describe(pid: int, proc: str = "/proc") -> Record:
    """How a message names a process that is not OBProxy's."""
    status = _status(proc, pid)
    return {"pid": pid, "name": _name(proc, pid), "user": _user(status.get("Uid", ""))}


def _read_process(pid: int, name: str, keywords: List[str], sockets: List[Record], proc: str) -> Optional[Record]:
    keyword = name if name in [word[:NAME_LENGTH] for word in keywords] else None
    arguments = None
    if keyword is None:
        # Reading the arguments of every process costs; only an interpreter's can matter.
        if not INTERPRETER.match(name):
            return None
        arguments = _arguments(proc, pid)
        keyword = os.path.basename(_script(arguments) or "")
        if keyword not in keywords:
            return None
    stat = _stat(proc, pid)
    if stat is None or stat["state"] in "ZX":
        return None
    arguments = _arguments(proc, pid) if arguments is None else arguments
    own = _own_arguments(arguments)
    cwd = _link(proc, pid, "cwd")
    executable, deleted = _executable(_link(proc, pid, "exe"), arguments, cwd, keyword)
    process = {
        "pid": pid,
        "parent": stat["parent"],
        "name": name,
        "kind": {PROXY: "proxy", DAEMON: "daemon"}.get(keyword, "other"),
        "user": _user(_status(proc, pid).get("Uid", "")),
        "executable": executable,
        "executable_deleted": deleted,
        "cwd": cwd,
        "home": _home(executable, cwd) if keyword != DAEMON else _daemon_home(executable, cwd, own),
        "started": stat["started"],
    }
    inodes = inodes_of(pid, proc)
    process["ports"] = sorted({item["port"] for item in sockets if item["inode"] in inodes})
    if keyword == DAEMON:
        process.update(parse_daemon_arguments(own))
    else:
        process.update(parse_arguments(own, saved_settings(pid, proc)))
    return process


def _is_helper(process: Record, parent: Optional[Record], clock: Callable[[], float]) -> bool:
    """A daemon's pipelines and subshells, and a proxy that has yet to fork, do not count as separate processes."""
    if parent is None:
        return False
    if process["kind"] == "daemon":
        return bool(parent["kind"] == "daemon")
    return not process["ports"] and clock() - process["started"] < FORKING_SECONDS


def _script(arguments: List[str]) -> Optional[str]:
    """What an interpreter runs: its first argument that is not an option."""
    for argument in arguments[1:4]:
        if argument == "-c":
            return None
        if not argument.startswith("-") and not INTERPRETER.match(os.path.basename(argument)):
            return argument
    return None


def _own_arguments(arguments: List[str]) -> List[str]:
    """The arguments behind the program's own name, whether or not an interpreter stands before it."""
    script = _script(arguments) if arguments and INTERPRETER.match(os.path.basename(arguments[0])) else None
    return arguments[arguments.index(script) + 1 :] if script else arguments[1:]


def _executable(link: Any, arguments: List[str], cwd: Optional[str], keyword: str) -> Tuple[Optional[str], bool]:
    """/proc/PID/exe, or the script's path where an interpreter runs one."""
    deleted = bool(link) and link.endswith(DELETED)
    path = link[: -len(DELETED)] if deleted else link
    script = _script(arguments)
    if script and path and INTERPRETER.match(os.path.basename(path)) and os.path.basename(script) == keyword:
        return os.path.realpath(os.path.join(cwd or "/", script)), False
    return path, deleted


def _home(executable: Optional[str], cwd: Optional[str]) -> Optional[str]:
    """The directory that contains bin/, which distinguishes one installation from another."""
    folder = os.path.dirname(executable or "")
    return os.path.dirname(folder) if os.path.basename(folder) == "bin" else cwd


def _daemon_home(executable: Optional[str], cwd: Optional[str], own: List[str]) -> Optional[str]:
    """obdeploy's script is given the directory: `bash obproxyd.sh HOME IP PORT daemon`."""
    return own[0].rstrip("/") if own and own[0].startswith("/") else _home(executable, cwd)


def _name(proc: str, pid: int) -> str:
    """Without a file object, which costs as much as the reading itself: a host may have thousands of processes."""
    try:
        file = os.open("%s/%d/comm" % (proc, pid), os.O_RDONLY)
    except OSError:
        return ""
    try:
        return os.read(file, 64).decode("utf-8", "replace").rstrip("\n")
    except OSError:
        return ""
    finally:
        os.close(file)


def _text(proc: str, pid: int, name: str) -> str:
    try:
        with open(os.path.join(proc, str(pid), name), "rb") as content:
            return content.read().decode("utf-8", "replace")
    except OSError:
        return ""


def _arguments(proc: str, pid: int) -> List[str]:
    return [argument for argument in _text(proc, pid, "cmdline").split("\0") if argument]


def _link(proc: str, pid: int, name: str) -> Optional[str]:
    path = os.path.join(proc, str(pid), name)
    try:
        return see(lambda: os.readlink(path), pid, proc)
    except (OSError, KeyError):
        return None


def _stat(proc: str, pid: int) -> Optional[Record]:
    # The name is in brackets and may itself hold brackets and spaces.
    fields = _text(proc, pid, "stat").rpartition(")")[2].split()
    if len(fields) < 20:
        return None
    return {"state": fields[0], "parent": int(fields[1]), "started": int(fields[19]) / float(TICKS)}


def _status(proc: str, pid: int) -> Dict[str, str]:
    lines = (line.partition(":") for line in _text(proc, pid, "status").splitlines())
    return {key: value.strip() for key, _colon, value in lines}


def _user(uids: str) -> Optional[str]:
    """Of the real, effective, saved and file-system ids the effective one counts."""
    fields = uids.split()
    if len(fields) < 2:
        return None
    try:
        return pwd.getpwuid(int(fields[1])).pw_name
    except KeyError:
        return fields[1]
