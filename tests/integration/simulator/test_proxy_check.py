# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator's checks of a proxy before its takeover succeeds, like those of OCP."""

from __future__ import annotations

import socket

import pytest

from tests.integration.simulator.calls import CLUSTERS, Ocp, failed, host
from tests.integration.simulator.proxy import Proxy

START, SYNC = "Start obproxy process", "Sync obproxy parameter"


@pytest.fixture
def looking(ocp: Ocp) -> Ocp:
    ocp.control.reset({"settings": {"task_seconds": 0.12, "check_timeout": 1}})
    return ocp


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def outcome(ocp: Ocp, *hosts: dict, cluster: int = 1) -> tuple[str, str]:
    """Return the name of the failed subtask and its log, or two empty strings if none failed."""
    (task,) = ocp.take_over(*hosts, cluster=cluster)
    task = ocp.finished(task["id"])
    if task["status"] == "SUCCESSFUL":
        return "", ""
    subtask = failed(task)
    return subtask["name"], ocp.log(task["id"], subtask["id"])


def test_a_proxy_that_answers_is_taken_over_with_its_own_version(looking: Ocp) -> None:
    with Proxy() as proxy:
        assert outcome(looking, host(1, proxy.port)) == ("", "")
        assert proxy.log_ins == 2, "one to look at it, one for its settings"
        assert not any("SELECT" in command for command in proxy.commands)
    assert [(each["status"], each["version"]) for each in looking.proxies()] == [("RUNNING", "4.2.3.0-20240101")]


def test_a_proxy_that_shows_little_is_taken_over_anyway(looking: Ocp) -> None:
    with Proxy(version=None) as proxy:
        assert outcome(looking, host(1, proxy.port)) == ("", "")


def test_a_port_without_a_listener_fails_the_start(looking: Ocp) -> None:
    port = closed_port()
    name, log = outcome(looking, host(1, port))
    assert name == START
    assert f"cannot connect to 127.0.0.1:{port}" in log
    assert [proxy["status"] for proxy in looking.proxies()] == ["TAKINGOVER"]


@pytest.mark.parametrize(
    ("speaks", "reason"), [("http", "does not answer with a MySQL greeting"), ("nothing", "timed out")]
)
def test_a_port_that_does_not_greet_as_a_proxy_fails_the_start(looking: Ocp, speaks: str, reason: str) -> None:
    with Proxy(speaks=speaks) as proxy:
        name, log = outcome(looking, host(1, proxy.port))
    assert name == START
    assert reason in log


def test_a_changed_password_must_be_given(looking: Ocp) -> None:
    with Proxy(password="geheim") as proxy:
        assert outcome(looking, host(1, proxy.port, proxysysPasswd="geheim")) == ("", "")
    with Proxy(password="geheim", host=2) as proxy:
        name, log = outcome(looking, host(2, proxy.port))
    assert name == SYNC
    assert "login as root@proxysys" in log
    assert "refused" in log


def test_a_wrong_password_is_reported_but_not_shown(looking: Ocp) -> None:
    with Proxy(password="geheim") as proxy:
        name, log = outcome(looking, host(1, proxy.port, proxysysPasswd="falsch"))
    assert name == SYNC
    # The password is only in the context, with which every log begins.
    assert "falsch" not in log.split("\n", 1)[1]


def test_a_proxy_that_comes_up_in_time_is_taken_over(looking: Ocp) -> None:
    looking.control.settings(task_seconds=12)
    looking.control.freeze()
    port = closed_port()
    (task,) = looking.take_over(host(1, port))
    looking.control.advance(3)
    assert looking.task(task["id"])["status"] == "RUNNING"
    with Proxy(port=port):
        looking.control.change_task(task["id"], seconds=0.12)
        looking.control.thaw()
        assert looking.finished(task["id"])["status"] == "SUCCESSFUL"


def test_a_retry_looks_again(looking: Ocp) -> None:
    with Proxy(password="geheim") as proxy:
        (task,) = looking.take_over(host(1, proxy.port))
        assert failed(looking.finished(task["id"]))["name"] == SYNC
        proxy.password = ""
        looking.post(f"/api/v2/tasks/instances/{task['id']}/retry")
        assert looking.finished(task["id"])["status"] == "SUCCESSFUL"


