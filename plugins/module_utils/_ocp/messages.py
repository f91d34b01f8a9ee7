# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Texts about OCP tasks, for lines and failures, built from ids, names and states only."""

from typing import Any, Callable, Dict, Iterable, List, Optional

from .errors import OcpError
from .task import FAILED, ROLLBACK, Task

#: How many tasks a message names. Any more are only counted.
NAMED = 5
#: The longest name from OCP that a line shows.
NAME = 60


def describe(task: Task) -> str:
    """A task in a few words: "33001 (Install obproxy) RUNNING at subtask 3 of 12, Check if command exists"."""
    words = "%d (%s) %s" % (task.id, task.name or "no name", state_of(task))
    subtask = task.current if task.subtasks else None
    if subtask is None or task.gone:
        return words
    place = task.subtasks.index(subtask) + 1
    return "%s at subtask %d of %d, %s" % (words, place, len(task.subtasks), subtask["name"])


def state_of(task: Task) -> str:
    """A task's status in OCP's own words, unless they are misleading."""
    if task.rolled_back:
        return "rolled back"
    return task.status or "not seen yet"


def named(words: List[str]) -> str:
    """A list in one line, counted from NAMED on."""
    more = len(words) - NAMED
    return "; ".join(words[:NAMED]) + (" and %d more" % more if more > 0 else "")


def count(things: Any, one: str = "proxy", many: str = "proxies") -> str:
    return "1 %s" % one if len(things) == 1 else "%d %s" % (len(things), many)


def join_hint(task_ids: Iterable[int]) -> str:
    """How to continue waiting for tasks that are still running."""
    return (
        "OCP continues with it. Run this again to join it, or wait for it with "
        "obops.oceanbase.ocp_task_wait and task_ids: [%s]." % ", ".join(map(str, task_ids))
    )


def failure_of(
    failed: List[Task], tasks: Any, host_of: Callable[[Task], Optional[Dict[str, Any]]] = lambda task: task.host
) -> OcpError:
    """The OcpError for tasks that failed or were rolled back; host_of: gives the host dict of a task, or None."""
    first = failed[0]
    subtask = None if first.rolled_back else next((sub for sub in first.subtasks if sub["status"] == FAILED), None)
    host = host_of(first)
    message = "OCP's task %s%s." % (describe(first), _for(host))
    if len(failed) > 1:
        others = [describe(task) + _for(host_of(task)) for task in failed[1:]]
        message += " %d more failed: %s." % (len(others), named(others))
    return OcpError(
        "task_failed",
        message,
        host=host,
        task=tasks.reference(first),
        subtask={"id": subtask["id"], "name": subtask["name"]} if subtask else None,
        log=first.logs.get(subtask["id"]) if subtask else None,
        next="%s The task is at %s." % (_cure(first), tasks.reference(first)["url"]),
    )


def _cure(task: Task) -> str:
    """What to do after a task that did not succeed."""
    if task.rolled_back:
        return "Someone rolled it back in OCP. Find out why, then start it again."
    call = "obops.oceanbase.ocp_task, operation: %s and task_id: %d"
    if task.operation == ROLLBACK:
        return "Fix the cause, then roll it back again with %s." % (call % ("rollback", task.id))
    return (
        "Fix the cause, then retry it with %s, or run this again. A retry keeps the options that the task began with. "
        "If one of them is the cause, such as a password, use operation: rollback first, then run this again."
        % (call % ("retry", task.id))
    )


def not_found(option: str, task_ids: List[int], reference: Optional[Dict[str, Any]] = None) -> OcpError:
    """The error for given ids that OCP does not know."""
    return OcpError(
        "not_found",
        "%s: OCP knows no task %s." % (option, ", ".join(map(str, task_ids))),
        task=reference,
        next="Look for it with obops.oceanbase.ocp_task_info, by name or host_id.",
    )


def gone(tasks: Any) -> Optional[OcpError]:
    """The error for tasks that OCP no longer knows, or None."""
    lost = [task for task in tasks if task.gone]
    if not lost:
        return None
    return OcpError(
        "not_found",
        "OCP no longer knows task %s. It was %s when it was last seen."
        % (", ".join(str(task.id) for task in lost), lost[0].status),
        task=tasks.reference(lost[0]),
        next="Check in OCP what happened to it.",
    )


def _for(host: Optional[Dict[str, Any]]) -> str:
    return " for host %s" % (host.get("address") or host.get("name") or host.get("host_id")) if host else ""


def summary(tasks: Any) -> str:
    """Many tasks in one line: "200 tasks: 150 RUNNING (subtasks 3 to 5 of 12), 50 SUCCESSFUL"."""
    by_status: Dict[str, List[Any]] = {}
    for task in tasks:
        by_status.setdefault(clean(state_of(task)), []).append(task)
    parts = []
    for status, group in sorted(by_status.items()):
        words = "%d %s" % (len(group), status)
        done = [task.done + 1 for task in group if task.subtasks and not task.ended]
        if done:
            most = max(len(task.subtasks) for task in group)
            span = "%d" % min(done) if min(done) == max(done) else "%d to %d" % (min(done), max(done))
            words += " (subtask%s %s of %d)" % ("" if min(done) == max(done) else "s", span, most)
        parts.append(words)
    return "%d task%s: %s" % (len(tasks), "" if len(tasks) == 1 else "s", ", ".join(parts))


def ranges(ids: Iterable[int]) -> str:
    """Ids in few words: [3, 4, 5, 9] is "3-5, 9"."""
    spans: List[List[int]] = []
    for task_id in sorted(ids):
        if spans and task_id == spans[-1][1] + 1:
            spans[-1][1] = task_id
        else:
            spans.append([task_id, task_id])
    return ", ".join(str(a) if a == b else "%d-%d" % (a, b) for a, b in spans)


def clean(text: Any, most: int = NAME) -> str:
    """An external text, shortened and without control characters, which could rewrite a terminal."""
    shown = "".join(char if char.isprintable() else " " for char in str(text))
    return shown if len(shown) <= most else shown[: most - 1] + "…"
