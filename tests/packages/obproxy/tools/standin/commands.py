# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers to the commands of root@proxysys: the proxy's own state, and nothing from a database."""

import os
import re

from . import tables, wire
from .catalogue import BadValue
from .settings import UnknownSetting

QUERY = 0x03
# OBProxy forwards these to an observer. It has none for its own user, so it closes the connection.
CLOSING = (0x01, 0x02, 0x11, 0x12, 0x15, 0x16, 0x1B, 0x1C, 0x1E, 0x1F)

UNKNOWN = wire.error(5010, "21000", "Unknown operator, bad internal cmd")
UNSUPPORTED = wire.error(1235, "0A000", "Not supported feature or function")
NO_STATEMENT = wire.error(1243, "HY007", "Unknown prepared statement handle")
ANSWERS = {
    0x0E: wire.OK,  # ping
    0x1A: wire.OK,  # change an option
    0x13: UNSUPPORTED,
    0x14: UNSUPPORTED,
    0x17: NO_STATEMENT,
    0x18: NO_STATEMENT,
    0x20: UNSUPPORTED,
    0x21: UNSUPPORTED,
}
BEGUN = b"\0\0\0\x23\0\0\0"


COMMENT = re.compile(r"/\*.*?\*/|^--[^\n]*$", re.DOTALL | re.MULTILINE)
VALUE = r"(?:'([^']*)'|\"([^\"]*)\"|(\S*?))"
LIKE = r"(?:\s+LIKE\s+" + VALUE + r")?"


class Closed(Exception):
    """Close the connection after sending these packets."""

    def __init__(self, *packets):
        super().__init__()
        self.packets = packets


class Commands:
    def __init__(self, settings, release, number, connection):
        self._settings, self._release = settings, release
        self._number, self._connection = number, connection
        self._patterns = [
            (re.compile(pattern + r"\s*\Z", re.IGNORECASE | re.DOTALL), answer)
            for pattern, answer in (
                (r"\(*(EXPLAIN\s+)?SELECT\b.*", lambda *_: [wire.EOF]),
                (r"(SET|COMMIT|ROLLBACK)\b.*", lambda *_: [wire.OK]),
                (r"(BEGIN|START\s+TRANSACTION)", lambda *_: [BEGUN]),
                (r"SHOW\s+PROXYCONFIG" + LIKE, self._config),
                (r"SHOW\s+PROXYCONFIG\s+DIFF", self._changed),
                (r"SHOW\s+PROXYCONFIG\b.*", self._config),
                (r"SHOW\s+PROXYINFO\s+BINARY", self._binary),
                (r"SHOW\s+PROXYINFO\b.*", lambda *_: [UNKNOWN]),
                (r"SHOW\s+PROXYSTAT\b.*", self._statistics),
                (r"SHOW\s+PROXYNET\s+CONNECTION", self._connections),
                (r"SHOW\s+PROXYSESSION", self._sessions),
                (r"SHOW\s+PROXYCLUSTER", lambda *_: [wire.error(4018, "HY000", "Entry not exist")]),
                (r"SHOW\s+WARNINGS", self._close),
                (r"SHOW\b.*", lambda *_: wire.rows(tables.VARIABLE_COLUMNS, tables.VARIABLES)),
                (r"KILL\s+(\d+)", self._kill),
                (r"ALTER\s+PROXYCONFIG\s+SET\s+(\w+)\s*=\s*" + VALUE, self._alter),
                (r"(UPDATE|DELETE|REPLACE)\b.*", lambda *_: [wire.error(4016, "HY000", "Internal error")]),
            )
        ]

    def answer(self, packet):
        """Return the packets that answer a command, or raise Closed."""
        command, text = packet[0] if packet else 0, packet[1:]
        if command in CLOSING:
            raise Closed
        if command == QUERY:
            return self._query(text.decode("utf-8", "replace"))
        return [ANSWERS.get(command, UNKNOWN)]

    def _query(self, text):
        if not text:
            raise Closed
        statement = COMMENT.sub("", text).strip().rstrip(";").strip()
        for pattern, answer in self._patterns:
            match = pattern.match(statement)
            if match:
                return answer(*match.groups())
        return [UNKNOWN]

    def _config(self, *like):
        return wire.rows(tables.CONFIG_COLUMNS, self._settings.rows(_value(like) or "%"))

    def _changed(self):
        return wire.rows(tables.CONFIG_COLUMNS, self._settings.changed_rows())

    def _binary(self):
        text = f"{self._release.title}\nversion:RELEASE_UNKNOWN\nMD5:\nREVISION:stand-in"
        return wire.rows(tables.INFO_COLUMNS, [("binary info", text)])

    def _statistics(self):
        return wire.rows(tables.STATISTIC_COLUMNS, [("current_client_connections", 1, "NULL")])

    def _connections(self):
        return wire.rows(tables.CONNECTION_COLUMNS, [tables.connection(self._number, self._connection)])

    def _sessions(self):
        cluster = self._settings["rootservice_cluster_name"]
        row = tables.session(self._number, self._connection, cluster, os.getpid())
        return wire.rows(tables.SESSION_COLUMNS, [row])

    def _alter(self, name, *value):
        try:
            self._settings.alter(name, _value(value))
        except UnknownSetting:
            return [wire.error(5099, "42000", "System config unknown")]
        except BadValue:
            return [wire.error(4147, "HY000", "Invalid config")]
        return [wire.OK]

    def _kill(self, number):
        if int(number) == self._number:
            raise Closed(wire.error(1317, "70100", "Query execution was interrupted"))
        return [wire.error(1094, "HY000", f"Unknown thread id: {number}")]

    def _close(self):
        raise Closed


def _value(groups):
    """Return the group that matched: a value in single quotes, in double quotes, or without quotes."""
    return next((group for group in groups if group is not None), "")
