# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OBProxy clusters as a user sees them: created once, changed to the wanted state, and deleted if empty."""

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.cluster_absent import ClusterAbsent
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.cluster_plan import Wanted
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.cluster_present import ClusterPresent
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.errors import OcpError
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.progress import Progress
from ansible_collections.obops.oceanbase.tests.unit.plugins.module_utils._ocp.fake_estate import FakeEstate


def link(name, number=1, username="proxyro"):
    return {"cluster_name": name, "ob_cluster_id": number, "username": username}


def raw(name, number=1, username="proxyro"):
    return {"clusterName": name, "obClusterId": number, "username": username}


def run(ocp, kind=ClusterPresent, check=False, wait=True, lines=None, **wanted):
    progress = Progress((lines if lines is not None else []).append, lambda: ocp.limit.elapsed)
    return kind(ocp, Wanted(**{"name": "fresh", **wanted}), progress).run(check=check, wait=wait)


def absent(ocp, **wanted):
    return run(ocp, ClusterAbsent, **wanted)


def failure(ocp, kind=ClusterPresent, **wanted):
    with pytest.raises(OcpError) as caught:
        run(ocp, kind, **wanted)
    return caught.value


@pytest.fixture
def ocp():
    return FakeEstate()


@pytest.fixture
def there(ocp):
    """An OCP that has the cluster fresh in the mode CONFIG_URL, with two links."""
    run(ocp, ob_links=[link("a", 1), link("b", 2)])
    ocp.requests.clear()
    ocp.bodies.clear()
    return ocp


# -- a new cluster


def test_a_new_cluster_is_empty_and_found_by_its_name(ocp):
    lines = []
    result = run(ocp, lines=lines)
    assert ocp.bodies == [
        {
            "name": "fresh",
            "workMode": "CONFIG_URL",
            "port": 2883,
            "obLinks": [],
            "startupParameters": [],
            "parameters": [],
            "obproxyInstallParam": {"hostIds": []},
        }
    ]
    assert result["changed"]
    assert result["cluster"]["id"] == 11
    assert result["cluster"]["config_url"].endswith("=fresh")
    assert [task["status"] for task in result["tasks"]] == ["SUCCESSFUL"]
    assert "Creating the OBProxy cluster fresh: OCP task 33001" in lines[0]
    assert result["diff"] == {
        "before": {},
        "after": {"name": "fresh", "work_mode": "CONFIG_URL", "address": None, "port": 2883, "ob_links": []},
    }


def test_all_options_reach_ocp(ocp):
    run(
        ocp,
        work_mode="RS_LIST",
        address="proxy.example.com",
        port=3306,
        ob_links=[link("a", 7, "reader")],
        password="one",
        proxyro_password="two",
    )
    (body,) = ocp.bodies
    assert body["workMode"] == "RS_LIST"
    assert body["address"] == "proxy.example.com"
    assert body["port"] == 3306
    assert body["obLinks"] == [raw("a", 7, "reader")]
    assert (body["password"], body["proxyroPassword"]) == ("one", "two")


def test_what_is_empty_counts_as_not_set(ocp):
    run(ocp, address="", password="", proxyro_password="")
    assert not {"address", "password", "proxyroPassword"} & set(ocp.bodies[0])


def test_a_second_run_changes_nothing(ocp):
    options = {"work_mode": "CONFIG_URL", "address": "a.example.com", "port": 3306, "ob_links": [link("a")]}
    run(ocp, **options)
    again = run(ocp, purge_ob_links=True, password="other", **options)
    assert not again["changed"]
    assert again["tasks"] == []
    assert again["diff"]["before"] == again["diff"]["after"]
    assert [method for method, _path in ocp.requests].count("POST") == 1


def test_check_mode_predicts_what_the_run_then_does(ocp):
    predicted = run(ocp, check=True, ob_links=[link("a")])
    assert predicted["cluster"]["id"] is None
    assert {method for method, _path in ocp.requests} == {"GET"}
    real = run(ocp, ob_links=[link("a")])
    assert real["changed"] == predicted["changed"]
    assert real["diff"] == predicted["diff"]


