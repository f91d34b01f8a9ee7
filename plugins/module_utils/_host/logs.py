# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OBProxy's logs: the verdict on each start, and the end of a log for a message."""

import os
import re
import time
from typing import Any, Dict, Iterable, List, Match, Pattern, Tuple

# log/obproxy_diagnosis.log, 4.x: [2026-11-23 10:00:00.123456] … [REBOOT](info="…, pid: 7, …, result: reboot failed")
REBOOT = re.compile(r"\[REBOOT\].*?\bpid: (\d+),.*?result: reboot (success|failed)")
WRITTEN = re.compile(r"^\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)")
SECRET = re.compile(r"(\w*passw(?:or)?d\w*[\"']?\s*[=:]\s*[\"']?)[^\s,;\"'){}]+", re.IGNORECASE)
# [time] LEVEL [MODULE] function (file:line) [thread][trace] …: the main thread's number is the process's.
ENTRY = re.compile(r"^\[[^\]]+\] +([A-Z]+)\b[^\[]*(?:\[[A-Z][^\]]*\])?[^\[]*\[(\d+)\]")
PROBLEMS = ("WARN", "ERROR", "WDIAG", "EDIAG", "ALERT")
BACKTRACE = re.compile(r" BACKTRACE:[0-9a-fx ]+$")
DIAGNOSIS = "obproxy_diagnosis.log"
# How many lines of which log are shown. Fewer for a process that ended for no known reason.
SHOWN = ((DIAGNOSIS, 2), ("obproxy.log", 12))
UNEXPLAINED = 4
TAIL_BYTES = 1 << 18
LINE_LENGTH = 400


def reboots(home: str, since: float) -> Dict[int, bool]:
    """The starts that the proxy itself has judged since then (seconds since 1970): {pid: succeeded}."""
    verdicts = {}
    for line in _last_lines(os.path.join(home, "log", DIAGNOSIS)):
        match = REBOOT.search(line)
        if match and _written(line) >= since:
            verdicts[int(match.group(1))] = match.group(2) == "success"
    return verdicts


def tails(home: str, since: float = 0, failed: bool = False) -> List[Dict[str, Any]]:
    """What to show of each log that has lines since then: [{path, lines}]. Older lines belong to other starts.

    Usually the end of the log. For a failed start, what the first process wrote, since later ones fail for other
    reasons: obproxyd.sh passes its options only to the first one, and the others print their usage at the end.
    """
    found = []
    for name, count in SHOWN:
        path = os.path.join(home, "log", name)
        mine = _written_since([line for line in _last_lines(path) if line.strip()], since)
        last = (_of_first_launch(mine, count) if failed else []) or mine[-count:]
        if last:
            found.append({"path": path, "lines": [_for_people(line) for line in last]})
    return found


def described(found: List[Dict[str, Any]], home: str) -> List[str]:
    """The lines of a message about a proxy that is not ready. found: what tails() returns for it."""
    if not found:
        return ["The logs in %s/log have no lines since the start: the proxy may be unable to write there." % home]
    return [line for log in found for line in ["From %s:" % log["path"]] + log["lines"]]


def _written_since(lines: List[str], since: float) -> List[str]:
    """A line without a time of its own belongs to the one before it."""
    found, is_mine = [], not since
    for line in lines:
        written = _written(line)
        is_mine = written >= since if written else is_mine
        found += [line] * is_mine
    return found


def _of_first_launch(lines: List[str], count: int) -> List[str]:
    found = [(match.group(2), match.group(1) in PROBLEMS, line) for line, match in _matches(ENTRY, lines)]
    first = [(problem, line) for thread, problem, line in found if thread == found[0][0]]
    told = [line for problem, line in first if problem]
    if told:
        return told[-count:]
    # OBProxy may end before its logger has written why: then where it got to, and what the next launch says.
    others = [thread for thread, problem, _line in found if problem]
    next_one = [line for thread, problem, line in found if problem and thread == others[0]]
    return [line for _problem, line in first][-UNEXPLAINED:] + next_one[-count:]


def _matches(pattern: Pattern[str], lines: Iterable[str]) -> List[Tuple[str, Match[str]]]:
    return [(line, match) for line, match in ((line, pattern.match(line)) for line in lines) if match]


def _for_people(line: str) -> str:
    return without_secrets(BACKTRACE.sub("", line))[:LINE_LENGTH]


def without_secrets(line: str) -> str:
    return SECRET.sub(r"\1********", line)


def _written(line: str) -> float:
    match = WRITTEN.match(line)
    if not match:
        return 0
    # The proxy writes whole local seconds first; one that was begun counts as over.
    return time.mktime(time.strptime(match.group(1), "%Y-%m-%d %H:%M:%S")) + 1


def _last_lines(path: str) -> List[str]:
    try:
        with open(path, "rb") as log:
            log.seek(0, os.SEEK_END)
            size = log.tell()
            log.seek(max(0, size - TAIL_BYTES))
            lines = log.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    # What stands before the first line break may be the end of a longer line.
    return lines[1:] if size > TAIL_BYTES else lines
