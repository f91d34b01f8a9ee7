# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A proxy that was taken over has to prove that it serves. A check that it failed before proves nothing."""

from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.outcomes import proofs
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.plan import Records

from .fleets import cluster


def row(number, outcome="taken_over", wave=1):
    address = f"10.0.0.{number}"
    return {
        "host": f"proxy-{number}",
        "address": address,
        "sql_port": 2883,
        "host_id": None,
        "wave": wave,
        "outcome": outcome,
        "message": "",
        "failure": None,
    }


def seen(number, error=None):
    return {"address": f"10.0.0.{number}", "sql_port": 2883, "answers": not error, "error": error}


def ocp(*statuses):
    proxies = [
        {"address": f"10.0.0.{number}", "host_id": number, "sql_port": 2883, "status": status, "id": number}
        for number, status in enumerate(statuses, start=1)
    ]
    return Records([cluster(proxies=proxies)])


FINE = {"proxies": [seen(0)]}


def failures(rows):
    return [each["message"].removeprefix("It was taken over, but ") for each in rows if each["failure"]]


def test_a_proxy_that_runs_in_ocp_and_answers_is_proved():
    assert failures(proofs([row(1)], 1, ocp("RUNNING"), {"proxy-1": FINE}, ([seen(1)], [seen(1)]))) == []


def test_each_thing_that_is_wrong_is_named():
    checks = {"proxy-1": {"proxies": [seen(0, "port 2883 does not answer: Connection refused")]}}
    rows = proofs(
        [row(1)], 1, ocp("UNAVAILABLE"), checks, ([seen(1)], [seen(1, "port 2883 does not answer: time out")])
    )
    assert failures(rows) == [
        "OCP shows it as UNAVAILABLE; port 2883 does not answer: Connection refused (checked on its host); "
        "port 2883 does not answer: time out (checked from the controller, which it answered before)."
    ]
    assert rows[0]["outcome"] == "taken_over"
    assert rows[0]["failure"]["kind"] == "check_failed"


def test_a_proxy_out_of_the_controllers_reach_is_not_blamed_for_it():
    dead = [seen(1, "port 2883 does not answer: time out")]
    assert failures(proofs([row(1)], 1, ocp("RUNNING"), {"proxy-1": FINE}, (dead, dead))) == []


def test_a_host_that_cannot_be_asked_is_not_proved():
    for result in (None, {"unreachable": True}, {}):
        assert failures(proofs([row(1)], 1, ocp("RUNNING"), {"proxy-1": result}))
    rows = proofs([row(1)], 1, ocp("RUNNING"), {"proxy-1": {"msg": "no Python"}})
    assert failures(rows) == ["its host could not be checked: no Python."]


def test_ones_own_tasks_count():
    rows = proofs([row(1)], 1, ocp("RUNNING"), {"proxy-1": FINE}, errors={"proxy-1": "3 sessions are missing"})
    assert failures(rows) == ["obproxy_check_tasks: 3 sessions are missing."]


def test_other_waves_and_hosts_that_were_not_taken_over_are_left_alone():
    rows = [row(1, wave=2), row(2, "already_managed"), row(3, "failed")]
    assert failures(proofs(rows, 1, ocp(), {})) == []
