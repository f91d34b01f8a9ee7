# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Commands on the host that do not end in time are terminated."""

import time

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._host.command import CommandError, CommandTimeout, run


def test_what_a_command_prints_is_returned():
    assert run(["sh", "-c", 'printf %s "$LANG"'], 60) == "C.UTF-8"


@pytest.mark.parametrize(
    "script, message",
    [("echo no >&2; exit 3", "no"), ("echo why; exit 1", "why"), ("exit 3", "sh ended with exit code 3")],
)
def test_a_command_that_fails_says_why(script, message):
    with pytest.raises(CommandError, match=message):
        run(["sh", "-c", script], 60)


def test_a_command_that_is_not_there_is_named():
    with pytest.raises(CommandError, match="/no/such cannot be run"):
        run(["/no/such"], 60)


def test_a_command_that_does_not_end_is_ended():
    begin = time.monotonic()
    with pytest.raises(CommandTimeout, match="sleep has not ended after 0 s"):
        run(["sleep", "60"], 0.2)
    assert time.monotonic() - begin < 30
