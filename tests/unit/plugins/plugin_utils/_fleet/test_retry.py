# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tasks that a user selects for a retry, and the outcome of each of them."""

import pytest
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.retry import report, task_ids


@pytest.mark.parametrize("given", [[33001, 33002], "33001,33002", "33001\n33002\n33001", ["33001", "33002, 33001"]])
def test_ids_may_be_a_list_or_the_text_of_a_survey(given):
    assert task_ids(given) == {"ids": [33001, 33002], "problem": ""}


def test_one_id_is_a_number():
    assert task_ids(33001)["ids"] == [33001]


@pytest.mark.parametrize("given", [[], "", " \n"])
def test_no_id_says_what_to_do(given):
    assert "Set obproxy_task_ids" in task_ids(given)["problem"]


def test_an_invalid_id_is_named_and_nothing_is_retried():
    assert task_ids("33001 first -7") == {"ids": [], "problem": "obproxy_task_ids: not a task id: first, -7."}


def test_one_id_that_ocp_does_not_know_hides_no_other():
    task = {"id": 33001, "name": "Install obproxy", "status": "FAILED", "failed_subtasks": []}
    done = report([33001, 9], [task], [], {"tasks": [{**task, "status": "SUCCESSFUL"}]})
    assert done["failed"] == [9]
    assert done["message"] == "2 tasks: 1 retried, 1 not successful (9)."
