# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts as a user of ocp_host sees them: what is posted, what is joined, and what the result says."""

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.errors import OcpError
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.hosts_absent import HostsAbsent
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.hosts_present import HostsPresent
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.progress import Progress
from ansible_collections.obops.oceanbase.tests.unit.plugins.module_utils._ocp.fake_estate import FakeEstate

OPTIONS = {
    "idc": "idc1",
    "region": None,
    "host_type": "proxies",
    "credential": "root",
    "ssh_port": 22,
    "kind": "DEDICATED_PHYSICAL_MACHINE",
    "alias": None,
    "description": None,
}


def addresses(*numbers):
    return [f"10.1.{n // 250}.{n % 250 + 1}" for n in numbers]


def run(ocp, *hosts, check=False, wait=True, lines=None, **options):
    progress = Progress((lines if lines is not None else []).append, lambda: ocp.limit.elapsed)
    return HostsPresent(ocp, {"hosts": list(hosts), **OPTIONS, **options}, progress).run(check=check, wait=wait)


def absent(ocp, *hosts, check=False):
    return HostsAbsent(ocp, list(hosts), Progress(lambda line: None, lambda: ocp.limit.elapsed)).run(check=check)


def failure(ocp, *hosts, how=run, **options):
    with pytest.raises(OcpError) as caught:
        how(ocp, *hosts, **options)
    return caught.value


def outcomes(result):
    return [host["outcome"] for host in result["hosts"]]


@pytest.fixture
def ocp():
    return FakeEstate()


A, B, C = addresses(0, 1, 2)


# -- present


def test_new_hosts_are_added_in_one_call(ocp):
    lines = []
    result = run(ocp, A, B, lines=lines)
    assert ocp.bodies == [
        {
            "sshPort": 22,
            "kind": "DEDICATED_PHYSICAL_MACHINE",
            "idcId": 5,
            "typeId": 7,
            "credentialId": 8,
            "hostBasicDataList": [{"innerIpAddress": A}, {"innerIpAddress": B}],
        }
    ]
    assert outcomes(result) == ["added", "added"]
    assert [host["status"] for host in result["hosts"]] == ["ONLINE", "ONLINE"]
    assert [host["task_id"] for host in result["hosts"]] == [33001, 33002]
    assert result["changed"]
    assert "Adding 2 hosts: OCP tasks 33001-33002" in lines[0]
    assert any(f"task 33002 {B}: RUNNING" in line for line in lines)


def test_all_options_reach_ocp(ocp):
    run(ocp, A, ssh_port=2222, kind="DEDICATED_CONTAINER", alias="proxy-21", description="A proxy.", idc="6")
    (body,) = ocp.bodies
    assert (body["sshPort"], body["kind"], body["idcId"]) == (2222, "DEDICATED_CONTAINER", 6)
    assert (body["alias"], body["description"]) == ("proxy-21", "A proxy.")


def test_existing_hosts_are_not_changed_whatever_the_options_say(ocp):
    result = run(ocp, "10.0.0.1", "proxy-2", idc="nothing", host_type="nothing", credential="nothing")
    assert outcomes(result) == ["already_added", "already_added"]
    assert not result["changed"]
    assert result["diff"]["before"] == result["diff"]["after"]
    assert ocp.requests == [("GET", "/api/v2/compute/hosts")]


def test_a_host_that_is_offline_is_in_ocp_and_shown_as_such(ocp):
    ocp.hosts[0]["status"] = "OFFLINE"
    (host,) = run(ocp, "10.0.0.1")["hosts"]
    assert (host["outcome"], host["status"]) == ("already_added", "OFFLINE")


def test_only_those_that_are_missing_are_posted(ocp):
    assert outcomes(run(ocp, "10.0.0.1", A)) == ["already_added", "added"]
    assert ocp.posted == [A]


def test_a_host_that_is_named_twice_is_one(ocp):
    assert outcomes(run(ocp, A, A + " ")) == ["added"]
    assert ocp.posted == [A]


