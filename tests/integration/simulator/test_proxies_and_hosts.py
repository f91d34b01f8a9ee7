# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Other operations that change clusters, proxies and hosts, each with its own task."""

from __future__ import annotations

import pytest

from tests.integration.simulator.calls import CLUSTERS, Ocp, host

PROXIES = f"{CLUSTERS}/1/obproxies"
NEW = {"hostIds": [1, 2], "sqlPort": 2883, "exporterPort": 2884, "version": "4.2.1-11"}


@pytest.fixture
def managed(frozen: Ocp) -> Ocp:
    """A simulated OCP whose cluster manages a proxy on each of the two hosts."""
    frozen.take_over(host(1), host(2))
    frozen.control.advance(13)
    return frozen


def shown(ocp: Ocp) -> list[tuple]:
    return [(proxy["id"], proxy["status"], proxy["operateStatus"]) for proxy in ocp.proxies()]


def test_new_proxies_are_created_by_a_task_each(frozen: Ocp) -> None:
    tasks = frozen.post(f"{PROXIES}/batchAdd", NEW)["contents"]
    assert [task["hostId"] for task in tasks] == [1, 2]
    assert {proxy["status"] for proxy in frozen.proxies()} == {"CREATING"}
    frozen.control.advance(13)
    assert [(proxy["status"], proxy["version"]) for proxy in frozen.proxies()] == 2 * [("RUNNING", "4.2.1-11")]
    assert frozen.refusal("POST", f"{PROXIES}/batchAdd", json=NEW)[1]["code"] == 7010


def test_a_proxy_restarts(managed: Ocp) -> None:
    task = managed.post(f"{PROXIES}/1/restart")
    assert task["hostId"] == 1
    assert shown(managed) == [(1, "RESTARTING", "OPERATING"), (2, "RUNNING", "NORMAL")]
    assert managed.refusal("POST", f"{PROXIES}/1/restart")[1]["code"] == 20021
    managed.control.advance(13)
    assert shown(managed) == [(1, "RUNNING", "NORMAL"), (2, "RUNNING", "NORMAL")]


def test_proxies_are_upgraded_to_the_packages_version(managed: Ocp) -> None:
    body = {"shortRpmName": "obproxy-3.2.3-20220310201314.el7.x86_64.rpm"}
    managed.post(f"{PROXIES}/1,2/upgrade", body)
    assert {proxy["status"] for proxy in managed.proxies()} == {"UPGRADING"}
    managed.control.advance(13)
    assert {proxy["version"] for proxy in managed.proxies()} == {"3.2.3-20220310201314"}


def test_deleted_proxies_are_gone_when_the_task_is_done(managed: Ocp) -> None:
    task = managed._data(managed.call("DELETE", f"{PROXIES}/2"))
    assert task["name"] == "Delete obproxy"
    assert shown(managed)[1] == (2, "DELETING", "OPERATING")
    managed.control.advance(13)
    assert shown(managed) == [(1, "RUNNING", "NORMAL")]
    managed.take_over(host(2))


def test_a_failed_restart_rolls_back_to_what_was(managed: Ocp) -> None:
    managed.control.task_fault("fail", subtask=2)
    task = managed.post(f"{PROXIES}/1/restart")
    managed.control.advance(13)
    assert managed.task(task["id"])["status"] == "FAILED"
    managed.post(f"/api/v2/tasks/instances/{task['id']}/rollback")
    managed.control.advance(13)
    assert shown(managed)[0] == (1, "RUNNING", "NORMAL")


def test_a_proxy_that_there_is_not_is_not_found(managed: Ocp) -> None:
    assert managed.refusal("POST", f"{PROXIES}/1,9/restart")[1]["code"] == 21002
    assert managed.refusal("DELETE", f"{PROXIES}/all")[0] == 400
    assert {proxy["status"] for proxy in managed.proxies()} == {"RUNNING"}
