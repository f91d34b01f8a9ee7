# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The proxies that a scheduled run of the playbook status reports."""

import pytest
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.status import report

TASK = {"id": 33001, "name": "Install obproxy", "started": "now", "url": "http://ocp/task/33001", "failed_subtasks": []}


def of(*statuses, running=(), failed=()):
    proxies = [
        {"address": f"10.0.0.{number}", "sql_port": 2883, "version": "4.2.1-11", "status": status}
        for number, status in enumerate(statuses, 1)
    ]
    return report([{"id": 1, "name": "demo", "work_mode": "CONFIG_URL", "obproxies": proxies}], running, failed)


def test_a_proxy_that_ocp_is_changing_is_no_reason_to_fail():
    found = of("RUNNING", "TAKINGOVER", running=[TASK], failed=[{**TASK, "id": 33000}])
    assert found["wrong"] == []
    assert found["stats"]["obproxy_status_not_running"] == ["10.0.0.2:2883"]


def test_a_proxy_that_a_failed_task_left_behind_is_one():
    found = of("RUNNING", "TAKINGOVER", failed=[TASK])
    assert found["wrong"] == ["10.0.0.2:2883"]
    assert found["message"] == "1 proxy of 2 not running: 10.0.0.2:2883."


@pytest.mark.parametrize("running", [[], [TASK]])
def test_a_proxy_that_is_down_is_one_in_any_case(running):
    assert of("UNAVAILABLE", running=running)["wrong"] == ["10.0.0.1:2883"]