def test_a_second_run_changes_nothing(ocp):
    run(ocp, A)
    again = run(ocp, A)
    assert outcomes(again) == ["already_added"]
    assert not again["changed"]
    assert ocp.posted == [A]


def test_check_mode_predicts_what_the_run_then_does(ocp):
    predicted = run(ocp, "10.0.0.1", A, check=True)
    assert outcomes(predicted) == ["already_added", "would_add"]
    assert {method for method, _path in ocp.requests} == {"GET"}
    real = run(ocp, "10.0.0.1", A)
    assert predicted["changed"] == real["changed"]
    assert predicted["diff"] == real["diff"]


def test_hundreds_of_hosts_go_into_calls_of_50_and_cost_requests_by_the_page():
    ocp = FakeEstate()
    assert outcomes(run(ocp, *addresses(*range(120)))) == ["added"] * 120
    assert [len(body["hostBasicDataList"]) for body in ocp.bodies] == [50, 50, 20]
    assert len(ocp.requests) < 60


@pytest.mark.parametrize(
    "hosts, options, words",
    [
        ([], {}, "hosts is empty"),
        ([" "], {}, "an entry is empty"),
        (["proxy-77"], {}, "proxy-77 is not an IPv4 address"),
        ([A, "2001:db8::5"], {}, "2001:db8::5 is not an IPv4 address"),
        ([A, B], {"alias": "proxy-21"}, "alias is set for 2 hosts"),
        ([A], {"ssh_port": 70000}, "ssh_port: 70000 is not a port"),
        ([A], {"idc": "idc9"}, "idc: OCP has no IDC idc9. It has: idc1 (5), 7 (6)"),
        ([A], {"host_type": "big"}, "host_type: OCP has no host type big. It has: proxies (7)"),
        ([A], {"credential": "mine"}, "credential: OCP has no credential for hosts mine. It has: root (8)"),
        ([A], {"idc": "idc1", "region": "region2"}, "belongs to the region with the id 1, not to region2"),
        ([A], {"idc": "idc9", "region": "nowhere"}, "region: OCP has no region nowhere"),
    ],
)
def test_invalid_options_are_an_error_before_anything_is_posted(ocp, hosts, options, words):
    error = failure(ocp, *hosts, check=True, **options)
    assert words in error.message
    assert {method for method, _path in ocp.requests} <= {"GET"}


@pytest.mark.parametrize("word, number", [("idc1", 5), ("IDC1 ", 5), ("5", 5), ("7", 6)])
def test_an_idc_is_named_by_name_or_id(ocp, word, number):
    run(ocp, A, idc=word)
    assert ocp.bodies[0]["idcId"] == number


def test_a_credential_named_by_its_id_works_where_ocp_lists_none(ocp):
    ocp.faults["GET", "/credentials", 1] = OcpError("protocol", "a web page")
    run(ocp, A, credential="9")
    assert ocp.bodies[0]["credentialId"] == 9
    ocp.faults["GET", "/credentials", 2] = OcpError("protocol", "a web page")
    assert failure(ocp, B, credential="root").kind == "protocol"


@pytest.mark.parametrize("fault", [None, "after"])
def test_an_idc_is_made_only_if_its_region_is_named(ocp, fault):
    assert "also set region" in failure(ocp, A, idc="idc2").next
    assert outcomes(run(ocp, A, idc="idc2", region="region2", check=True)) == ["would_add"]
    assert ocp.bodies == []
    ocp.faults["POST", "/idcs", 1] = fault
    result = run(ocp, A, idc="idc2", region="region2")
    assert ocp.bodies[0] == {"name": "idc2", "regionId": 2}
    assert ocp.bodies[1]["idcId"] == ocp.resources["idcs"][-1]["id"]
    assert result["changed"]
    run(ocp, B, idc="idc2", region="region2")
    assert ocp.count("POST", "/idcs") == 1


# -- exactly once


