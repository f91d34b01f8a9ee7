# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A lab: hosts and optionally an OCP simulator that manages them. `up` and `down` are safe to repeat."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from typing import Any

from . import hosts, inventory, ocp, process, repository
from .places import LABS, LabError, directory, lock, session

DEFAULT_HOSTS = 2


def read(name: str) -> dict[str, Any]:
    """Return the stored data of a lab, or an empty dictionary if there is none."""
    file = directory(name) / "lab.json"
    return json.loads(file.read_text()) if file.exists() else {}


def names() -> list[str]:
    """Return the names of this checkout's labs."""
    return sorted(file.parent.name for file in LABS.glob("*/lab.json"))


def up(
    name: str,
    count: int | None = None,
    simulator: bool | None = None,
    packages: str | None = None,
    world: Callable[[list[hosts.Host]], dict[str, Any]] = ocp.world,
) -> dict[str, Any]:
    """Start or update a lab, and return its data. Arguments that are not given keep their previous values.

    `world` returns the state of the simulator for the given hosts.
    """
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,30}", name):
        raise LabError(f"{name!r} is no name for a lab: small letters, digits and dashes, as in a host's name.")
    if count is not None and not 1 <= count <= 50:
        raise LabError(f"A lab has from 1 to 50 hosts, not {count}.")
    with lock(f"up-{name}"):
        before = read(name)
        count = count or len(before.get("hosts", [])) or DEFAULT_HOSTS
        packages = packages or before.get("packages") or repository.STAND_IN
        folder = repository.ensure(packages)
        directory(name).mkdir(parents=True, exist_ok=True)
        # Written before anything starts, so that a partially started lab can be found and removed.
        owner = before.get("session", session())
        write(name, {**before, "name": name, "session": owner})
        running = hosts.ensure(name, count, folder)
        gateway = hosts.ensure_network()
        ocp_before = before.get("simulator")
        wanted = simulator if simulator is not None else bool(ocp_before)
        ocp_now = ocp.ensure(name, world(running), gateway, ocp_before) if wanted else None
        if ocp_before and not wanted:
            process.stop(ocp_before)
        inventory.write_known_hosts(name, running)
        real = repository.real_package() if packages == repository.REAL else None
        variables = ocp.variables(ocp_now["url"]) if ocp_now else {}
        if real:
            variables |= {"obproxy_package_name": real["name"], "obproxy_package_version": real["version"]}
        path = inventory.write(name, running, variables)
        found = {
            "name": name,
            "session": owner,
            "packages": packages,
            "real_package": real,
            "gateway": gateway,
            "inventory": str(path),
            "hosts": [host.as_dict() for host in running],
            "simulator": ocp_now,
        }
        write(name, found)
    return found


def write(name: str, found: dict[str, Any]) -> None:
    """Store the data of a lab."""
    (directory(name) / "lab.json").write_text(json.dumps(found, indent=2) + "\n")


def down(name: str) -> None:
    """Stop a lab and remove everything that belongs to it. A missing lab is not an error."""
    with lock(f"up-{name}"):
        process.stop(read(name).get("simulator"))
        hosts.remove(hosts.containers(name))
        if directory(name).is_dir():
            shutil.rmtree(directory(name))


def down_all(of_session: str = "") -> None:
    """Stop and remove all labs of the checkout, or those that one session started."""
    found = hosts.containers(of_session=of_session)
    there = {container["Labels"]["obproxy-lab-name"] for container in found}
    there |= {name for name in names() if not of_session or read(name).get("session") == of_session}
    for name in sorted(there):
        down(name)
