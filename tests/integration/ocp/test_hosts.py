# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ocp_host against a simulated OCP."""

import pytest

from tests.integration.ocp.conftest import world
from tests.integration.ocp.live import Live
from tools.matrix import versions

NEW = ["10.0.1.1", "10.0.1.2"]
OPTIONS = {"idc": "idc1", "host_type": "x86_64-16c-64g", "credential": "hosts"}


@pytest.fixture
def host(runner):
    def run(*hosts, check=False, **arguments):
        return runner.module("ocp_host", check=check, hosts=list(hosts), **{**OPTIONS, **arguments})

    return run


def writes(ocp):
    return [request for request in ocp.requests() if request["method"] != "GET"]


def added(ocp):
    """Return the addresses of the hosts that were added to OCP, in order."""
    return [host["address"] for host in ocp.state()["hosts"] if host["address"].startswith("10.0.1.")]


def test_hosts_are_added_and_then_left_alone(ocp, host):
    run = host(*NEW, "10.0.0.1")
    assert run.outcomes == ["added", "added", "already_added"]
    assert [each["status"] for each in run.result["hosts"]] == ["ONLINE"] * 3
    again = host(*NEW, "10.0.0.1", idc="nothing")
    assert again.outcomes == ["already_added"] * 3
    assert again.result["changed"] is False
    assert len(writes(ocp)) == 1


def test_what_is_added_can_be_taken_over(host, take_over):
    host(NEW[0])
    assert take_over(hosts=[{"host": NEW[0]}]).outcomes == ["taken_over"]


def test_the_options_of_new_hosts(ocp, host):
    host(NEW[0], ssh_port=2222, kind="DEDICATED_CONTAINER", alias="proxy-21", description="A proxy.")
    new = ocp.state()["hosts"][-1]
    assert (new["ssh_port"], new["kind"], new["name"]) == (2222, "DEDICATED_CONTAINER", "proxy-21")
    assert writes(ocp)[0]["body"]["description"] == "A proxy."


def test_check_mode_writes_nothing_and_predicts(ocp, host):
    predicted = host(*NEW, "10.0.0.1", check=True, idc="idc2", region="region1")
    assert predicted.outcomes == ["would_add", "would_add", "already_added"]
    assert writes(ocp) == []
    real = host(*NEW, "10.0.0.1", idc="idc2", region="region1")
    assert (predicted.result["changed"], predicted.result["diff"]) == (real.result["changed"], real.result["diff"])
    assert ocp.state()["idcs"][-1]["name"] == "idc2"


def test_an_idc_that_is_missing_is_an_error_unless_its_region_is_named(ocp, host):
    failure = host(NEW[0], idc="idc2").failure
    assert failure["kind"] == "not_found"
    assert "It has: idc1 (1)" in failure["message"]
    assert writes(ocp) == []


def test_120_hosts_are_three_calls(ocp, host):
    hosts = [f"10.0.1.{n}" for n in range(1, 121)]
    assert host(*hosts).outcomes == ["added"] * 120
    assert len(writes(ocp)) == 3


def test_lines_show_what_happens(ocp, runner, tmp_path):
    ocp.settings(task_seconds=4)
    task = {"name": "Try it", "obops.oceanbase.ocp_host": {"hosts": NEW, **OPTIONS}}
    run = Live(versions.python_of(versions.OWN), tmp_path, runner.environment(), task)
    assert run.wait() == 0, run.output
    assert "Adding 2 hosts: OCP tasks 3" in run.progress[0].text
    assert any(f"{NEW[1]}: RUNNING, subtask" in line.text for line in run.progress), run.output


def test_a_lost_answer_adds_each_host_once(ocp, host):
    ocp.fault("reset", when="after", method="POST", path="batchCreate$")
    assert host(*NEW).outcomes == ["added", "added"]
    assert added(ocp) == NEW
    assert len(writes(ocp)) == 1