def test_a_lost_answer_is_looked_for_and_not_posted_again(ocp):
    ocp.faults["POST", "/batchCreate", 1] = "after"
    result = run(ocp, A, B)
    assert outcomes(result) == ["added", "added"]
    assert [host["task_id"] for host in result["hosts"]] == [33001, 33002]
    assert ocp.posted == [A, B]
    assert ocp.count("POST") == 1


def test_an_answer_that_comes_late_is_waited_for():
    ocp = FakeEstate()
    ocp.late_by = 90
    ocp.faults["POST", "/batchCreate", 1] = "late"
    assert outcomes(run(ocp, A)) == ["added"]
    assert ocp.posted == [A]


def test_hosts_that_never_arrived_are_an_error_and_can_be_added_by_another_run(ocp):
    ocp.faults["POST", "/batchCreate", 1] = "before"
    error = failure(ocp, A, B)
    assert error.kind == "connection"
    assert f"OCP does not show {A}; {B} yet" in error.message
    assert outcomes(error.result) == ["submitted", "submitted"]
    assert error.result["changed"]
    assert ocp.count("POST") == 1
    assert outcomes(run(ocp, A, B)) == ["added", "added"]
    assert ocp.posted == [A, B]


def test_a_killed_run_is_joined_by_the_next(ocp):
    run(ocp, A, B, wait=False)
    lines = []
    result = run(ocp, A, B, C, lines=lines)
    assert outcomes(result) == ["added"] * 3
    assert ocp.posted == [A, B, C]
    assert [host["task_id"] for host in result["hosts"]] == [33001, 33002, 33003]
    assert "Adding 1 host, waiting for 2 hosts that OCP is already adding" in lines[0]


def test_hosts_whose_tasks_ocp_does_not_show_are_waited_for(ocp):
    run(ocp, A, wait=False)
    ocp.finds_hosts = False
    result = run(ocp, A)
    assert outcomes(result) == ["added"]
    assert result["tasks"] == []


def test_someone_else_who_is_faster_is_joined(ocp):
    ocp.faults["POST", "/batchCreate", 1] = OcpError("rejected", "Host exists.", code="CMP07001", status=400)
    ocp.later.append((0.02, lambda: ocp._add_host(A)))
    assert outcomes(run(ocp, A, B)) == ["added", "added"]
    assert ocp.posted == [B]


def test_not_waiting_returns_the_tasks(ocp):
    result = run(ocp, A, wait=False)
    assert outcomes(result) == ["submitted"]
    assert [task["status"] for task in result["tasks"]] == ["RUNNING"]
    assert result["changed"]
    assert ocp.clock.now < 1


# -- failures


def test_a_failed_task_is_reported_and_the_others_are_added(ocp):
    ocp.fail_at[103] = 1
    error = failure(ocp, A, B)
    assert error.kind == "task_failed"
    assert error.host["address"] == B
    assert "operation: retry" in error.next
    assert outcomes(error.result) == ["added", "failed"]


def test_running_again_retries_a_task_that_failed_before(ocp):
    ocp.fail_at[102] = 1
    failure(ocp, A)
    lines = []
    result = run(ocp, A, lines=lines)
    assert outcomes(result) == ["added"]
    assert any("Retrying it in OCP" in line for line in lines)
    assert ocp.posted == [A]


def test_running_again_retries_no_more_than_once(ocp):
    ocp.fail_at[102] = 3
    failure(ocp, A)
    assert failure(ocp, A).kind == "task_failed"
    assert ocp.count("POST", "/retry") == 1


@pytest.mark.parametrize("names_it", [True, False])
def test_one_host_that_is_refused_does_not_stop_the_others(ocp, names_it):
    ocp.refuses[C] = ("7002", names_it)
    hosts = addresses(*range(6))
    error = failure(ocp, *hosts)
    assert outcomes(error.result) == ["added", "added", "failed", "added", "added", "added"]
    assert sorted(ocp.posted) == sorted(set(hosts) - {C})
    assert f"OCP refused 1 host: {C}." in error.message
    assert error.host["address"] == C
    assert "ssh" in error.next


