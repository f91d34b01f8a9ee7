# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The OCP of a lab: a simulator that listens on the address at which the hosts reach this machine."""

from __future__ import annotations

import re
import socket
import sys
import time
from pathlib import Path
from typing import Any

import requests
import yaml

from . import process
from .hosts import Host
from .places import ROOT, LabError, directory

CLUSTER = "demo"
USERNAME = "admin"
PASSWORD = "aaAA11__"
#: The start takes 1 s on an idle machine. A simulator that cannot start exits, which is noticed immediately.
START_TIMEOUT = 120
FIRST_LINE = re.compile(r"^OCP simulator at (https?://\S+) ")


def world(hosts: list[Host]) -> dict[str, Any]:
    """Return the state of the simulated OCP: the lab's hosts, and an OBProxy cluster without proxies."""
    return {
        "users": [{"username": USERNAME, "password": PASSWORD}],
        "hosts": [{"address": host.address, "name": host.name} for host in hosts],
        "obproxy_clusters": [{"name": CLUSTER, "work_mode": "CONFIG_URL"}],
    }


def variables(url: str) -> dict[str, Any]:
    """Return the variables of the collection that a playbook needs to use the simulator."""
    return {"ocp_url": url, "ocp_username": USERNAME, "ocp_password": PASSWORD, "obproxy_cluster": CLUSTER}


def ensure(lab: str, wanted: dict[str, Any], gateway: str, before: dict[str, Any] | None) -> dict[str, Any]:
    """Ensure that a simulator with this state is running. If one already is, it is kept with all its data."""
    folder = directory(lab)
    file = folder / "world.yml"
    text = "---\n" + yaml.safe_dump(wanted, sort_keys=False)
    known = file.read_text() if file.exists() else ""
    if before and process.alive(before):
        if known == text:
            return before
        if known and add_hosts(before, yaml.safe_load(known), wanted):
            file.write_text(text)
            return before
    process.stop(before)
    file.write_text(text)
    output, errors = folder / "simulator.out", folder / "simulator.log"
    port = before["port"] if before and free(gateway, before["port"]) else 0
    command = [sys.executable, "-m", "tests.simulator", "--listen", f"{gateway}:{port}", "--state", str(file)]
    started = process.start(command, ROOT, output, errors)
    try:
        url = wait_for_address(started, output, errors)
    except BaseException:
        process.stop(started)
        raise
    port = int(url.rsplit(":", 1)[1])
    return {**started, "url": url, "port": port, "username": USERNAME, "password": PASSWORD, "cluster": CLUSTER}


def add_hosts(running: dict[str, Any], old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Add new hosts to a running simulator, so that it keeps what it manages. Return False if a host was removed."""
    if any(host not in new["hosts"] for host in old["hosts"]):
        return False
    session = requests.Session()
    session.trust_env = False
    address = running["url"] + "/_simulator/state"
    now = session.get(address, timeout=10).json()
    now["hosts"] += [host for host in new["hosts"] if host not in old["hosts"]]
    session.put(address, json=now, timeout=10).raise_for_status()
    return True


def free(address: str, port: int) -> bool:
    """Return whether the port is free again. Using it again keeps the config URL of proxies valid."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def wait_for_address(started: dict[str, Any], output: Path, errors: Path) -> str:
    """Wait for the simulator's first line of output, and return the address in it."""
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline:
        match = FIRST_LINE.match(output.read_text())
        if match:
            return match.group(1).rstrip("/")
        if not process.alive(started):
            break
        time.sleep(0.05)
    raise LabError(f"The OCP simulator did not start:\n{errors.read_text()[-2000:]}")
