# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Runs a command as the user of the proxy, with the umask and the limit of open files that a proxy needs.

A proxy inherits both from the process that starts it. In an SSH session, that is often umask 0077 and 1024 open files.
"""

import os
import pwd
import re
import resource
import shutil
import subprocess
from typing import Any, Dict, List

UMASK = 0o022
OPEN_FILES = 655350
# A fixed path, so that neither secure_path of sudo nor PATH of the session matters.
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# obproxyd.sh returns at once, and a proxy forks at once. A proxy that starts from its saved settings takes longer.
LAUNCH_SECONDS = 120
SYSTEMCTL_SECONDS = 120
NOT_EXECUTABLE = (126, 127)
WANTS_ENVIRONMENT = re.compile(r"\bENV\b|(^|\s)-e\b")


class LaunchError(Exception):
    """A command could not be run, or reported a failure."""


def run_as(
    user: pwd.struct_passwd, command: List[str], environment: Dict[str, str], timeout: float = LAUNCH_SECONDS
) -> str:
    """Run a command as `user` (a password database entry) and return its output. LaunchError unless it exits with 0."""
    complete = {"PATH": PATH, "HOME": user.pw_dir, "USER": user.pw_name, "LOGNAME": user.pw_name, "SHELL": "/bin/bash"}
    complete.update(environment)
    return _run(command, timeout, env=complete, preexec_fn=lambda: become(user))


def become(user: pwd.struct_passwd, limits: Any = resource) -> None:
    """Make this process run as `user`. This works only for root and for that user."""
    raise_open_files(limits)
    if os.geteuid() != user.pw_uid:
        os.setgid(user.pw_gid)
        os.initgroups(user.pw_name, user.pw_gid)
        os.setuid(user.pw_uid)
    os.umask(UMASK)
    os.setsid()


def raise_open_files(limits: Any = resource) -> None:
    """Allow as many open files as the systemd unit of the role, or as many as this process may have."""
    hard = limits.getrlimit(limits.RLIMIT_NOFILE)[1]
    if hard == limits.RLIM_INFINITY or hard >= OPEN_FILES:
        limits.setrlimit(limits.RLIMIT_NOFILE, (OPEN_FILES, hard))
        return
    try:
        limits.setrlimit(limits.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    except (ValueError, OSError):
        # Root may raise the hard limit, but not in every container.
        limits.setrlimit(limits.RLIMIT_NOFILE, (hard, hard))


def systemctl(verb: str, unit: str) -> str:
    """Run `systemctl VERB UNIT` and return its output. LaunchError unless it exits with 0."""
    path = shutil.which("systemctl", path=PATH) or "systemctl"
    return _run([path, verb, unit], SYSTEMCTL_SECONDS, env={"PATH": PATH, "LC_ALL": "C"})


def explain(error: str, script: str, environment: str) -> str:
    """Why obproxyd.sh could not be run or refused to start the proxy, with a cure if one is known."""
    text = "%s could not start OBProxy: %s" % (script, error)
    code = re.match(r"exit code (\d+)", error)
    if code and int(code.group(1)) in NOT_EXECUTABLE:
        return text + ". Check the mode of the file and the mount options of its file system (noexec)"
    if code and WANTS_ENVIRONMENT.search(error):
        return text + (
            ". obproxy_environment is '%s': obproxyd.sh of the enterprise package requires it, that of the community "
            "package does not accept it" % environment
        )
    return text


def _run(command: List[str], timeout: float, **options: Any) -> str:
    try:
        # AnsibleModule.run_command has no time limit.
        # pylint: disable-next=ansible-bad-function
        process = subprocess.Popen(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **options,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise LaunchError("it could not be executed: %s" % error) from error
    try:
        output = process.communicate(timeout=timeout)[0].decode("utf-8", "replace")
    except subprocess.TimeoutExpired as error:
        process.kill()
        raise LaunchError("%s did not finish within %d s" % (command[0], timeout)) from error
    said = re.sub(r"\x1b\[[0-9;]*m", "", output)
    if process.returncode:
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        raise LaunchError("exit code %d: %s" % (process.returncode, " ".join(lines) or "no output"))
    return said
