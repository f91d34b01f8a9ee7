# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import pwd
import resource

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._host import launch

ME = pwd.getpwuid(os.geteuid())


class Limits:
    RLIMIT_NOFILE = resource.RLIMIT_NOFILE
    RLIM_INFINITY = resource.RLIM_INFINITY

    def __init__(self, hard, may_raise=True):
        self.hard, self.may_raise, self.set = hard, may_raise, None

    def getrlimit(self, _which):
        return 1024, self.hard

    def setrlimit(self, _which, pair):
        if pair[1] > self.hard != self.RLIM_INFINITY and not self.may_raise:
            raise ValueError("not allowed to raise maximum limit")
        self.set = pair


@pytest.mark.parametrize(
    ("limits", "wanted"),
    [
        (Limits(1048576), (655350, 1048576)),
        (Limits(resource.RLIM_INFINITY), (655350, resource.RLIM_INFINITY)),
        (Limits(4096), (655350, 655350)),
        (Limits(20000, may_raise=False), (20000, 20000)),
    ],
)
def test_as_many_open_files_as_in_the_unit_or_as_may_be(limits, wanted):
    launch.raise_open_files(limits)
    assert limits.set == wanted


def test_a_command_gets_umask_022_its_users_home_and_the_environment_given():
    before = os.umask(0o077)
    try:
        output = launch.run_as(ME, ["/bin/sh", "-c", 'umask; echo "$HOME $USER $EXTRA"'], {"EXTRA": "a=b"})
    finally:
        os.umask(before)
    assert output.split() == ["0022", ME.pw_dir, ME.pw_name, "a=b"]


def test_the_message_of_a_failed_execution_is_shown(tmp_path):
    script = tmp_path / "obproxyd.sh"
    script.write_text("#!/bin/sh\nexit 0\n")
    with pytest.raises(launch.LaunchError, match=r"could not be executed: .*Permission denied"):
        launch.run_as(ME, [str(script)], {})
    with pytest.raises(launch.LaunchError, match=r"exit code 126: .*obproxyd.sh.*Permission denied"):
        launch.run_as(ME, ["/bin/sh", "-c", f"exec {script}"], {})
    with pytest.raises(launch.LaunchError, match="exit code 3: no output"):
        launch.run_as(ME, ["/bin/sh", "-c", "exit 3"], {})


def test_a_launch_that_does_not_come_back_ends_at_its_limit():
    with pytest.raises(launch.LaunchError, match="did not finish within"):
        launch.run_as(ME, ["/bin/sleep", "30"], {}, timeout=0.2)


def test_a_hint_is_shown_only_if_it_can_be_right():
    script = "/opt/taobao/install/obproxy-1.9.1.1/bin/obproxyd.sh"
    refused = launch.explain("exit code 255: ENV is empty, please give it by -e", script, "")
    assert "obproxy_environment is ''" in refused
    assert "noexec" not in refused
    forbidden = launch.explain(f"exit code 126: sh: {script}: Permission denied", script, "private")
    assert "mount options" in forbidden
    assert "obproxy_environment" not in forbidden
    other = launch.explain("exit code 1: no log dir or no permission", script, "private")
    assert other == f"{script} could not start OBProxy: exit code 1: no log dir or no permission"