def test_one_of_several_proxies_in_one_task_fails_it(looking: Ocp) -> None:
    looking.control.settings(tasks_per_host=False)
    with Proxy() as proxy:
        port = closed_port()
        name, log = outcome(looking, host(1, proxy.port), host(2, port))
    assert name == START
    assert f"127.0.0.2:{port}" in log


@pytest.mark.parametrize(
    ("cluster_version", "version", "reason"),
    [
        (None, "1.7.9-1", "1.8.0 or later"),
        ("4.2.1-11", "3.2.3-2", "takes 4.0.0 or later"),
        ("3.2.3-2", "4.2.3.0-1", "takes versions below 4.0.0"),
        ("3.2.3-2", "1.9.1.1-1919579", None),
        ("4.2.1-11", "4.0.0-1", None),
    ],
)
def test_versions_that_do_not_go_together_are_refused(
    looking: Ocp, cluster_version: str | None, version: str, reason: str | None
) -> None:
    managed = [{"host": "127.0.0.2", "version": cluster_version}] if cluster_version else []
    cluster = {"name": "demo", "obproxies": managed}
    looking.control.reset({"obproxy_clusters": [cluster], "settings": {"task_seconds": 0.12}})
    with Proxy(version=version) as proxy:
        name, log = outcome(looking, host(1, proxy.port))
    assert (name, reason or "") == (SYNC if reason else "", reason if reason and reason in log else "")


@pytest.mark.parametrize(
    ("cluster", "source", "reason"),
    [
        ("demo", "demo", None),
        ("demo", "stranger", "links OB clusters that OBProxy cluster demo does not: stocks"),
        ("demo", "", "started without a config URL"),
        ("listed", "demo", "of the mode RS_LIST"),
        ("listed", "", None),
    ],
)
def test_the_start_mode_must_fit_the_cluster(looking: Ocp, cluster: str, source: str, reason: str | None) -> None:
    clusters = [
        {"id": 1, "name": "demo"},
        {"id": 2, "name": "listed", "work_mode": "RS_LIST"},
        {"id": 3, "name": "stranger", "ob_links": [{"cluster_name": "stocks"}]},
    ]
    looking.control.reset({"obproxy_clusters": clusters, "settings": {"task_seconds": 0.12}})
    urls = {each["name"]: each.get("configUrl") for each in looking.get(CLUSTERS)["contents"]}
    number = next(each["id"] for each in clusters if each["name"] == cluster)
    with Proxy(config_url=urls.get(source) or "") as proxy:
        name, log = outcome(looking, host(1, proxy.port), cluster=number)
    assert name == (SYNC if reason else "")
    assert (reason or "") in log


@pytest.mark.parametrize(
    ("findings", "subtask", "reason"),
    [
        ({"processes": 2}, "Check if process not exist", "2 obproxy processes"),
        ({"user": "root"}, "Check if process not exist", "belongs to root"),
        ({"directory": "/home/admin/obproxy-4.2"}, "Check if process not exist", "/home/admin/obproxy-4.2"),
        ({"packages": 2}, "Install rpm by package and version", "2 obproxy packages"),
    ],
)
def test_the_state_of_a_host_can_break_a_precondition(looking: Ocp, findings: dict, subtask: str, reason: str) -> None:
    hosts = [{"address": "127.0.0.1", "findings": findings}]
    looking.control.reset({"hosts": hosts, "settings": {"task_seconds": 0.12}})
    name, log = outcome(looking, host(1))
    assert name == subtask
    assert reason in log


def test_an_ocp_that_looks_first_refuses_the_call(looking: Ocp) -> None:
    looking.control.settings(refuse_at="call", error_codes="string")
    port = closed_port()
    with Proxy(version="1.7.0-1") as old, Proxy(host=2) as good:
        for wanted, code in ((host(1, port), "ODP10001"), (host(1, old.port), "ODP21018")):
            body = {"hosts": [host(2, good.port), wanted]}
            status, error = looking.refusal("POST", f"{CLUSTERS}/1/takeOver", json=body)
            assert (status, error["code"]) == (500, code)
        assert looking.control.takeovers() == []
        assert looking.proxies() == []
        assert outcome(looking, host(2, good.port)) == ("", "")
