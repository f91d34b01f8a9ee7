# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The lines that tell a waiting person what happens in OCP: built from ids, names and states only."""

import os
import time

from ._errors import OcpError
from ._task import FAILED, SUCCESSFUL

#: How many changes of one look get a line each; more than that are told in one line.
LINES = 5
#: After so many seconds without a change a line says that the wait goes on.
HEARTBEAT = 30
#: The longest name from OCP that a line shows.
NAME = 60


#: The environment variable that names the folder in which the action plugin reads the lines.
PROGRESS_DIR = "OBOPS_OCEANBASE_PROGRESS_DIR"
#: In the folder that is shared with the action plugin: the lines, and a file that the plugin touches when it reads.
LINES_FILE = "lines"
LEASE = "lease"
#: After so many seconds without a reader the play is gone, and the module ends.
ABANDONED = 20


class LinesFile:
    """Where a module writes its lines for the action plugin (plugin_utils/_live.py)."""

    def __init__(self, folder):
        self._folder = folder
        self._since = time.monotonic()

    def write(self, line):
        try:
            with open(os.path.join(self._folder, LINES_FILE), "ab") as lines:
                lines.write((line + "\n").encode("utf-8", "replace"))
        except OSError:
            pass  # nobody can read it then; the work goes on as long as somebody waits for it

    def check(self):
        """Raises OcpError when the play that waited is gone, so that no module is left behind."""
        try:
            age = time.time() - os.stat(os.path.join(self._folder, LEASE)).st_mtime
        except OSError:
            # Not touched yet, or removed by an action plugin that was interrupted.
            age = ABANDONED + 1 if not os.path.isdir(self._folder) else time.monotonic() - self._since
        if age > ABANDONED:
            raise OcpError("timeout", "The play that waited for this task is gone.")


class Progress:
    """Turns looks at tasks into lines.

    write: is given each line. elapsed: gives the seconds since the start. check: is called at each look, and may end
    the wait by an OcpError.
    """

    def __init__(self, write, elapsed, check=lambda: None):
        self._write = write
        self._elapsed = elapsed
        self._check = check
        self._labels = {}
        self._seen = {}
        self._last = elapsed()

    def label(self, host_id, label):
        """What a person calls a host that has this id in OCP."""
        self._labels[host_id] = label

    def say(self, text):
        """One line of its own."""
        self._last = self._elapsed()
        self._write("[%4d s] %s" % (self._last, clean(text, 1000)))

    def looked(self, tasks):
        """What is new since the last look; the first time the tasks' ids, which is what one needs to join them."""
        self._check()
        new = [task for task in tasks if task.id not in self._seen]
        if new:
            self.say("OCP task%s %s" % ("" if len(new) == 1 else "s", ranges([task.id for task in new])))
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

    def _line(self, task):
        words = "task %d" % task.id
        if task.host_id in self._labels:
            words += " %s" % self._labels[task.host_id]
        if task.gone:
            return words + ": OCP does not know it any more"
        words += ": %s" % clean(task.status or "not seen yet")
        subtask = task.current
        if subtask is None or task.status == SUCCESSFUL:
            return words
        return "%s, subtask %d of %d: %s %s" % (
            words,
            task.subtasks.index(subtask) + 1,
            len(task.subtasks),
            clean(subtask["name"] or "no name"),
            clean(subtask["status"] or ""),
        )


def summary(tasks):
    """Many tasks in one line: "200 tasks: 150 RUNNING (subtasks 3 to 5 of 12), 50 SUCCESSFUL"."""
    by_status = {}
    for task in tasks:
        by_status.setdefault(clean(task.status or "not seen yet"), []).append(task)
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


def ranges(ids):
    """Ids in few words: [3, 4, 5, 9] is "3-5, 9"."""
    spans = []
    for task_id in sorted(ids):
        if spans and task_id == spans[-1][1] + 1:
            spans[-1][1] = task_id
        else:
            spans.append([task_id, task_id])
    return ", ".join(str(a) if a == b else "%d-%d" % (a, b) for a, b in spans)


def clean(text, most=NAME):
    """A text from elsewhere without control characters, which could rewrite a terminal, and not too long."""
    text = "".join(char if char.isprintable() else " " for char in str(text))
    return text if len(text) <= most else text[: most - 1] + "…"


def _state(task):
    subtask = task.current
    return (task.status, task.gone, subtask and (subtask["id"], subtask["status"]))