@pytest.mark.parametrize(
    "wanted, words",
    [
        ({"name": "1st"}, "name: 1st is not a valid name"),
        ({"name": "a-b"}, "name: a-b is not a valid name"),
        ({"name": " "}, "name is empty"),
        ({"port": 0}, "port: 0 is not a port"),
        ({"work_mode": "RS_LIST"}, "ob_links has 0 OB clusters"),
        ({"work_mode": "RS_LIST", "ob_links": [link("a"), link("b")]}, "ob_links has 2 OB clusters"),
        ({"ob_links": [link("a"), link("A ")]}, "a is listed more than once"),
        ({"ob_links": [link(" ")]}, "a cluster_name is empty"),
    ],
)
def test_an_option_that_ocp_would_refuse_is_refused_before_anything_is_posted(ocp, wanted, words):
    error = failure(ocp, check=True, **wanted)
    assert error.kind == "rejected"
    assert words in error.message
    assert {method for method, _path in ocp.requests} <= {"GET"}


def test_a_lost_answer_is_looked_for_and_not_posted_again(ocp):
    ocp.faults["POST", "/clusters", 1] = "after"
    result = run(ocp)
    assert ocp.made == ["fresh"]
    assert ocp.count("POST") == 1
    assert result["changed"]
    assert result["cluster"]["id"] == 11


def test_a_cluster_that_takes_longer_than_a_lost_answer_is_waited_for():
    ocp = FakeEstate(task_seconds=300)
    ocp.faults["POST", "/clusters", 1] = "after"
    lines = []
    assert run(ocp, lines=lines)["cluster"]["id"] == 11
    assert any("does not list the OBProxy cluster fresh yet" in line for line in lines)


def test_a_creation_that_never_arrived_is_an_error_and_can_be_run_again(ocp):
    ocp.faults["POST", "/clusters", 1] = "before"
    error = failure(ocp)
    assert error.kind == "connection"
    assert "may still begin" in error.message
    assert "run this again" in error.next
    assert error.result["changed"]  # an unknown outcome is not reported as unchanged
    assert ocp.count("POST") == 1
    assert 60 <= ocp.clock.now < 80
    assert run(ocp)["changed"]
    assert ocp.made == ["fresh"]


def test_a_killed_run_is_joined_by_the_next(ocp):
    run(ocp, wait=False)
    lines = []
    result = run(ocp, lines=lines)
    assert ocp.made == ["fresh"]
    assert result["cluster"]["id"] == 11
    assert result["changed"]
    assert "Waiting until it lists the cluster" in lines[0]


def test_a_joined_cluster_is_changed_as_requested(ocp):
    run(ocp, wait=False)
    assert run(ocp, port=3306)["cluster"]["port"] == 3306
    assert ocp.cluster("fresh")["port"] == 3306


def test_not_waiting_returns_the_task(ocp):
    result = run(ocp, wait=False)
    assert [task["status"] for task in result["tasks"]] == ["RUNNING"]
    assert result["changed"]
    assert result["cluster"]["name"] == "fresh"
    assert ocp.clock.now < 1
    assert run(ocp, wait=False)["changed"]
    assert ocp.made == ["fresh"]


def test_a_cluster_that_is_listed_before_its_task_ends_is_waited_for_anyway(ocp):
    ocp.listed_at_once = True
    assert run(ocp)["tasks"][0]["status"] == "SUCCESSFUL"


def test_a_failed_task_is_reported_with_what_to_do(ocp):
    ocp.fail_at[None] = 1
    error = failure(ocp)
    assert error.kind == "task_failed"
    assert "operation: retry and task_id: 33001" in error.next
    assert "operation: rollback and run this again" in error.next
    again = failure(ocp)
    assert "However, OCP lists no OBProxy cluster of this name" in again.message
    assert "status: [FAILED]" in again.next
    assert not again.result["changed"]


def test_a_task_that_was_rolled_back_is_a_failure(ocp):
    kind = ClusterPresent(ocp, Wanted(name="fresh"), Progress(lambda line: None, lambda: ocp.limit.elapsed))
    ocp.later.append((5, lambda: ocp.undo(33001)))
    with pytest.raises(OcpError, match="rolled back"):
        kind.run()