def test_a_cause_that_all_hosts_share_is_not_tried_on_each(ocp):
    hosts = addresses(*range(50))
    ocp.refuses = dict.fromkeys(hosts, ("CMP07016", True))
    error = failure(ocp, *hosts)
    assert outcomes(error.result) == ["failed"] * 50
    assert "OCP refused 50 hosts: " in error.message
    assert ocp.count("POST") <= 12
    assert not error.result["changed"]


def test_a_refusal_that_concerns_no_host_ends_the_run(ocp):
    ocp.faults["POST", "/batchCreate", 1] = OcpError("permission", "No.", status=403)
    error = failure(ocp, A, B)
    assert error.kind == "permission"
    assert outcomes(error.result) == ["failed", "failed"]
    assert ocp.count("POST") == 1


def test_the_time_limit_names_the_tasks():
    ocp = FakeEstate(task_seconds=10**6, limit=60)
    error = failure(ocp, A)
    assert error.kind == "timeout"
    assert "33001 (Prepare host) RUNNING" in error.message
    assert outcomes(error.result) == ["submitted"]


def test_a_host_that_stays_new_although_its_task_has_ended_is_an_error(ocp):
    run(ocp, A, wait=False)
    ocp.tasks[33001]["then"] = None
    error = failure(ocp, A)
    assert error.kind == "protocol"
    assert f"shows the host {A} as NEW, although its task 33001 has ended" in error.message


def test_a_host_that_is_being_deleted_is_an_error(ocp):
    ocp.hosts[0]["status"] = "DELETING"
    assert "OCP is deleting the host proxy-1" in failure(ocp, "10.0.0.1").message


# -- absent


def test_hosts_are_deleted_in_one_call(ocp):
    predicted = absent(ocp, "10.0.0.1", "proxy-2", A, check=True)
    assert outcomes(predicted) == ["would_remove", "would_remove", "already_absent"]
    assert ocp.bodies == []
    result = absent(ocp, "10.0.0.1", "proxy-2", A)
    assert ocp.bodies == [{"hostIdList": [1, 2]}]
    assert outcomes(result) == ["removed", "removed", "already_absent"]
    assert predicted["diff"] == result["diff"]
    again = absent(ocp, "10.0.0.1", "10.0.0.2")
    assert outcomes(again) == ["already_absent", "already_absent"]
    assert not again["changed"]


@pytest.mark.parametrize("fault, outcome", [("after", "removed"), ("before", "failed")])
def test_the_lost_answer_of_a_deletion_is_looked_for(ocp, fault, outcome):
    ocp.faults["POST", "/batchDelete", 1] = fault
    if fault == "after":
        result = absent(ocp, "10.0.0.1")
    else:
        error = failure(ocp, "10.0.0.1", how=absent)
        assert "OCP does not show that it was done" in error.message
        result = error.result
    assert outcomes(result) == [outcome]
    assert result["changed"]
    assert ocp.count("POST") == 1


def test_a_host_with_a_proxy_is_not_deleted(ocp):
    ocp.clusters[0]["obproxies"] = [{"hostId": 1, "ip": "10.0.0.1", "sqlPort": 2883, "status": "RUNNING"}]
    error = failure(ocp, "10.0.0.1", "10.0.0.2", how=absent)
    assert error.kind == "conflict"
    assert "OCP manages proxies on 10.0.0.1 (demo (1))" in error.message
    assert ocp.bodies == []


def test_a_deletion_that_ocp_refuses_is_reported_with_what_to_do(ocp):
    ocp.faults["POST", "/batchDelete", 1] = OcpError("conflict", "In use.", code="7000", status=500, maybe_done=True)
    error = failure(ocp, "10.0.0.1", how=absent)
    assert "still uses the host" in error.next
    assert outcomes(error.result) == ["failed"]
    assert not error.result["changed"]
