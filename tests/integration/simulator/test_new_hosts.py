# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Adding hosts to OCP and deleting them, and the objects that a call to add hosts refers to by id."""

from __future__ import annotations

import json

import pytest

from tests.integration.simulator.calls import CLUSTERS, HOSTS, Ocp, failed, host, in_order

COMPUTE = "/api/v2/compute"
CREDENTIALS = "/api/v2/profiles/me/credentials"
NEW = {
    "hostBasicDataList": [{"innerIpAddress": "10.9.0.1"}, {"innerIpAddress": "10.9.0.2"}],
    "sshPort": 22,
    "kind": "DEDICATED_PHYSICAL_MACHINE",
    "idcId": 1,
    "typeId": 1,
    "credentialId": 1,
}
OUTER = {"successful", "timestamp", "duration", "status", "traceId", "server"}


def test_new_hosts_can_be_taken_over_when_their_tasks_are_done(frozen: Ocp) -> None:
    tasks = frozen.post(f"{HOSTS}/batchCreate", NEW)["contents"]
    assert [(task["name"], task["hostId"]) for task in tasks] == [("Prepare host", 3), ("Prepare host", 4)]
    assert [subtask["name"] for subtask in in_order(tasks[0])] == [
        "Pre-check for host",
        "Uninstall legacy agent",
        "Install agent",
        "Update host status",
    ]
    assert frozen.get(f"{HOSTS}/3")["status"] == "NEW"
    assert frozen.refusal("POST", f"{CLUSTERS}/1/takeOver", json={"hosts": [host(3)]})[1]["code"] == 20021
    frozen.control.advance(13)
    assert frozen.get(f"{HOSTS}/3")["status"] == "ONLINE"
    frozen.take_over(host(3))
    assert frozen.refusal("POST", f"{HOSTS}/batchCreate", json=NEW)[1]["code"] == 7001


@pytest.mark.parametrize("missing", NEW)
def test_new_hosts_need_all_that_is_required(ocp: Ocp, missing: str) -> None:
    body = {name: value for name, value in NEW.items() if name != missing}
    status, error = ocp.refusal("POST", f"{HOSTS}/batchCreate", json=body)
    assert (status, error["code"]) == (400, 1001)
    assert missing in error["message"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"hostBasicDataList": [{"innerIpAddress": f"10.9.0.{n}"} for n in range(51)]}, 1001),
        ({"hostBasicDataList": [{"innerIpAddress": "proxy-1"}]}, 1001),
        ({"kind": "DEDICATED_TEAPOT"}, 1001),
        ({"alias": "one-for-two"}, 1001),
        ({"idcId": 9}, 1002),
        ({"typeId": 9}, 1002),
        ({"credentialId": 9}, 1002),
    ],
    ids=["51", "name", "kind", "alias", "idc", "type", "credential"],
)
def test_hosts_that_ocp_does_not_allow_are_refused(ocp: Ocp, wrong: dict, code: int) -> None:
    assert ocp.refusal("POST", f"{HOSTS}/batchCreate", json={**NEW, **wrong})[1]["code"] == code
    assert ocp.get(HOSTS)["page"]["totalElements"] == 2


@pytest.mark.parametrize("problem", [7002, 7015, 7016, 7020, 7021, 7022, 7023, 7026, 7036])
def test_a_host_that_ocp_cannot_use_is_refused_or_fails_its_task(frozen: Ocp, problem: int) -> None:
    state = {"new_hosts": [{"address": "10.9.0.2", "problem": problem}]}
    frozen.control.reset({**state, "settings": {"refuse_at": "call", "task_seconds": 12}})
    frozen.control.freeze()
    assert frozen.refusal("POST", f"{HOSTS}/batchCreate", json=NEW)[1]["code"] == problem
    frozen.control.settings(refuse_at="task")
    good, bad = frozen.post(f"{HOSTS}/batchCreate", NEW)["contents"]
    frozen.control.advance(13)
    assert frozen.task(good["id"])["status"] == "SUCCESSFUL"
    subtask = failed(frozen.task(bad["id"]))
    assert subtask["name"] == "Pre-check for host"
    assert f"CMP0{problem}" in frozen.log(bad["id"], subtask["id"])
    assert frozen.get(f"{HOSTS}/{bad['hostId']}")["status"] == "NEW"


