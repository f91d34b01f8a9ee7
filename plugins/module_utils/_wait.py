# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Waiting for tasks: look, decide, pause.

The pause follows the pace of the subtasks; the last one is cut to the limit.
"""

from ._errors import OcpError
from ._task import FAILED

#: The shortest pause between two looks, in seconds.
SHORTEST = 0.5
#: Up to so many tasks a person follows each subtask. With more, looks are twice as far apart.
FEW = 5
#: How many tasks a message names before it only counts them.
NAMED = 5


def wait_for(tasks, limit, interval, pace=lambda: 0.0, on_look=lambda: None, until=None):
    """Looks at tasks until `until()` holds: by default until all of them have ended.

    limit: a TimeLimit; when it runs out, OcpError "timeout" names the tasks and how to join them.
    interval: the longest pause in seconds. pace: the pause that OCP's request limit asks for. on_look: called after
    each look. Tasks whose last look says that they have ended are not looked at again.
    """
    until = until or (lambda: not tasks.unfinished)
    started = limit.elapsed
    while not until():
        if limit.expired:
            raise _too_late(tasks, limit)
        # A task of which only the id is known is looked at before anything is waited for.
        if all(task.status for task in tasks.unfinished):
            limit.pause(max(next_pause(tasks, limit.elapsed - started, interval), pace()))
        try:
            tasks.look()
        except OcpError as error:
            raise _interrupted(tasks, error) from None
        on_look()


def next_pause(tasks, elapsed, interval):
    """The pause before the next look, in seconds, between SHORTEST and interval.

    While the pace of the subtasks is known, about as long as one of them takes (of many tasks: as two of them), and
    shorter towards the expected end; before that, a fifth of what has passed. elapsed: seconds since the first look.
    """
    if interval <= SHORTEST:
        return interval
    paces, ends = [], []
    unfinished = tasks.unfinished
    for task in unfinished:
        if task.done:
            pace = elapsed / task.done
            paces.append(pace)
            ends.append(pace * (len(task.subtasks) - task.done))
    step = 1 if len(unfinished) <= FEW else 2
    # All of them are read at once: the one that ends last decides.
    pause = min(step * max(paces), max(ends) / 2) if ends else max(1.0, elapsed / 5)
    return max(step * SHORTEST, min(pause, interval))


def describe(task):
    """A task in a few words: "33001 (Install obproxy) RUNNING at subtask 3 of 12, Check if command exists"."""
    words = "%d (%s) %s" % (task.id, task.name or "no name", task.status or "not seen yet")
    subtask = task.current if task.subtasks else None
    if subtask is None or task.gone:
        return words
    place = task.subtasks.index(subtask) + 1
    return "%s at subtask %d of %d, %s" % (words, place, len(task.subtasks), subtask["name"])


def named(words):
    """A list in one line, counted from NAMED on."""
    more = len(words) - NAMED
    return "; ".join(words[:NAMED]) + (" and %d more" % more if more > 0 else "")


def join_hint(task_ids):
    """How to go on waiting for tasks that still run."""
    return (
        "OCP goes on with it. Run the same again to join it, or wait for it with "
        "obops.oceanbase.ocp_task_wait and task_ids: [%s]." % ", ".join(map(str, task_ids))
    )


def _too_late(tasks, limit):
    left = tasks.unfinished
    return OcpError(
        "timeout",
        "After %d s (wait_timeout), %d of %d tasks in OCP have not ended: %s."
        % (limit.seconds, len(left), len(tasks), named([describe(task) for task in left])),
        task=tasks.reference(left[0]),
        next=join_hint([task.id for task in left]),
    )


def _interrupted(tasks, error):
    """The error of a look, with the tasks that were being waited for and how to join them."""
    left = tasks.unfinished
    if left and error.task is None:
        error.message += " Until then: %s." % named([describe(task) for task in left])
        error.task = tasks.reference(left[0])
        error.next = " ".join(filter(None, [error.next, join_hint([task.id for task in left])]))
    return error


def failure_of(failed, tasks, host_of=lambda task: None):
    """The OcpError that tells of failed tasks; host_of: gives the host dict of a task, or None."""
    first = failed[0]
    subtask = next((subtask for subtask in first.subtasks if subtask["status"] == FAILED), None)
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
        next="Mend the cause, then have OCP go on from there with obops.oceanbase.ocp_task, operation: retry and "
        "task_id: %d, or run the same again. The task is at %s." % (first.id, tasks.reference(first)["url"]),
    )


def _for(host):
    return " for host %s" % (host.get("address") or host.get("name") or host.get("host_id")) if host else ""
