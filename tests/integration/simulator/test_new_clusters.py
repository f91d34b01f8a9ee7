# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creating, changing and deleting OBProxy clusters, and their linked OB clusters and settings."""

from __future__ import annotations

import pytest

from tests.integration.simulator.calls import CLUSTERS, Ocp, host, in_order
from tests.integration.simulator.proxy import Proxy

LINK = {"clusterName": "stocks", "obClusterId": 7, "username": "proxyro"}
EMPTY = {
    "name": "second",
    "workMode": "CONFIG_URL",
    "obLinks": [LINK],
    "startupParameters": [],
    "parameters": [],
    "obproxyInstallParam": {"hostIds": []},
}
OUTER = {"successful", "timestamp", "duration", "status", "traceId", "server"}


def named(ocp: Ocp, name: str) -> list[dict]:
    return [cluster for cluster in ocp.get(CLUSTERS)["contents"] if cluster["name"] == name]


def test_a_new_cluster_is_found_by_its_name_when_its_task_has_ended(frozen: Ocp) -> None:
    task = frozen.post(CLUSTERS, EMPTY)
    assert task["name"] == "Install obproxy"
    assert not {"hostId", "clusterId"} & task.keys()
    assert "second" in str(task["context"])
    assert named(frozen, "second") == []
    assert frozen.refusal("POST", CLUSTERS, json=EMPTY)[1]["code"] == 1006
    frozen.control.advance(13)
    assert frozen.task(task["id"])["status"] == "SUCCESSFUL"
    (cluster,) = named(frozen, "second")
    assert cluster["configUrl"].endswith("ObproxyClusterName=second")
    assert cluster["obLinks"][0]["obClusterId"] == 7
    assert (cluster["port"], cluster["obproxies"]) == (2883, [])
    frozen.control.settings(error_codes="string")
    assert frozen.refusal("POST", CLUSTERS, json=EMPTY)[1]["code"] == "COM10006"
    frozen.take_over(host(1), cluster=cluster["id"])


def test_a_new_cluster_with_hosts_has_their_proxies(frozen: Ocp) -> None:
    install = {"hostIds": [1, 2], "sqlPort": 2883, "exporterPort": 2884, "version": "4.2.1-11"}
    frozen.post(CLUSTERS, {**EMPTY, "obproxyInstallParam": install})
    assert frozen.refusal("POST", f"{CLUSTERS}/1/takeOver", json={"hosts": [host(1)]})[1]["code"] == 20021
    frozen.control.advance(13)
    (cluster,) = named(frozen, "second")
    shown = [(proxy["hostId"], proxy["status"], proxy["version"]) for proxy in cluster["obproxies"]]
    assert shown == [(1, "RUNNING", "4.2.1-11"), (2, "RUNNING", "4.2.1-11")]


@pytest.mark.parametrize("missing", ["name", "obLinks", "startupParameters", "parameters", "obproxyInstallParam"])
def test_a_new_cluster_needs_all_that_is_required(frozen: Ocp, missing: str) -> None:
    body = {name: value for name, value in EMPTY.items() if name != missing}
    status, error = frozen.refusal("POST", CLUSTERS, json=body)
    assert (status, error["code"]) == (400, 1001)
    assert missing in error["message"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "9lives"},
        {"name": "a-b"},
        {"workMode": "RS_LIST", "obLinks": []},
        {"workMode": "RS_LIST", "obLinks": [LINK, {**LINK, "clusterName": "bonds"}]},
        {"obproxyInstallParam": {"hostIds": [1]}},
    ],
    ids=["digit first", "hyphen", "no OB cluster", "two OB clusters", "hosts without a port"],
)
def test_a_new_cluster_that_ocp_does_not_allow_is_an_invalid_value(frozen: Ocp, wrong: dict) -> None:
    status, error = frozen.refusal("POST", CLUSTERS, json={**EMPTY, **wrong})
    assert (status, error["code"]) == (400, 1001)
    frozen.control.advance(13)
    assert named(frozen, "second") == []


def test_a_cluster_of_root_server_lists_has_no_config_url(frozen: Ocp) -> None:
    frozen.post(CLUSTERS, {**EMPTY, "workMode": "RS_LIST"})
    frozen.control.advance(13)
    (cluster,) = named(frozen, "second")
    assert "configUrl" not in cluster
    assert frozen.refusal("POST", f"{CLUSTERS}/2/obLinks/batchAdd", json=[LINK])[1]["code"] == 1001


def test_a_clusters_address_and_port_can_be_changed(ocp: Ocp) -> None:
    answer = ocp.call("PATCH", f"{CLUSTERS}/1", json={"address": "10.0.0.9", "port": 3306})
    assert (answer.json()["data"]["address"], answer.json()["data"]["port"]) == ("10.0.0.9", 3306)
    ocp.call("PATCH", f"{CLUSTERS}/1", json={"port": 3307})
    assert (ocp.get(f"{CLUSTERS}/1")["address"], ocp.get(f"{CLUSTERS}/1")["port"]) == ("10.0.0.9", 3307)