def test_the_time_limit_names_the_task():
    error = failure(FakeEstate(task_seconds=10**6, limit=60))
    assert error.kind == "timeout"
    assert "33001 (Install obproxy) RUNNING" in error.message


def test_a_refusal_with_a_server_error_takes_one_check(ocp):
    ocp.faults["POST", "/clusters", 1] = OcpError("rejected", "No.", code="1001", status=500, maybe_done=True)
    error = failure(ocp)
    assert error.message == "No."
    assert not error.result["changed"]
    assert ocp.clock.now < 2


def test_a_right_that_is_missing_is_not_looked_for(ocp):
    ocp.faults["POST", "/clusters", 1] = OcpError("permission", "No.", status=403)
    assert failure(ocp).kind == "permission"
    assert ocp.requests[-1][0] == "POST"


# -- an existing cluster


def test_address_and_port_are_changed_in_one_call(there):
    result = run(there, address="a.example.com", port=3306)
    assert there.bodies == [{"address": "a.example.com", "port": 3306}]
    assert result["changed"]
    assert result["cluster"]["address"] == "a.example.com"


def test_only_what_differs_is_sent(there):
    run(there, port=2883, address="b.example.com")
    assert there.bodies == [{"address": "b.example.com"}]


def test_links_that_are_missing_are_added_in_one_call(there):
    result = run(there, ob_links=[link("c", 3), link("a", 1), link("d", 4)])
    assert there.bodies == [[raw("c", 3), raw("d", 4)]]
    assert [each["cluster_name"] for each in result["cluster"]["ob_links"]] == ["a", "b", "c", "d"]


def test_the_other_form_of_the_call_for_links(there):
    there.wraps_links = True
    run(there, ob_links=[link("c", 3)])
    assert there.bodies == [[raw("c", 3)], {"obLinks": [raw("c", 3)]}]


def test_links_that_are_refused_in_both_forms_show_the_first_refusal(there):
    for nth in (1, 2):
        there.faults["POST", "/batchAdd", nth] = OcpError("rejected", f"refused {nth}", status=400)
    assert failure(there, ob_links=[link("c", 3)]).message == "refused 1"


def test_links_are_removed_only_if_requested(there):
    assert not run(there, ob_links=[link("a", 1)])["changed"]
    assert not run(there, purge_ob_links=True)["changed"]
    result = run(there, ob_links=[link("c", 3)], purge_ob_links=True)
    assert [each["cluster_name"] for each in result["cluster"]["ob_links"]] == ["c"]
    # The cluster is never without a link.
    writes = [(method, path.rsplit("/", 1)[-1]) for method, path in there.requests if method != "GET"]
    assert writes == [("POST", "batchAdd"), ("DELETE", "a"), ("DELETE", "b")]


def test_all_links_can_be_removed(there):
    assert run(there, ob_links=[], purge_ob_links=True)["cluster"]["ob_links"] == []


def test_a_different_link_is_replaced_only_if_requested(there):
    error = failure(there, ob_links=[link("a", 9)])
    assert "links to a with another ob_cluster_id or username" in error.message
    assert "purge_ob_links" in error.next
    result = run(there, ob_links=[link("a", 9), link("b", 2)], purge_ob_links=True)
    assert {each["cluster_name"]: each["ob_cluster_id"] for each in result["cluster"]["ob_links"]} == {"a": 9, "b": 2}


def test_what_ocp_does_not_show_of_a_link_is_not_compared(there):
    del there.cluster("fresh")["obLinks"][0]["username"]
    assert not run(there, ob_links=[link("a", 1, "someone")])["changed"]


@pytest.mark.parametrize("wanted", [{"work_mode": "RS_LIST"}, {"work_mode": "RS_LIST", "ob_links": [link("a")]}])
def test_the_mode_cannot_be_changed(there, wanted):
    error = failure(there, **wanted)
    assert error.kind == "rejected"
    assert "has the mode CONFIG_URL, which OCP cannot change to RS_LIST" in error.message
    assert there.bodies == []


