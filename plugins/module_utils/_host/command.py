# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Runs a command on the host with a time limit, so that neither a lock nor a dead disk blocks a check forever."""

import contextlib
import os
import subprocess
from typing import Dict, List, Optional

#: How long a killed command may take to end. One that waits for a dead disk does not end.
GONE_SECONDS = 5.0


class CommandError(Exception):
    """The command failed, for the reason in the text."""


class CommandTimeout(CommandError):
    """The command did not end in time."""


def run(arguments: List[str], timeout: float, environment: Optional[Dict[str, str]] = None) -> str:
    """The output of the command. CommandError if it fails, CommandTimeout if it does not end."""
    name = os.path.basename(arguments[0])
    settings = dict(os.environ, LANG="C.UTF-8", LC_ALL="C.UTF-8", **(environment or {}))
    pipe = subprocess.PIPE
    try:
        # run_command of AnsibleModule has no time limit.
        # pylint: disable-next=ansible-bad-function
        process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, env=settings)
    except OSError as error:
        raise CommandError("%s cannot be run: %s" % (arguments[0], error)) from error
    try:
        output, errors = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired as error:
        process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=GONE_SECONDS)
        raise CommandTimeout("%s has not ended after %d s" % (name, timeout)) from error
    if process.returncode != 0:
        said = (errors or output).decode("utf-8", "replace").strip()
        raise CommandError(said or "%s ended with exit code %d" % (name, process.returncode))
    return output.decode("utf-8", "replace")
