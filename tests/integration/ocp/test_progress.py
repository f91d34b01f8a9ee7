# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a user sees while a takeover runs and when it is interrupted, with the newest and the oldest ansible-core."""

import functools
import os
import re
import signal
from datetime import datetime
from pathlib import Path

import pytest

from tests.integration.ocp.conftest import takeover_of, world
from tests.integration.ocp.live import Live
from tools.matrix import versions

#: Seconds after the end of Ansible within which all processes that it started must have ended.
SOON = 8


@pytest.fixture(scope="module", params=[versions.OWN, "2.16"])
def python(request):
    """The Python interpreter of an ansible-core version."""
    try:
        return versions.python_of(request.param)
    except versions.CannotBeHad as reason:
        pytest.skip(str(reason))


@pytest.fixture
def watch_with(runner, tmp_path):
    """A function that starts a module in a playbook, with the Ansible of the given Python, to be watched."""
    runs = []

    def start(python, name="ocp_obproxy_takeover", **arguments):
        folder = tmp_path / str(len(runs))
        folder.mkdir()
        task = {"name": "Try it", f"obops.oceanbase.{name}": arguments}
        runs.append(Live(python, folder, runner.environment(), task))
        return runs[-1]

    yield start
    for run in runs:
        run.end()


@pytest.fixture
def watch_each(watch_with, python):
    """`watch_with` for each ansible-core version, for tests that depend on the version."""
    return functools.partial(watch_with, python)


@pytest.fixture
def watch(watch_with):
    return functools.partial(watch_with, versions.python_of(versions.OWN))


def posted(ocp):
    """Return the time of the takeover request to OCP, in seconds since the epoch."""
    post = next(request for request in ocp.requests() if request["method"] == "POST")
    return datetime.fromisoformat(post["time"]).timestamp()


def test_lines_come_while_the_task_runs(ocp, watch_each):
    ocp.settings(task_seconds=8)
    run = watch_each(**takeover_of(1, 2))
    assert run.wait() == 0, run.output
    first = run.progress[0]
    ids = [taken["task_id"] for taken in ocp.takeovers()]
    assert f"OCP tasks {ids[0]}-{ids[1]}" in first.text
    assert first.moment - posted(ocp) < 3
    # The lines are spread over time: in more than half of the seconds that the task took, there was a new one.
    seconds = {int(line.at) for line in run.progress}
    assert len(seconds) >= 5, run.output
    assert any("10.0.0.2: RUNNING, subtask " in line.text for line in run.progress)
    assert "SUCCESSFUL" in run.progress[-1].text
    # The progress lines come before the task's own line.
    assert run.until("ok=1").at >= run.progress[-1].at


def test_a_wait_for_tasks_is_shown_as_well(ocp, watch_each, take_over):
    ocp.settings(task_seconds=30)
    ids = [host["task_id"] for host in take_over(1, 2, wait=False).result["hosts"]]
    run = watch_each("ocp_task_wait", task_ids=ids)
    assert run.until("OCP tasks") is run.progress[0]
    assert f"OCP tasks {ids[0]}-{ids[1]}" in run.progress[0].text
    run.until_spread_over(3)
    for task_id in ids:
        ocp.change_task(task_id, seconds=0)
    assert run.wait() == 0, run.output
    assert "SUCCESSFUL" in run.progress[-1].text


def test_progress_false_is_silent(ocp, watch):
    run = watch(**takeover_of(1), progress=False)
    assert run.wait() == 0, run.output
    assert run.progress == []


def test_200_tasks_stay_readable(ocp, watch):
    ocp.reset(world(200, task_seconds=8))
    run = watch(**takeover_of(*range(1, 201)))
    assert run.wait() == 0, run.output
    assert "OCP tasks 33001-33200" in run.progress[0].text
    assert 5 <= len(run.progress) <= 30, run.output
    assert any("200 tasks: " in line.text for line in run.progress)
    assert max(len(line.text) for line in run.progress) < 200


def test_a_failure_among_many_is_named(ocp, watch):
    ocp.reset(world(200, task_seconds=4))
    ocp.task_fault("fail", host=77, subtask=6, log="no answer")
    run = watch(**takeover_of(*range(1, 201)))
    assert run.wait() != 0
    assert any(re.search(r"task \d+ 10\.0\.0\.77: FAILED, subtask 6 of 12", line.text) for line in run.progress)


@pytest.mark.parametrize("how", ["Ctrl-C", "SIGTERM", "SIGKILL"])
def test_nothing_is_left_running_after_an_interruption_and_a_new_run_joins(ocp, watch_each, how):
    ocp.settings(task_seconds=25)
    run = watch_each(**takeover_of(1, 2), wait_interval=60)
    run.until("OCP tasks")
    run.interrupt(how)
    assert run.wait(10) != 0
    assert run.left_over(SOON) == []
    asked = len(ocp.requests())
    for taken in ocp.takeovers():
        ocp.change_task(taken["task_id"], seconds=0)
    again = watch_each(**takeover_of(1, 2))
    assert again.wait() == 0, again.output
    assert len(ocp.requests()) > asked
    assert len(ocp.takeovers()) == 2


def test_the_module_ends_when_all_of_ansible_is_killed_at_once(ocp, watch):
    """This is worse than any interruption: no process is left to stop the module, so it must notice this by itself."""
    ocp.settings(task_seconds=120)
    run = watch(**takeover_of(1), wait_interval=60)
    run.until("OCP task ")
    for words in run.left_over(0):
        if "ansible-playbook" in words:
            os.kill(int(words.split(":")[0]), signal.SIGKILL)
    assert run.left_over(1), "the module should still be there, or this tests nothing"
    assert run.left_over(30) == []


def test_ansible_runner_sees_the_lines_as_events_before_the_end(ocp, runner, tmp_path):
    import ansible_runner

    ocp.settings(task_seconds=4)
    (tmp_path / "project").mkdir()
    task = {"name": "Try it", "obops.oceanbase.ocp_obproxy_takeover": takeover_of(1, 2)}
    playbook = [{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]
    environment = {key: value for key, value in runner.environment().items() if key.startswith(("OCP_", "ANSIBLE_"))}
    events = []
    run = ansible_runner.run(
        private_data_dir=str(tmp_path),
        playbook=playbook,
        envvars={**environment, "PATH": f"{Path(runner.interpreter).parent}:{os.environ['PATH']}"},
        extravars={"ansible_python_interpreter": runner.interpreter},
        event_handler=lambda event: events.append((event["event"], event["stdout"], event["created"])),
        quiet=True,
    )
    assert run.rc == 0, events
    kinds = [kind for kind, _text, _created in events]
    lines = [(text, n) for n, (kind, text, _created) in enumerate(events) if kind == "verbose" and " s] " in text]
    assert "OCP tasks 33001-33002" in lines[0][0]
    assert len(lines) >= 4
    assert lines[-1][1] < kinds.index("runner_on_ok")
    assert len({events[n][2][:19] for _text, n in lines}) >= 3