@pytest.mark.parametrize(
    "wanted",
    [
        {"ob_links": [link("b")]},
        {"ob_links": [link("a", 9)], "purge_ob_links": True},
        {"ob_links": [], "purge_ob_links": True},
    ],
)
def test_the_link_of_rs_list_cannot_be_changed(ocp, wanted):
    run(ocp, work_mode="RS_LIST", ob_links=[link("a")])
    error = failure(ocp, check=True, **wanted)
    assert "OCP cannot change its link: a (id 1, user proxyro)" in error.message
    assert not run(ocp, ob_links=[link("a")], purge_ob_links=True)["changed"]


def test_a_diff_has_a_line_for_each_link(there):
    assert run(there, check=True)["diff"]["before"]["ob_links"] == [
        "a (id 1, user proxyro)",
        "b (id 2, user proxyro)",
    ]


def test_check_mode_predicts_changes(there):
    options = {"port": 3306, "ob_links": [link("c", 3), link("a", 9)], "purge_ob_links": True}
    predicted = run(there, check=True, **options)
    assert there.bodies == []
    real = run(there, **options)
    assert predicted["diff"] == real["diff"]
    assert predicted["changed"] == real["changed"]


@pytest.mark.parametrize("method, end", [("POST", "/batchAdd"), ("PATCH", "/11"), ("DELETE", "/obLinks/b")])
def test_the_lost_answer_of_a_change_is_looked_for(there, method, end):
    there.faults[method, end, 1] = "after"
    options = {"port": 3306, "ob_links": [link("a", 1), link("c", 3)], "purge_ob_links": True}
    assert run(there, **options)["changed"]
    assert there.count(method, end) == 1
    assert not run(there, **options)["changed"]


@pytest.mark.parametrize("method, end", [("POST", "/batchAdd"), ("PATCH", "/11"), ("DELETE", "/obLinks/b")])
def test_a_change_that_never_arrived_is_an_error_and_can_be_run_again(there, method, end):
    there.faults[method, end, 1] = "before"
    options = {"port": 3306, "ob_links": [link("a", 1), link("c", 3)], "purge_ob_links": True}
    error = failure(there, **options)
    assert error.kind == "connection"
    assert "OCP does not show that it was done" in error.message
    assert there.count(method, end) == 1
    assert run(there, **options)["changed"]
    assert not run(there, **options)["changed"]


# -- absent


def test_an_empty_cluster_is_deleted(there):
    predicted = absent(there, check=True)
    assert there.count("DELETE") == 0
    result = absent(there)
    assert there.cluster("fresh") is None
    assert result["changed"]
    assert result["cluster"] is None
    assert predicted["diff"] == result["diff"]
    assert not absent(there)["changed"]
    assert there.count("DELETE") == 1


def test_a_cluster_with_proxies_is_not_deleted(there):
    there.cluster("fresh")["obproxies"] = [{"hostId": 1, "ip": "10.0.0.1", "sqlPort": 2883, "status": "TAKINGOVER"}]
    error = failure(there, ClusterAbsent, check=True)
    assert error.kind == "conflict"
    assert "has 1 proxy, which OCP would stop and uninstall: 10.0.0.1:2883" in error.message
    assert failure(there, ClusterAbsent).kind == "conflict"
    assert there.count("DELETE") == 0


def test_the_lost_answer_of_a_deletion_is_looked_for(there):
    there.faults["DELETE", "/11", 1] = "after"
    assert absent(there)["changed"]
    assert there.count("DELETE") == 1
    assert there.cluster("fresh") is None


def test_a_deletion_that_never_arrived_is_an_error(there):
    there.faults["DELETE", "/11", 1] = "before"
    error = failure(there, ClusterAbsent)
    assert "OCP still lists the cluster" in error.message
    assert error.result["changed"]
    assert absent(there)["changed"]


def test_a_deletion_in_which_someone_else_was_faster_is_none_that_failed(there):
    there.faults["DELETE", "/11", 1] = OcpError("not_found", "gone", code="21001")
    there.later.append((0, lambda: there.clusters.remove(there.cluster("fresh"))))
    assert absent(there)["cluster"] is None


def test_a_deletion_without_a_wait_returns_the_task(there):
    result = absent(there, wait=False)
    assert [task["status"] for task in result["tasks"]] == ["RUNNING"]
    assert result["cluster"] is None