@pytest.mark.parametrize("error_codes", ["integer", "string"])
def test_a_killed_run_is_joined(ocp, runner, tmp_path, host, error_codes):
    ocp.settings(task_seconds=30, error_codes=error_codes)
    task = {"name": "Try it", "obops.oceanbase.ocp_host": {"hosts": NEW, **OPTIONS}}
    run = Live(versions.python_of(versions.OWN), tmp_path, runner.environment(), task)
    run.until("OCP tasks 3")
    run.end()
    for each in ocp.tasks():
        ocp.change_task(each["id"], seconds=20)
    assert host(*NEW, "10.0.1.3").outcomes == ["added"] * 3
    assert added(ocp) == [*NEW, "10.0.1.3"]
    assert host(*NEW).result["changed"] is False


@pytest.mark.parametrize("refuse_at", ["task", "call"])
@pytest.mark.parametrize("error_codes", ["integer", "string"])
@pytest.mark.parametrize(
    "problem, words",
    [
        (7002, "ssh"),
        (7016, "credential"),
        (7021, "clocks"),
        (7023, "dependencies of OCP's agent"),
        (7036, "missing command"),
    ],
)
def test_a_host_that_ocp_refuses_does_not_stop_the_others(ocp, host, problem, words, error_codes, refuse_at):
    state = world(0, error_codes=error_codes, refuse_at=refuse_at)
    ocp.reset({**state, "new_hosts": [{"address": NEW[1], "problem": problem}]})
    run = host(*NEW)
    assert run.outcomes == ["added", "failed"], run.output
    assert run.failure["host"]["address"] == NEW[1]
    if refuse_at == "call":
        assert words in run.failure["next"]
    else:
        assert str(problem) in run.failure["log"]
        assert "operation: retry" in run.failure["next"]


def test_hosts_of_two_systems_are_added_by_two_calls(ocp, host):
    ocp.reset({**world(0), "new_hosts": [{"address": NEW[1], "operating_system": "AlmaLinux release 8.10"}]})
    assert host(*NEW).outcomes == ["added", "added"]


def test_running_again_after_the_cause_was_fixed_retries_the_task(ocp, host):
    ocp.task_fault("fail", subtask=1, log="clock differs")
    assert "clock differs" in host(NEW[0]).failure["log"]
    assert host(NEW[0]).outcomes == ["added"]
    assert added(ocp) == [NEW[0]]


def test_hosts_are_deleted(ocp, host):
    assert host("10.0.0.1", "10.0.1.9", state="absent", check=True).outcomes == ["would_remove", "already_absent"]
    assert host("10.0.0.1", "10.0.1.9", state="absent").outcomes == ["removed", "already_absent"]
    assert host("10.0.0.1", state="absent").result["changed"] is False
    assert len(writes(ocp)) == 1


def test_a_host_with_a_proxy_is_not_deleted(ocp, host, take_over):
    take_over(1)
    before = len(writes(ocp))
    failure = host("10.0.0.1", "10.0.0.2", state="absent").failure
    assert failure["kind"] == "conflict"
    assert "10.0.0.1 (demo (1))" in failure["message"]
    assert len(writes(ocp)) == before


def test_a_user_without_the_role_is_shown_which_one_is_missing(ocp, runner, host):
    reader = {"username": "reader", "password": "reading", "roles": ["HOST_VIEWER"]}
    ocp.reset({**world(1), "users": [reader], "credentials": [{"name": "hosts", "owner": "reader"}]})
    runner.env.update(OCP_USERNAME="reader", OCP_PASSWORD="reading")
    failure = host(NEW[0]).failure
    assert failure["kind"] == "permission"
    assert "HOST_MANAGER" in failure["next"]


def test_not_waiting(ocp, host):
    ocp.settings(task_seconds=60)
    run = host(*NEW, wait=False)
    assert run.outcomes == ["submitted", "submitted"]
    assert run.result["tasks"][0]["status"] == "RUNNING"
