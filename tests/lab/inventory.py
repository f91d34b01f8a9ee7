# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory and the known hosts that Ansible and ssh need to reach a lab's hosts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from .hosts import KEY, Host
from .places import directory

HEADER = "# Written by `python -m tests.lab`: a lab's hosts, as one's own inventory names one's own.\n"


def ssh_options(lab: str) -> list[str]:
    """Return the ssh options that accept only the lab's known hosts, and use only the key that is passed explicitly."""
    known = directory(lab) / "known_hosts"
    return ["-o", f"UserKnownHostsFile={known}", "-o", "StrictHostKeyChecking=yes", "-o", "IdentitiesOnly=yes"]


def write_known_hosts(lab: str, hosts: list[Host]) -> None:
    """Write the public keys of the hosts for ssh."""
    lines = [f"[127.0.0.1]:{host.port} {host.host_key}\n" for host in hosts]
    (directory(lab) / "known_hosts").write_text("".join(lines))


def content(lab: str, hosts: list[Host], variables: dict[str, Any]) -> dict[str, Any]:
    """Return the inventory as data: one group with the hosts of the proxies, and variables for all hosts."""
    entries = {
        host.name: {
            "ansible_host": "127.0.0.1",
            "ansible_port": host.port,
            # The address on the checkout's network, at which OCP reaches the proxy.
            "obproxy_ocp_address": host.address,
        }
        for host in hosts
    }
    reach = {
        "ansible_user": "root",
        "ansible_ssh_private_key_file": str(KEY),
        "ansible_ssh_common_args": " ".join(ssh_options(lab)),
        "ansible_python_interpreter": "/usr/bin/python3",
    }
    return {"all": {"vars": variables, "children": {"obproxy": {"hosts": entries, "vars": reach}}}}


def write(lab: str, hosts: list[Host], variables: dict[str, Any]) -> Path:
    """Write the inventory; return its path."""
    path = directory(lab) / "inventory.yml"
    path.write_text(HEADER + "---\n" + yaml.safe_dump(content(lab, hosts, variables), sort_keys=False))
    return path
