# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the checks of a scenario have at hand; when one fails, the host's own words stand beside it."""

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

ROOT = Path(os.environ["MOLECULE_PROJECT_DIRECTORY"])
SCENARIO = os.environ["MOLECULE_SCENARIO_NAME"]
LAB = ROOT / ".cache/lab" / f"molecule-{SCENARIO}"
#: What somebody would look at first on the host.
LOOK = (
    "rpm -qa 'obproxy*'",
    "ps -eo user,pid,ppid,lstart,args --forest | tail -n 25",
    "ss -lntp",
    "journalctl --no-pager --lines=40",
    "tail -n 30 /home/admin/logs/obproxy/log/*.log",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A scenario's checks are in the file of its name; those that take proxies over share one."""
    own = Path(__file__).with_name(f"test_{SCENARIO}.py")
    wanted = own.name if own.exists() else "test_takeover.py"
    items[:] = [item for item in items if item.path.name == wanted]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Add journal and logs to the report of a check that failed on a host, the simulator's log to any."""
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
    """The lab as it was brought up: hosts with their addresses, the simulator."""
    return json.loads((LAB / "lab.json").read_text())


@pytest.fixture
def address(host: Any, lab: dict[str, Any]) -> str:
    """The host's address on the proxies' network, by which OCP reaches it."""
    return {found["name"]: found["address"] for found in lab["hosts"]}[host.backend.get_hostname()]


@pytest.fixture(scope="session")
def ocp(lab: dict[str, Any]) -> Callable[[str], Any]:
    """Ask the simulator: `ocp("/api/…")` as its user, `ocp("/_simulator/…")` for what it knows beside."""
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
def wanted() -> SimpleNamespace:
    """The package that was asked for: the scenario's, or the real one's from which the scenario takes it."""
    variables = yaml.safe_load((ROOT / "molecule" / SCENARIO / "variables.yml").read_text())
    name = os.environ.get("OBPROXY_RPM_NAME") or variables.get("obproxy_package_name", "obproxy")
    version, release = (os.environ.get("OBPROXY_RPM_VERSION") or variables["obproxy_package_version"]).split("-")
    # People name a package without the distribution's tag, the file's own name has it.
    release = re.sub(r"\.[A-Za-z]+\d\w*$", "", release)
    return SimpleNamespace(name=name, version=version, release=release, home=f"/opt/taobao/install/obproxy-{version}")
