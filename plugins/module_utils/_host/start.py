# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Starts the requested proxy, and verifies that it is the one that runs.

obproxyd.sh returns 0 at once even if the start fails, and passes its options only to the first launch: if that one
ends, the second runs without them. So the proxy that answers must be of the requested installation and version, with
the requested options.
"""

import re
from typing import Any, Dict, List, Optional, Tuple

from . import cmdline
from .launch import LaunchError, explain
from .logs import described
from .mysql import MysqlError
from .proxy_config import same
from .this_host import ThisHost

VERSION = re.compile(r"(\d+(?:\.\d+){2,})")
FIRST_LAUNCH_ONLY = (
    "obproxyd.sh passes them to its first launch only, and starts the proxy again without them when that one ends or "
    "is slow: look at their values, and at what the log says of the first launch"
)


class StartError(Exception):
    """The requested proxy does not run. readiness: the result of the wait for it, if there was one. outcome: what is
    left."""

    # What happened to the version that was to be replaced.
    old: Optional[str] = None
    outcome = "It has been stopped again. Fix the cause, then run again."

    def __init__(self, message: str, readiness: Optional[Dict[str, Any]] = None) -> None:
        super(StartError, self).__init__(message)
        self.readiness = readiness


def failure(error: StartError, home: str) -> Dict[str, Any]:
    """The data that a module fails with: {msg, logs}."""
    logs = (error.readiness or {}).get("logs") or []
    lines = ["OBProxy was not started: %s." % str(error).rstrip(".")]
    if error.readiness:
        lines += described(logs, home)
    lines.append(error.outcome)
    more = {"old": error.old} if error.old else {}
    return dict(more, msg="\n".join(lines), logs=logs)


class Wanted(object):
    """What should run."""

    def __init__(
        self,
        home: str,
        version: str,
        options: Dict[str, str],
        environment_name: str = "",
        unit: Optional[str] = None,
        timeout: float = 600,
    ) -> None:
        self.home = home
        self.version = version
        # {name: text}: the options that its first launch gets by -o.
        self.options = options
        # The value of -e for obproxyd.sh, for messages.
        self.environment_name = environment_name
        self.unit = unit
        self.timeout = timeout


def start(host: ThisHost, wanted: Wanted, next_start: Optional[Tuple[str, str]] = None) -> Dict[str, Any]:
    """Start it and wait for it: {readiness, version}. If that fails, what was started is stopped again, and StartError
    is raised.

    next_start: (how, options), if the launch should differ from what the saved settings say.
    """
    was_saved = host.is_saved(wanted.home)
    if next_start is not None:
        host.write_next_start(wanted.home, *next_start)
    begun = host.now()
    try:
        _launch(host, wanted)
        readiness = host.wait(wanted.home, wanted.timeout, begun)
        if not readiness["ready"]:
            raise StartError(readiness["message"], readiness)
        return {"readiness": readiness, "version": _check(host, wanted, readiness, begun)}
    except StartError:
        stop(host, wanted.home, wanted.unit)
        host.forget_next_start(wanted.home)
        if not was_saved:
            # Left by a launch that was not the requested one. The next start would begin from it.
            host.forget_saved(wanted.home)
        raise


def stop(host: ThisHost, home: str, unit: Optional[str]) -> None:
    """End what runs from this installation. StartError if something is left."""
    if unit:
        try:
            host.systemctl("stop", unit)
        except LaunchError as error:
            raise StartError("systemd could not stop %s: %s" % (unit, error)) from error
    left = host.stop(home)
    if left:
        raise StartError("processes of %s are still running: %s" % (home, ", ".join(map(str, left))))


def _launch(host: ThisHost, wanted: Wanted) -> None:
    try:
        if wanted.unit:
            host.systemctl("start", wanted.unit)
        else:
            host.launch(wanted.home)
    except LaunchError as error:
        what = "systemd" if wanted.unit else wanted.home + "/bin/obproxyd.sh"
        raise StartError(explain(str(error), what, wanted.environment_name)) from error


def _check(host: ThisHost, wanted: Wanted, readiness: Dict[str, Any], begun: float) -> Optional[str]:
    """The running version, or None if it cannot be queried."""
    pid = readiness["pid"]
    home, arguments = host.process(pid)
    if home != wanted.home:
        raise _not_it(
            host, pid, "it runs from %s, but %s should have been started" % (home, wanted.home), wanted, begun
        )
    different = different_options(wanted.options, arguments, host.saved(pid))
    if different:
        text = "it runs without options that it should have been started with (%s)" % "; ".join(different)
        raise _not_it(host, pid, text + ". " + FIRST_LAUNCH_ONLY, wanted, begun)
    version = running_version(host, pid)
    if version and not is_version(version, wanted.version):
        text = "it reports that it is OBProxy %s (SHOW PROXYINFO BINARY), but %s should have been started from %s"
        raise _not_it(host, pid, text % (version, wanted.version, wanted.home), wanted, begun)
    return version


def _not_it(host: ThisHost, pid: int, text: str, wanted: Wanted, begun: float) -> StartError:
    readiness = {"ready": False, "logs": host.logs(wanted.home, begun)}
    return StartError("process %s answers but is not the wanted one: %s" % (pid, text), readiness)


def different_options(wanted: Dict[str, str], arguments: List[str], saved: Dict[str, str]) -> List[str]:
    """Which of the requested options are neither on the command line nor in the saved settings, as text."""
    given = dict(saved)
    given.update(cmdline.parse_extra(cmdline.split_options(arguments, cmdline.PROXY_WITH_VALUE).get("o", "")))
    return [
        "%s is %s, wanted %s" % (name, _shown(name, given[name]) if name in given else "not given", _shown(name, value))
        for name, value in sorted(wanted.items())
        if name not in given or not same(given[name], value)
    ]


def _shown(name: str, value: str) -> str:
    return "'%s'" % cmdline.hide(name, value)


def running_version(host: ThisHost, pid: int) -> Optional[str]:
    """The result of SHOW PROXYINFO BINARY, or None if root@proxysys cannot log in or it returns something else."""
    try:
        rows = host.query(pid, "SHOW PROXYINFO BINARY")
    except MysqlError:
        return None
    return parse_version(rows[0].get("info") or "" if rows else "")


def parse_version(info: str) -> Optional[str]:
    """The version in `ObProxy-OceanBase 4.2.3.0-…`, or None."""
    match = VERSION.search(info)
    return match.group(1) if match else None


def is_version(found: str, wanted: str) -> bool:
    """Whether these are the same, as far as both are known. wanted: VERSION or VERSION-RELEASE."""
    ours, theirs = wanted.split("-")[0].split("."), found.split(".")
    length = min(len(ours), len(theirs))
    return not wanted or ours[:length] == theirs[:length]
