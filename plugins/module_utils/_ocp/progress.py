# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The lines that show a waiting user what happens in OCP: when to write one, and how many."""

import os
import time
from typing import Any, Callable, Dict, Optional, Tuple

from .errors import OcpError
from .messages import clean, ranges, state_of, summary
from .task import FAILED, Task

#: How many changes of one check get a line each. Any more share one line.
LINES = 5
#: After this many seconds without a change, a line says that the wait continues.
HEARTBEAT = 30

#: The environment variable that names the folder in which the action plugin reads the lines.
PROGRESS_DIR = "OBOPS_OCEANBASE_PROGRESS_DIR"
#: In the folder that is shared with the action plugin: the lines, and a file that the plugin touches when it reads.
LINES_FILE = "lines"
LEASE = "lease"
#: After this many seconds without a reader, the play has ended, and so does the module.
ABANDONED = 20


class LinesFile:
    """Where a module writes its lines for the action plugin (plugin_utils/_live.py)."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._since = time.monotonic()

    def write(self, line: str) -> None:
        try:
            with open(os.path.join(self._folder, LINES_FILE), "ab") as lines:
                lines.write((line + "\n").encode("utf-8", "replace"))
        except OSError:
            pass  # it cannot be read then; the work goes on as long as the play waits for it

    def check(self) -> None:
        """Raises OcpError if the waiting play has ended, so that no module is left behind."""
        try:
            age = time.time() - os.stat(os.path.join(self._folder, LEASE)).st_mtime
        except OSError:
            # Not touched yet, or removed by an action plugin that was interrupted.
            age = ABANDONED + 1 if not os.path.isdir(self._folder) else time.monotonic() - self._since
        if age > ABANDONED:
            raise OcpError("timeout", "The play that waited for this task has ended.")


class Progress:
    """Turns checks of tasks into lines.

    write: gets each line. elapsed: returns the seconds since the start. check: is called at each check, and may end the
    wait by an OcpError.
    """

    def __init__(
        self,
        write: Callable[[str], None],
        elapsed: Callable[[], float],
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self._write = write
        self._elapsed = elapsed
        self._check = check
        self._labels: Dict[Optional[int], str] = {}
        self._doing: Optional[str] = None
        self._seen: Dict[int, Any] = {}
        self._last = elapsed()

    def label(self, host_id: int, label: str) -> None:
        """The name to show for a host with this id in OCP."""
        self._labels[host_id] = label

    def doing(self, text: str) -> None:
        """What is about to be done. This begins the first line, which has the tasks' ids."""
        self._doing = text

    def say(self, text: str) -> None:
        """One line of its own."""
        self._last = self._elapsed()
        self._write("[%4d s] %s" % (self._last, clean(text, 1000)))

    def looked(self, tasks: Any) -> None:
        """What is new since the last check. The first time, the tasks' ids, which are needed to join them."""
        self._check()
        new = [task for task in tasks if task.id not in self._seen]
        if new:
            words = "OCP task%s %s" % ("" if len(new) == 1 else "s", ranges([task.id for task in new]))
            self.say("%s: %s" % (self._doing, words) if self._doing else words)
            self._doing = None
        changed = [task for task in tasks if self._seen.get(task.id) != _state(task)]
        for task in changed:
            self._seen[task.id] = _state(task)
        if len(changed) <= LINES:
            for task in changed:
                self.say(self._line(task))
        else:
            failed = [task for task in changed if task.status == FAILED]
            for task in failed[:LINES]:
                self.say(self._line(task))
            self.say(summary(tasks))
        if tasks and not changed and self._elapsed() - self._last >= HEARTBEAT:
            self.say("no change: " + summary(tasks))

    def _line(self, task: Task) -> str:
        words = "task %d" % task.id
        label = self._labels.get(task.host_id) or task.address
        if label:
            words += " %s" % clean(label)
        if task.gone:
            return words + ": OCP no longer knows it"
        words += ": %s" % clean(state_of(task))
        subtask = task.current
        if subtask is None:
            return words
        return "%s, subtask %d of %d: %s %s" % (
            words,
            task.subtasks.index(subtask) + 1,
            len(task.subtasks),
            clean(subtask["name"] or "no name"),
            clean(subtask["status"] or ""),
        )


def _state(task: Task) -> Tuple[Any, ...]:
    subtask = task.current
    return (task.status, task.gone, subtask and (subtask["id"], subtask["status"]))
