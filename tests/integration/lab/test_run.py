# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`python -m tests.lab run`, which runs `make test`. Nothing outlives the command, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.lab.hosts import containers
from tests.lab.places import LABS, ROOT
from tests.lab.process import identity

pytestmark = pytest.mark.timeout(120)
LAB = "t-run"
#: A command that leaves a lab and a process in its own session, and then runs the commands that `run` appends.
SCRIPT = f"""
{sys.executable} -m tests.lab up {LAB} --hosts 1 --simulator > /dev/null || exit 99
setsid sleep 1000 > /dev/null 2>&1 < /dev/null &
echo $! > "$1"
echo ready
"""


def run(tmp_path, end):
    command = [sys.executable, "-m", "tests.lab", "run", "bash", "-c", SCRIPT + end, "bash", str(tmp_path / "pid")]
    environment = {key: value for key, value in os.environ.items() if key != "LAB_SESSION"}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def nothing_is_left(tmp_path):
    left = int((tmp_path / "pid").read_text())
    return not containers(LAB) and not (LABS / LAB).exists() and not identity(left)


@pytest.mark.parametrize("code", [0, 3])
def test_a_command_that_ends_leaves_nothing_and_keeps_its_exit_code(tmp_path, code):
    with run(tmp_path, f"exit {code}") as process:
        process.communicate()
    assert process.returncode == code
    assert nothing_is_left(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_is_stopped_leaves_nothing(tmp_path, number):
    with run(tmp_path, "sleep 1000") as process:
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.5)
        process.send_signal(number)
        process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert nothing_is_left(tmp_path)