def test_ob_clusters_are_linked_by_a_bare_array_and_unlinked_by_name(ocp: Ocp) -> None:
    path = f"{CLUSTERS}/1/obLinks"
    answer = ocp.call("POST", f"{path}/batchAdd", json=[LINK])
    assert (answer.status_code, answer.json().keys()) == (200, OUTER)
    assert [link["clusterName"] for link in ocp.get(f"{CLUSTERS}/1")["obLinks"]] == ["obcluster", "stocks"]
    assert ocp.refusal("POST", f"{path}/batchAdd", json=[LINK])[1]["code"] == 1006
    assert ocp.refusal("POST", f"{path}/batchAdd", json={"obLinks": [LINK]})[0] == 400
    assert ocp.call("DELETE", f"{path}/stocks").json().keys() == OUTER
    assert [link["clusterName"] for link in ocp.get(f"{CLUSTERS}/1")["obLinks"]] == ["obcluster"]
    assert ocp.refusal("DELETE", f"{path}/stocks")[1]["code"] == 1002


def test_a_deleted_cluster_takes_its_proxies_with_it(frozen: Ocp) -> None:
    frozen.take_over(host(1))
    frozen.control.advance(13)
    assert frozen.call("DELETE", f"{CLUSTERS}/1").json()["data"]["name"] == "Delete obproxy cluster"
    assert [proxy["status"] for proxy in frozen.proxies()] == ["DELETING"]
    frozen.control.advance(13)
    assert frozen.get(CLUSTERS)["contents"] == []


def test_proxies_are_deleted_by_the_newer_call_too(frozen: Ocp) -> None:
    frozen.take_over(host(1))
    frozen.control.advance(13)
    (proxy,) = frozen.proxies()
    assert frozen.post(f"{CLUSTERS}/1/servers/delete", {"obproxyServerIds": [proxy["id"]]})["name"] == "Delete obproxy"
    frozen.control.advance(13)
    assert frozen.proxies() == []


def test_a_clusters_settings_are_listed_with_its_proxies_values(frozen: Ocp) -> None:
    frozen.control.reset(
        {
            "obproxy_clusters": [{"name": "demo", "parameters": {"work_thread_num": "64"}, "obproxies": [{"host": 2}]}],
        }
    )
    shown = {each["name"]: each for each in frozen.get(f"{CLUSTERS}/1/parameters")["contents"]}
    threads = shown["work_thread_num"]
    assert threads.keys() == {"name", "description", "needReboot", "valueString", "values"}
    assert (threads["needReboot"], threads["valueString"]) == (True, "64")
    assert threads["values"] == [{"value": "64", "obproxies": ["127.0.0.2"]}]
    assert shown["proxy_mem_limited"]["valueString"] == "2G"
    assert "app_name" not in shown, "OCP cannot set it"


def test_a_setting_is_described(ocp: Ocp) -> None:
    (info,) = ocp.get("/api/v2/obproxy/parameterInfo", name="work_thread_num", version="4.2.1-11")["contents"]
    assert (info["version"], info["needRestart"], info["minValue"], info["maxValue"]) == ("4.2.1-11", True, "1", "128")
    assert ocp.get("/api/v2/obproxy/parameterInfo", name="nonsense")["contents"] == []


def test_a_takeover_overwrites_the_proxys_settings_and_resets_its_password(ocp: Ocp) -> None:
    cluster = {
        "name": "demo",
        "parameters": {"syslog_level": "WARN", "work_thread_num": "64"},
        "proxysys_password": "of the cluster",
    }
    ocp.control.reset({"obproxy_clusters": [cluster], "settings": {"task_seconds": 0.12}})
    with Proxy(password="geheim") as proxy:
        proxy.settings = {"syslog_level": "WARN", "work_thread_num": "128", "proxy_mem_limited": "3G", "own": "1"}
        (task,) = ocp.take_over(host(1, proxy.port, proxysysPasswd="geheim"))
        task = ocp.finished(task["id"])
        assert task["status"] == "SUCCESSFUL"
        # Settings that the cluster does not set get their default, and the proxy keeps settings that OCP does not know.
        after = {"syslog_level": "WARN", "work_thread_num": "64", "proxy_mem_limited": "2G", "own": "1"}
        assert proxy.settings == after
        assert proxy.password == "of the cluster"
        altered = [command for command in proxy.commands if command.startswith("ALTER") and "password" not in command]
        assert sorted(altered) == [
            "ALTER PROXYCONFIG SET proxy_mem_limited = '2G'",
            "ALTER PROXYCONFIG SET work_thread_num = '64'",
        ]
    log = ocp.log(task["id"], in_order(task)[6]["id"])
    assert "must be restarted for work_thread_num" in log
