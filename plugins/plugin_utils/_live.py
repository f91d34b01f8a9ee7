# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Shows live what a module writes while it runs.

A module cannot print, so it appends lines to a file (module_utils/_ocp/module.py). While it runs in a thread, the file
is read through the same connection and each new line is displayed, in the same way on the controller and on a delegated
host. The module stops if the file has not been read for a while, so nothing is left behind if the play is killed.
"""

from __future__ import annotations

import contextvars
import os
import shlex
import threading
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase

from ..module_utils._ocp.messages import clean
from ..module_utils._ocp.progress import LEASE, LINES_FILE, PROGRESS_DIR

#: How often new lines are read, in seconds.
READ_EVERY = 1.0


class LiveActionBase(ActionBase):
    """Runs the module of the same name and displays its lines as they come."""

    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        if self._task.async_val:
            result.update(self._execute_module(task_vars=task_vars, wrap_async=not self._connection.has_native_async))
            return result
        folder = self._make_folder() if self._wants_progress() else None
        if folder is None:
            result.update(self._execute_module(task_vars=task_vars))
            return result
        try:
            result.update(self._execute_and_show(folder, task_vars))
        finally:
            # Also if the play is interrupted. The module then finds that its lines are no longer read, and ends.
            self._low_level_execute_command(f"rm -rf {shlex.quote(folder)}")
        return result

    def _wants_progress(self) -> bool:
        """Whether there is something to show, which is not the case in check mode and without a wait."""
        args = self._task.args
        wanted = [True if args.get(name) is None else args[name] for name in ("progress", "wait")]
        return not self._task.check_mode and all(boolean(value, strict=False) for value in wanted)

    def _make_folder(self) -> str | None:
        """A directory for the lines, on the host and for the user of the module. None if it cannot be created."""
        made = self._low_level_execute_command("umask 77 && mktemp -d /tmp/ansible-progress-XXXXXXXXXX")
        lines = made.get("stdout", "").strip().splitlines()
        return lines[-1].strip() if made.get("rc") == 0 and lines else None

    def _execute_and_show(self, folder: str, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        outcome, errors = {}, []

        def execute() -> None:
            try:
                outcome["result"] = self._execute_module(task_vars=task_vars)
            except BaseException as exc:
                errors.append(exc)

        before = self._task.environment
        self._task.environment = [
            *(before if isinstance(before, list) else [before] if before else []),
            {PROGRESS_DIR: folder},
        ]
        # Core keeps what belongs to the task in context variables, which a thread does not get by itself.
        thread = threading.Thread(target=contextvars.copy_context().run, args=(execute,), daemon=True)
        shown, parent = 0, os.getppid()
        try:
            thread.start()
            while thread.is_alive():
                thread.join(READ_EVERY)
                if os.getppid() != parent:
                    # This Ansible worker outlived its parent. Its module must not.
                    raise AnsibleError("Ansible has been killed.")
                shown += self._show(folder, shown)
        finally:
            self._task.environment = before
        if errors:
            raise errors[0]
        return outcome["result"]

    def _show(self, folder: str, shown: int) -> int:
        """Displays the lines after the first `shown` ones, and returns their number."""
        text = self._read_here(folder)
        if text is None:
            text, shown = self._read_there(folder, shown), 0
        # A line that is just being written has no end yet.
        lines = text.split("\n")[shown:-1]
        for line in lines:
            self._display.display(clean(line, 2000))
        return len(lines)

    def _read_here(self, folder: str) -> str | None:
        """What has been written, if it is on this machine and belongs to this user. This needs no process."""
        if self._connection.transport != "local":
            return None
        try:
            if os.stat(folder).st_uid != os.geteuid():
                return None
            with open(os.path.join(folder, LEASE), "w") as lease:
                lease.write("read")
            with open(os.path.join(folder, LINES_FILE), encoding="utf-8", errors="replace") as lines:
                return lines.read()
        except FileNotFoundError:
            return ""  # nothing has been written yet

    def _read_there(self, folder: str, shown: int) -> str:
        """What has been written after the first `shown` lines."""
        try:
            read = self._low_level_execute_command(
                "touch {0}/{1} && tail -n +{3} {0}/{2} 2>/dev/null || true".format(
                    shlex.quote(folder), LEASE, LINES_FILE, shown + 1
                )
            )
        except AnsibleError:
            return ""  # the connection is away for a moment; what is missed now is read later
        return read.get("stdout", "")
