# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Switches from one installed version of a proxy to another. Clients wait only while the two proxies stop and start.

Everything that can be queried or prepared is done before the old proxy is stopped. If anything fails before the new
proxy has been verified, the old one is started again.
"""

from typing import Any, Dict, List, Optional, Tuple

from .carried import changed_settings, first_options, not_taken, passed_by_script
from .cmdline import PROXY_WITH_VALUE, parse_extra, split_options
from .mysql import MysqlError
from .proxy_config import OF_THE_LAUNCH
from .start import StartError, Wanted, start, stop
from .this_host import ThisHost

# The kind of the next launch: with all options, like the first one, or from the saved settings.
FIRST = "first"
SAVED = "saved"
NOT_TAKEN = {
    "lost": "OBProxy %s has other values for settings that were changed in the old one: %s",
    "unknown": "OBProxy %s does not have settings that were changed in the old one: %s",
}


class UpgradeError(StartError):
    """The new version is not running. old: what happened to the old one, as text."""

    def __init__(self, message: str, readiness: Optional[Dict[str, Any]], old: str) -> None:
        super(UpgradeError, self).__init__(message, readiness)
        self.old = old
        self.outcome = old + " The new version stays installed. Fix the cause, then run again."


def upgrade(
    host: ThisHost, wanted: Wanted, old_home: str, own_options: str, drain_timeout: float = 0
) -> Dict[str, Any]:
    """Replace the proxy of old_home with the requested one.

    own_options: the text of the options that the role passes. Returns the result of `start`, and carried, unknown,
    lost, sessions, seconds (how long there was no proxy), notes.
    """
    pid = host.listener_of(old_home)
    carried, notes = _settings_of(host, old_home, pid)
    asked = pid is not None and not notes
    sessions = host.drain(drain_timeout) if pid is not None else 0
    begun = host.clock()
    try:
        stop(host, old_home, wanted.unit)
        host.write_saved(wanted.home, carried)
        host.link(wanted.home)
        done = start(host, wanted, (FIRST, first_options(carried if asked else {}, own_options)))
        done["seconds"] = round(host.clock() - begun, 1)
        taken = _taken(host, done["readiness"]["pid"], carried, wanted.options) if asked else {}
    except StartError as error:
        raise UpgradeError(str(error), error.readiness, _go_back(host, wanted, old_home, pid is not None)) from error
    except OSError as error:
        old = _go_back(host, wanted, old_home, pid is not None)
        raise UpgradeError("its settings or the symlink could not be written: %s" % error, None, old) from error
    notes += [NOT_TAKEN[what] % (wanted.version, ", ".join(names)) for what, names in sorted(taken.items()) if names]
    return dict(done, carried=sorted(carried), sessions=sessions, notes=notes, **taken)


def _settings_of(host: ThisHost, home: str, pid: Optional[int]) -> Tuple[Dict[str, str], List[str]]:
    """(what to carry over, notes on what could not be determined)."""
    if pid is None:
        problem = "the old proxy is not running"
    else:
        try:
            difference, rows = host.query(pid, "SHOW PROXYCONFIG DIFF"), host.query(pid, "SHOW PROXYCONFIG")
        except MysqlError as error:
            problem = "the old proxy rejects the login of root@proxysys with its saved password (%s)" % error
        else:
            passed = passed_by_script(host.script_text(home))
            passed.update(parse_extra(split_options(host.process(pid)[1], PROXY_WITH_VALUE).get("o", "")))
            return changed_settings(difference, rows, passed), []
    settings = {name: value for name, value in host.read_saved(home).items() if name not in OF_THE_LAUNCH}
    if not settings:
        return {}, ["%s and has no saved settings: none are carried over" % problem]
    return settings, [
        "%s, so the changed settings are unknown: all its saved settings are carried over, including the defaults of "
        "its version" % problem
    ]


def _taken(host: ThisHost, pid: int, carried: Dict[str, str], own: Dict[str, str]) -> Dict[str, List[str]]:
    try:
        return not_taken(host.query(pid, "SHOW PROXYCONFIG"), carried, own)
    except MysqlError as error:
        raise StartError(
            "the new proxy rejects the login of root@proxysys with the password of the old one (%s), so it has not "
            "taken over the settings of the old one" % error
        ) from error


def _go_back(host: ThisHost, wanted: Wanted, home: str, ran: bool) -> str:
    """Return to the old version. Returns what happened, as text."""
    try:
        stop(host, wanted.home, wanted.unit)
        host.link(home)
        if not ran:
            return "The symlink points to %s again, whose proxy was not running before." % home
        how = (SAVED, "") if host.is_saved(home) else None
        start(host, Wanted(home, "", {}, wanted.environment_name, wanted.unit, wanted.timeout), how)
    except (StartError, OSError) as error:
        return "The old proxy of %s could not be started again: %s." % (home, error)
    return "The symlink points to %s again, and its proxy is running again." % home
