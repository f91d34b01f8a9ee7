# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Subtasks' logs without the secrets in them.

OCP's task engine writes the whole context of a task into each log: "Run subtask, id=1, context=Context(parallelIdx=-1,
stringMap={proxysys_password=...}, listMap={...})". That part is always cut before a log is returned.
"""

import re

from .values import SECRET

#: How much of the end of a log is shown, in characters.
LOG_END = 2000
#: The replacement for a part that was cut.
CUT = "(not shown)"
#: Where a context begins, in Java's notation or as JSON.
_CONTEXT = re.compile(r"\bContext\(|\b(?:context|\w+Map)[\"']?\s*[=:]\s*[\"']?\w*[({\[]", re.IGNORECASE)
#: A setting whose name says that its value is a secret: password=..., "secret": "..."
_SECRET = re.compile(r"""(\w*(?:%s)\w*)(["']?\s*:\s*["'][^"'\n]*["']|=[^\s,;&)}\]]+)""" % SECRET, re.IGNORECASE)
#: The beginning of a log record: a date, a time, or a level.
_RECORD = re.compile(
    r"^\W{0,2}(?:\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\b)", re.MULTILINE
)
_BRACKETS = {"(": ")", "{": "}", "[": "]"}


def end_of(log: str) -> str:
    """The end of a subtask's log, without secrets."""
    return without_secrets(log)[-LOG_END:].strip()


def without_secrets(log: str) -> str:
    """A log with each task's context cut, up to the end of the line on which it closes."""
    parts, at = [], 0
    while True:
        begin = _CONTEXT.search(log, at)
        if begin is None:
            break
        parts += [log[at : begin.end() - 1], CUT]
        at = _end_of_context(log, begin.end() - 1)
    parts.append(log[at:])
    return _SECRET.sub(lambda found: "%s=%s" % (found.group(1), CUT), "".join(parts))


def _end_of_context(log: str, opening: int) -> int:
    """Where the line ends on which this bracket closes; without a close, where the next log record begins.

    Values are written as they are, with brackets of their own: so the rest of the line is never shown.
    """
    waiting = []
    for at in range(opening, len(log)):
        char = log[at]
        if char in _BRACKETS:
            waiting.append(_BRACKETS[char])
        elif waiting and char == waiting[-1]:
            waiting.pop()
            if not waiting:
                return _line_end(log, at)
    record = _RECORD.search(log, _line_end(log, opening))
    return record.start() - 1 if record else len(log)


def _line_end(log: str, at: int) -> int:
    end = log.find("\n", at)
    return len(log) if end < 0 else end
