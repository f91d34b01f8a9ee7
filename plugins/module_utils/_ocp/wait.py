# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Waits for tasks, whoever started them: check, decide, pause.

The pause follows the pace of the subtasks; the last one is cut to the limit.
"""

from typing import Any, Callable, Dict, List, Optional, Tuple

from .client import Client
from .deadline import Deadline
from .errors import OcpError
from .messages import describe, failure_of, gone, join_hint, named
from .progress import LINES, Progress
from .task import ROLLBACK
from .tasks import Tasks, known

#: The shortest pause between two checks, in seconds.
SHORTEST = 0.5
#: Up to so many tasks a person follows each subtask. With more, looks are twice as far apart.
FEW = 5


def wait_for(
    tasks: Tasks,
    limit: Deadline,
    interval: float,
    pace: Callable[[], float] = lambda: 0.0,
    on_look: Callable[[], None] = lambda: None,
    until: Optional[Callable[[], bool]] = None,
) -> None:
    """Checks tasks until `until()` holds; by default, until all of them have ended.

    limit: a Deadline; when it runs out, OcpError "timeout" names the tasks and how to join them.
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


def follow(
    client: Client, tasks: Tasks, interval: float, progress: Progress, until: Optional[Callable[[], bool]] = None
) -> None:
    """Waits for tasks as wait_for() does, at OCP's pace, and shows what happens."""
    wait_for(
        tasks,
        client.limit,
        interval,
        pace=lambda: client.pace,
        on_look=lambda: progress.looked(tasks),
        until=until,
    )


def look_until(look: Callable[[], bool], limit: Deadline, within: float, interval: float) -> bool:
    """Checks until look() finds what it looks for, for at most this many seconds. Returns whether it did.

    limit: a Deadline that ends the search as well. interval: the longest pause between two looks, in seconds.
    """
    until, step = limit.elapsed + within, SHORTEST / 2
    while not look():
        if limit.elapsed >= until or limit.expired:
            return False
        limit.pause(step)
        step = min(step * 2, interval)
    return True


def next_pause(tasks: Tasks, elapsed: float, interval: float) -> float:
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


def _too_late(tasks: Tasks, limit: Deadline) -> OcpError:
    left = tasks.unfinished
    return OcpError(
        "timeout",
        "After %d s (wait_timeout), %d of %d tasks in OCP have not ended: %s."
        % (limit.seconds, len(left), len(tasks), named([describe(task) for task in left])),
        task=tasks.reference(left[0]),
        next=join_hint([task.id for task in left]),
    )


def _interrupted(tasks: Tasks, error: OcpError) -> OcpError:
    """The error of a check, with the tasks that were waited for and how to join them."""
    left = tasks.unfinished
    if left and error.task is None:
        error.message += " Until then: %s." % named([describe(task) for task in left])
        error.task = tasks.reference(left[0])
        error.next = " ".join(filter(None, [error.next, join_hint([task.id for task in left])]))
    return error


def wait_for_ids(
    client: Client,
    task_ids: List[int],
    progress: Progress,
    until: str = "finished",
    interval: float = 5,
    wait: bool = True,
) -> Dict[str, Any]:
    """The result of ocp_task_wait. A failed task is an OcpError with the partial result."""
    started = client.limit.elapsed
    tasks = known(client, task_ids)
    if wait and tasks.unfinished:
        look_closer(tasks)
    progress.doing("Waiting for %d task%s" % (len(tasks), "" if len(tasks) == 1 else "s"))
    progress.looked(tasks)
    before = _states(tasks)
    expected = {task.id for task in tasks if task.operation == ROLLBACK or task.rolled_back}
    # Finished is the default of follow().
    changed = (lambda: not tasks.unfinished or _states(tasks) != before) if until == "progress" else None
    try:
        if wait:
            follow(client, tasks, interval, progress, until=changed)
        judge(tasks, [task for task in tasks if task.rolled_back and task.id not in expected])
    except OcpError as error:
        error.result = _result(client, tasks, started)
        raise
    return _result(client, tasks, started)


def look_closer(tasks: Tasks) -> None:
    """Learns which hosts tasks concern, where they are few enough for a line each."""
    if len(tasks) <= LINES:
        tasks.find_hosts()


def judge(tasks: Tasks, undone: Any = ()) -> None:
    """Raises an OcpError if a task has failed or is gone. undone: tasks that were rolled back unexpectedly."""
    failed = tasks.failed + list(undone)
    if failed:
        tasks.read_logs()
        raise failure_of(failed, tasks)
    lost = gone(tasks)
    if lost:
        raise lost


def _result(client: Client, tasks: Tasks, started: float) -> Dict[str, Any]:
    return {
        "changed": False,
        "tasks": tasks.public(),
        "finished": not tasks.unfinished,
        "elapsed": round(client.limit.elapsed - started, 1),
    }


def _states(tasks: Tasks) -> List[Tuple[Any, ...]]:
    """What counts as a change: the state of any task or subtask."""
    return [
        (task.id, task.gone, task.status, task.operation, sorted((s["id"], s["status"]) for s in task.subtasks))
        for task in tasks
    ]
