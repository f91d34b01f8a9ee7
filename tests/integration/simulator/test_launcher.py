# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator as a program: how it starts, what it prints, and how it stops."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from tests.integration.simulator.calls import Ocp, host
from tests.integration.simulator.tls import certificate
from tests.simulator.__main__ import main
from tests.simulator.launcher import ROOT, Simulator

Output = pytest.CaptureFixture[str]


def test_it_says_its_address_and_ends_cleanly_even_while_an_answer_never_ends(tmp_path: Path) -> None:
    state = tmp_path / "state.yml"
    state.write_text("users: [{username: me, password: 'two words'}]\nhosts: [10.1.1.1]\nobproxy_clusters: [mine]\n")
    simulator = Simulator(state).start()
    assert (simulator.username, simulator.password) == ("me", "two words")
    ocp = Ocp(simulator)
    assert ocp.get("/api/v2/compute/hosts")["contents"][0]["innerIpAddress"] == "10.1.1.1"
    simulator.fault("endless")
    answer = ocp.call("GET", "/api/v2/time", stream=True)
    started = time.monotonic()
    assert simulator.stop() == 0
    assert time.monotonic() - started < 5
    answer.close()


def test_it_ends_with_the_program_that_began_it() -> None:
    script = "import time; from tests.simulator.launcher import Simulator; s = Simulator().start(); print(s.pid, s.url)"
    done = subprocess.run(
        [sys.executable, "-c", f"{script}; import os; os._exit(1)"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    _, url = done.stdout.split()
    deadline = time.monotonic() + 10
    while answers(url):
        assert time.monotonic() < deadline, "it is still there"
        time.sleep(0.05)


def answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/api/v2/time", timeout=2).ok
    except requests.ConnectionError:
        return False


def test_it_listens_at_several_addresses() -> None:
    with Simulator(listen=["127.0.0.1:0", "127.0.0.2:0"], public_url="http://ocp.example.org:8080/") as simulator:
        deadline = time.monotonic() + 5
        while "http" not in simulator.log():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        second = simulator.log().split()[-1]
        assert second.startswith("http://127.0.0.2:")
        assert answers(second)
        cluster = Ocp(simulator).get("/api/v2/obproxy/clusters/1")
        assert cluster["configUrl"].startswith("http://ocp.example.org:8080/services?")


def test_it_serves_https(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    with Simulator(tls=(cert, key)) as simulator:
        assert simulator.url.startswith("https://127.0.0.1:")
        ocp = Ocp(simulator)
        with pytest.raises(requests.exceptions.SSLError):
            ocp.call("GET", "/api/v2/time")
        ocp.session.verify = str(cert)
        assert ocp.get("/api/v2/time")
        simulator.fault("reset")
        with pytest.raises(requests.ConnectionError):
            ocp.call("GET", "/api/v2/time")
        assert [asked["status"] for asked in simulator.requests()] == [200, None]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--state", "nowhere.yml"], "nowhere.yml"),
        (["--listen", "here"], "not HOST:PORT"),
        (["--listen", "0.0.0.0:0"], "--public-url"),
        (["--tls-cert", "cert.pem"], "--tls-key"),
        (["--set", "task_seconds=soon"], "task_seconds"),
        (["--set", "colour=red"], "colour"),
    ],
)
def test_a_wrong_start_is_reported_in_a_line_or_two(capsys: Output, arguments: list[str], reason: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert reason in said.err
    assert said.out == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("hosts: [{address: 10.0.0.1, adress: x}]", "adress"),
        ("obproxy_clusters: [{name: demo, obproxies: [{host: 10.9.9.9}]}]", "no host '10.9.9.9'"),
        ("access_keys: [{id: k, secret: s, username: nobody}]", "nobody"),
        ("hosts: [{address: a, id: 1}, {address: b, id: 1}]", "same id"),
        ("hosts: [", "line"),
        ("- a list", "dictionary"),
    ],
)
def test_an_invalid_state_is_reported(tmp_path: Path, capsys: Output, text: str, reason: str) -> None:
    state = tmp_path / "state.yml"
    state.write_text(text)
    with pytest.raises(SystemExit) as ended:
        main(["--state", str(state)])
    assert ended.value.code == 2
    assert reason in capsys.readouterr().err


def test_help_shows_a_world_and_a_command_to_try() -> None:
    command = [sys.executable, "-m", "tests.simulator", "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    for part in ("hosts:", "curl -u", "simulator", "--public-url"):
        assert part in done.stdout


def test_a_new_state_replaces_the_old_one_completely(ocp: Ocp) -> None:
    ocp.take_over(host(1))
    ocp.control.fault("status", times=None)
    ocp.control.task_fault("fail")
    ocp.control.settings(task_seconds=99)
    ocp.control.freeze()
    ocp.control.advance(3600)
    leapt = ocp.control.control("GET", "/clock")["time"]
    ocp.control.reset()
    clock = ocp.control.control("GET", "/clock")
    assert clock["time"] < leapt
    assert clock["frozen"] is False
    assert ocp.control.takeovers() == ocp.control.requests() == ocp.control.faults() == ocp.control.tasks() == []
    shown = ocp.get("/api/v2/tasks/instances")["contents"]
    assert "Install obproxy" not in [task["name"] for task in shown], "only what other people have"
    assert ocp.control.state()["settings"]["task_seconds"] == 6


def test_a_world_can_be_read_and_put_back(ocp: Ocp) -> None:
    ocp.control.fault("delay", seconds=0.01, path="hosts")
    ocp.control.task_fault("hang", host=2)
    ocp.control.freeze()
    ocp.take_over(host(1))
    ocp.control.advance(13)
    state = ocp.control.state()
    ocp.control.reset(state)
    assert ocp.control.state() == state
    assert [proxy["status"] for proxy in ocp.proxies()] == ["RUNNING"]


def test_requests_are_recorded_with_user_and_connection(ocp: Ocp) -> None:
    ocp.get("/api/v2/compute/hosts", keyword="a b")
    ocp.take_over(host(1, proxysysPasswd="geheim"))
    first, second = ocp.control.requests()
    assert (first["method"], first["path"], first["query"]) == ("GET", "/api/v2/compute/hosts", "keyword=a+b")
    assert (first["user"], first["scheme"], first["status"]) == ("admin", "Basic", 200)
    assert first["connection"] == second["connection"]
    assert second["body"] == {"hosts": [{"hostId": 1, "sqlPort": 2883, "proxysysPasswd": "***"}]}
    assert ocp.control.requests(since=first["id"]) == [second]
    ocp.control.forget_requests()
    assert ocp.control.requests() == []


def test_a_setting_that_there_is_not_is_refused(ocp: Ocp) -> None:
    with pytest.raises(ValueError, match="colour"):
        ocp.control.settings(colour="red")
    with pytest.raises(ValueError, match="error_codes"):
        ocp.control.settings(error_codes="roman")
