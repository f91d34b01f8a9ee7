# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures for the tests of all scenarios. The report of a failed test shows the state of the host."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests
import yaml

SCENARIO = Path(os.environ["MOLECULE_SCENARIO_DIRECTORY"])
LAB = Path(os.environ["MOLECULE_PROJECT_DIRECTORY"], ".cache/lab", f"molecule-{SCENARIO.name}")
#: Commands that show what to check first on the host.
LOOK = (
    "rpm -qa 'obproxy*'",
    "ps -eo user,pid,ppid,lstart,args --forest | tail -n 25",
    "ss -lntp",
    "journalctl --no-pager --lines=40",
    "tail -n 30 /home/admin/logs/obproxy/log/*.log",
)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Add a host's journal and logs to the report of a test that failed on it, and the simulator's log to any."""
    report = yield
    if report.when == "call" and report.failed:
        host = getattr(item, "funcargs", {}).get("host")
        for command in LOOK if host else ():
            result = host.run(command)
            report.sections.append((f"{host.backend.get_hostname()}: {command}", result.stdout + result.stderr))
        report.sections.append(("the OCP simulator's log", (LAB / "simulator.log").read_text()[-3000:]))
    return report


@pytest.fixture(scope="session")
def lab() -> dict[str, Any]:
    """The lab as it was created: the hosts with their addresses, and the simulator."""
    return json.loads((LAB / "lab.json").read_text())


@pytest.fixture
def address(host: Any, lab: dict[str, Any]) -> str:
    """The host's address in the proxies' network, at which OCP reaches the host."""
    return {found["name"]: found["address"] for found in lab["hosts"]}[host.backend.get_hostname()]


@pytest.fixture(scope="session")
def ocp(lab: dict[str, Any]) -> Callable[[str], Any]:
    """A function that queries the simulator: `ocp("/api/…")` as a user, `ocp("/_simulator/…")` for its records."""
    simulator = lab["simulator"]
    session = requests.Session()
    session.trust_env = False
    session.auth = (simulator["username"], simulator["password"])

    def get(path: str) -> Any:
        answer = session.get(simulator["url"] + path, timeout=10)
        answer.raise_for_status()
        return answer.json()

    return get


@pytest.fixture(scope="session")
def wanted(lab: dict[str, Any]) -> SimpleNamespace:
    """The wanted package: a real one if the lab offers one, or else the scenario's."""
    variables = yaml.safe_load((SCENARIO / "variables.yml").read_text())
    package = lab["real_package"] or {"name": "obproxy", "version": variables["obproxy_package_version"]}
    version, release = package["version"].split("-")
    # Users name a package without the distribution's tag, which is part of the file name.
    release = re.sub(r"\.[A-Za-z]+\d\w*$", "", release)
    home = f"/opt/taobao/install/obproxy-{version}"
    return SimpleNamespace(name=package["name"], version=version, release=release, home=home)