@pytest.mark.parametrize(("fact", "code"), [("operating_system", 7017), ("architecture", 7018)])
def test_hosts_of_one_call_must_have_the_same_system(ocp: Ocp, fact: str, code: int) -> None:
    ocp.control.reset({"new_hosts": [{"address": "10.9.0.2", fact: "another"}]})
    assert ocp.refusal("POST", f"{HOSTS}/batchCreate", json=NEW)[1]["code"] == code


def test_unused_hosts_are_deleted_at_once(frozen: Ocp) -> None:
    frozen.take_over(host(1))
    frozen.control.advance(13)
    for method, path, body in (
        ("DELETE", f"{HOSTS}/1", None),
        ("POST", f"{HOSTS}/batchDelete", {"hostIdList": [2, 1]}),
    ):
        _, error = frozen.refusal(method, path, json=body)
        assert error["code"] == 7000
        assert "demo" in error["message"]
    assert frozen.call("DELETE", f"{HOSTS}/2").json().keys() == OUTER
    assert frozen.refusal("GET", f"{HOSTS}/2")[1]["code"] == 7005
    (task,) = frozen.post(f"{HOSTS}/batchCreate", {**NEW, "hostBasicDataList": [{"innerIpAddress": "127.0.0.2"}]})[
        "contents"
    ]
    frozen.control.advance(13)
    assert frozen.call("POST", f"{HOSTS}/batchDelete", json={"hostIdList": [task["hostId"]]}).json().keys() == OUTER


@pytest.mark.parametrize(
    ("what", "more"), [("regions", {}), ("idcs", {"regionId": 1}), ("hostTypes", {})], ids=["regions", "idcs", "types"]
)
def test_places_and_types_are_listed_and_made(ocp: Ocp, what: str, more: dict) -> None:
    before = ocp.get(f"{COMPUTE}/{what}")
    assert before.keys() == {"contents", "page"}
    made = ocp.post(f"{COMPUTE}/{what}", {"name": "new", **more})
    assert made == {"id": 2, "name": "new", **more}
    assert ocp.get(f"{COMPUTE}/{what}")["contents"] == [*before["contents"], made]
    assert ocp.refusal("POST", f"{COMPUTE}/{what}", json={"name": "new", **more})[1]["code"] == 1006


def test_an_idc_needs_a_region_that_there_is(ocp: Ocp) -> None:
    assert ocp.refusal("POST", f"{COMPUTE}/idcs", json={"name": "new"})[1]["code"] == 1001
    assert ocp.refusal("POST", f"{COMPUTE}/idcs", json={"name": "new", "regionId": 7})[1]["code"] == 1002


def test_credentials_belong_to_their_user_and_stay_secret(ocp: Ocp) -> None:
    users = [{"username": "admin"}, {"username": "other", "password": "p"}]
    ocp.control.reset({"users": users})
    assert [each["name"] for each in ocp.get(CREDENTIALS, targetType="HOST")["contents"]] == ["hosts"]
    ocp.session.auth = ("other", "p")
    assert ocp.get(CREDENTIALS, targetType="HOST")["contents"] == []
    secret = {"type": "PASSWORD", "username": "root", "passphrase": "geheim"}
    body = {"targetType": "HOST", "name": "mine", "sshCredentialProperty": secret}
    made = ocp.post(CREDENTIALS, body)
    assert made == {"id": 2, "name": "mine", "targetType": "HOST"}
    assert ocp.refusal("POST", CREDENTIALS, json=body)[1]["code"] == 1006
    assert "geheim" not in json.dumps([ocp.control.requests(), ocp.control.state()])
    assert ocp.refusal("POST", f"{HOSTS}/batchCreate", json=NEW)[1]["code"] == 1002
    assert len(ocp.post(f"{HOSTS}/batchCreate", {**NEW, "credentialId": 2})["contents"]) == 2
