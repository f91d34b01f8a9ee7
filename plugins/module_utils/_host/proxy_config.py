# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes an OBProxy's settings over its own protocol: SHOW PROXYCONFIG, ALTER PROXYCONFIG SET.

Observed on OBProxy 4.2.3: a setting takes effect at once and is saved; need_reboot shows which settings require a
restart; a password is set in plain text, but stored and shown as the hex digits of its SHA-1; a value cannot contain a
single quote or a backslash.
"""

import binascii
import difflib
import re
from typing import Any, Callable, Dict, Iterable, List, Optional, Tuple

from .cmdline import SECRET, hide
from .mysql import AccessDenied, MysqlError, Session, password_sha1

ROOT = "root@proxysys"
# The values of a switch in OBProxy.
SWITCH = dict.fromkeys(("true", "1", "on", "yes", "t", "y"), True)
SWITCH.update((word, False) for word in ("false", "0", "off", "no", "f", "n"))
# Characters that a quoted value in a statement cannot contain.
NOT_QUOTABLE = re.compile(r"['\\\x00-\x1f\x7f]")
OUT_OF_RANGE = 4147
# Settings that every launch passes (-n, -p, -r, -c and the config URL in -o), regardless of the saved ones.
OF_THE_LAUNCH = ("app_name", "listen_port", "rootservice_list", "rootservice_cluster_name", "obproxy_config_server_url")


# Internal state that SHOW PROXYCONFIG lists together with the settings.
STATE = re.compile(r"json_config_|current_local_config_version$")


class ConfigError(Exception):
    """A setting cannot be or was not changed."""


class Change(object):
    """A setting whose value must change. secret: neither value may be shown."""

    def __init__(self, name: str, before: Optional[str], after: str, row: Dict[str, Any], secret: bool = False) -> None:
        self.name = name
        self.before = before
        self.after = after
        self.secret = secret
        self.info = row["info"]
        self.needs_restart = row["need_reboot"] == "true"

    def statement(self) -> str:
        return "ALTER PROXYCONFIG SET %s = '%s'" % (self.name, self.after)


def log_in(connect: Callable[[str], Session], passwords: List[str]) -> Tuple[Session, str]:
    """(session, password) for the first password that root@proxysys can log in with."""
    refusal = None
    for number, password in enumerate(passwords):
        if password not in passwords[:number]:
            try:
                return connect(password), password
            except AccessDenied as error:
                refusal = error
    raise ConfigError("%s cannot log in with any of the passwords given: %s" % (ROOT, refusal))


def check_options(settings: Dict[str, Any], proxysys_password: str, observer_password: str) -> None:
    """Check, before connecting to the proxy, that no setting is a password and that statements can contain all values.

    ConfigError otherwise.
    """
    secrets = [name for name in settings if "passw" in name.lower()]
    if secrets:
        raise ConfigError(
            "passwords such as %s do not belong in settings, since their values are shown" % " and ".join(secrets)
        )
    texts = [("the value of %s" % name, text_of(value)) for name, value in settings.items()]
    texts += [("proxysys_password", proxysys_password), ("observer_password", observer_password)]
    for what, text in texts:
        if NOT_QUOTABLE.search(text):
            raise ConfigError(
                "%s contains a single quote, a backslash or a control character, which OBProxy's statements do not "
                "support" % what
            )


def plan(session: Session, settings: Dict[str, Any], passwords: List[Tuple[str, str]]) -> List[Change]:
    """The changes needed for the settings {name: value} and passwords [(name, plain text)], in the given order."""
    rows = {row["name"]: row for row in session.query("SHOW PROXYCONFIG")}
    unknown = [_describe_unknown(name, rows) for name in list(settings) + list(dict(passwords)) if name not in rows]
    if unknown:
        raise ConfigError("this OBProxy has no setting %s" % "; no setting ".join(unknown))
    changes = []
    for name, value in settings.items():
        before = rows[name]["value"] or ""
        if not same(before, value):
            changes.append(Change(name, before, text_of(value), rows[name]))
    for name, password in passwords:
        if (rows[name]["value"] or "").lower() != stored(password):
            changes.append(Change(name, None, password, rows[name], secret=True))
    return changes


def settings(session: Session) -> List[Dict[str, Any]]:
    """The settings of the proxy, sorted by name, without passwords and other secrets: {name, value, needs_restart}."""
    return [
        {
            "name": row["name"],
            "value": hide(row["name"], row["value"] or ""),
            "needs_restart": row["need_reboot"] == "true",
        }
        for row in sorted(session.query("SHOW PROXYCONFIG"), key=lambda row: row["name"])
        if not (SECRET.search(row["name"]) or STATE.match(row["name"]) or row["visible_level"] == "MEMORY")
    ]


def overridden(changes: List[Change], passed: Dict[str, str]) -> Dict[str, List[str]]:
    """The changes that a later start reverts: {"at_start": by any start, "by_obproxyd": by obproxyd.sh -c start}.

    passed: the options {name: value} that obproxyd.sh passes to its first launch.
    """
    undone = [
        change.name for change in changes if change.name in passed and not same(passed[change.name], change.after)
    ]
    return {
        "at_start": [change.name for change in changes if change.name in OF_THE_LAUNCH],
        "by_obproxyd": [name for name in undone if name not in OF_THE_LAUNCH],
    }


def apply(session: Session, changes: List[Change]) -> None:
    """Apply the changes. ConfigError with the setting that failed and those already changed."""
    done: List[str] = []
    for change in changes:
        try:
            session.query(change.statement())
        except MysqlError as error:
            raise ConfigError(_explain(change, error, done)) from error
        done.append(change.name)


def difference(changes: List[Change]) -> Dict[str, str]:
    """{before, after} for diff mode. For passwords, it only shows that they change."""
    return {
        "before": _lines((change, change.before, "(a password)") for change in changes),
        "after": _lines((change, change.after, "(another password)") for change in changes),
    }


def same(shown: str, wanted: Any) -> bool:
    """Whether the value that the proxy shows is the requested one. Values with units are compared as written."""
    if shown.lower() in ("true", "false"):
        return SWITCH.get(text_of(wanted).lower()) == SWITCH[shown.lower()]
    return shown == text_of(wanted)


def stored(password: str) -> str:
    """The form in which the proxy stores a password. An empty one stays empty."""
    return binascii.hexlify(password_sha1(password)).decode("ascii")


def text_of(value: Any) -> str:
    """A value of a playbook in the form that the proxy uses."""
    return {True: "True", False: "False"}[value] if isinstance(value, bool) else str(value)


def _lines(triples: Iterable[Tuple[Change, Optional[str], str]]) -> str:
    return "".join("%s: %s\n" % (change.name, secret if change.secret else value) for change, value, secret in triples)


def _describe_unknown(name: str, rows: Dict[str, Dict[str, Any]]) -> str:
    near = difflib.get_close_matches(name, sorted(rows), n=3)
    return "'%s' (did you mean %s?)" % (name, " or ".join(near)) if near else "'%s'" % name


def _explain(change: Change, error: MysqlError, done: List[str]) -> str:
    what = "a password" if change.secret else "'%s'" % change.after
    text = "%s cannot be set to %s: %s" % (change.name, what, error)
    if error.code == OUT_OF_RANGE:
        text += " (%s)" % change.info
    return text + ("; already changed: %s" % ", ".join(done) if done else "; nothing was changed")
