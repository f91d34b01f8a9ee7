# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sliced jobs, as AWX runs them on several instances at the same time."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ansible_runner
import pytest

SLICES = ("proxy-1,proxy-3", "proxy-2,proxy-4")


@pytest.fixture
def sliced(fleet, tmp_path):
    fleet.variables["given_to_role"] = str(tmp_path / "given")
    (tmp_path / "given").mkdir()
    for number in range(1, 5):
        fleet.add(f"proxy-{number}", ansible_host=f"10.0.0.{number}", obproxy_cluster="demo")
    return fleet


def posts(ocp):
    return [request for request in ocp.requests() if request["method"] == "POST"]


def test_hosts_are_prepared_in_slices_and_taken_over_in_one_run(sliced, ocp, tmp_path):
    sliced.hosts["proxy-4"]["obproxy_config_url"] = "http://own/"
    for run in sliced.at_once("prepare", *SLICES):
        assert run.code == 0, run.output
    given = {file.name: json.loads(file.read_text())["config_url"] for file in (tmp_path / "given").iterdir()}
    assert sorted(given) == ["proxy-1", "proxy-2", "proxy-3", "proxy-4"]
    assert "ObproxyClusterName=demo" in given["proxy-1"]
    assert given["proxy-4"] == "http://own/"
    assert posts(ocp) == []
    assert sliced.run("takeover").code == 0
    assert len(posts(ocp)) == 1


def test_two_jobs_of_ansible_runner_prepare_a_slice_each(sliced, ocp, tmp_path):
    """As in AWX, the inventory of each job contains only the hosts of its slice."""

    def job(names):
        environment = {**sliced.environment, "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
        return ansible_runner.run(
            private_data_dir=str(tmp_path / names),
            playbook="obops.oceanbase.prepare",
            inventory=[str(sliced.inventory(*names.split(",")))],
            envvars=environment,
            quiet=True,
        )

    for names in SLICES:
        (tmp_path / names).mkdir()
    with ThreadPoolExecutor() as pool:
        jobs = list(pool.map(job, SLICES))
    assert [(done.status, done.rc) for done in jobs] == [("successful", 0)] * 2
    assert sorted(file.name for file in (tmp_path / "given").iterdir()) == [f"proxy-{n}" for n in range(1, 5)]
    assert sliced.run("takeover").code == 0
    assert len(posts(ocp)) == 1


def test_hosts_with_a_start_mode_are_prepared_without_an_ocp(sliced, ocp):
    run = sliced.run("prepare", obproxy_config_url="http://own/")
    assert run.code == 0
    assert ocp.requests() == []


def test_a_host_that_cannot_be_prepared_holds_up_no_other(sliced):
    sliced.hosts["proxy-2"]["role_fails"] = "no space left on device"
    run = sliced.run("prepare")
    assert run.code != 0
    assert run.recap("proxy-2")["failed"] == 1
    assert run.recap("proxy-1")["failed"] == 0


def test_a_takeover_in_slices_takes_each_proxy_over_once(sliced, ocp):
    runs = sliced.at_once("takeover", *SLICES)
    assert [run.code for run in runs] == [0, 0], [run.output for run in runs]
    hosts = [host["hostId"] for request in posts(ocp) for host in request["body"]["hosts"]]
    assert sorted(hosts) == [1, 2, 3, 4]
    assert [outcome for run in runs for outcome in run.outcomes.values()] == ["taken_over"] * 4
