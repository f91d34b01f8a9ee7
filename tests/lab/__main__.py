# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Manage labs of hosts, for example: `python -m tests.lab up demo --simulator`. See `--help` for all commands."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys

from . import hosts, image, inventory, lab, repository, run, scenario
from .places import CACHE, LabError, directory


def show(found: object) -> None:
    """Print data as JSON, indented for readability."""
    print(json.dumps(found, indent=2))


def up(arguments: argparse.Namespace) -> None:
    show(lab.up(arguments.name, arguments.hosts, arguments.simulator, arguments.packages))


def down(arguments: argparse.Namespace) -> None:
    for name in arguments.names:
        lab.down(name)
    if arguments.session or arguments.all:
        lab.down_all(arguments.session)


def existing(name: str) -> dict[str, object]:
    """Return the lab. If there is none of this name, raise an error that lists the existing ones."""
    found = lab.read(name)
    if not found:
        raise LabError(f"There is no lab {name}; there is: {', '.join(lab.names()) or 'none'}.")
    return found


def list_(_arguments: argparse.Namespace) -> None:
    show([lab.read(name) for name in lab.names()])


def restart(arguments: argparse.Namespace) -> None:
    found = existing(arguments.name)["hosts"]
    assert isinstance(found, list)
    for host in found:
        hosts.restart(host["container"])


def inventory_(arguments: argparse.Namespace) -> None:
    existing(arguments.name)
    print((directory(arguments.name) / "inventory.yml").read_text(), end="")


def ssh(arguments: argparse.Namespace) -> None:
    found = existing(arguments.name)["hosts"]
    assert isinstance(found, list)
    by_name = {host["name"]: host for host in found}
    host = by_name.get(arguments.host) or by_name.get(f"{arguments.name}-{arguments.host}")
    if not host:
        raise LabError(f"The lab has no host {arguments.host}; it has: {', '.join(by_name)}.")
    options = [*inventory.ssh_options(arguments.name), "-i", str(hosts.KEY), "-p", str(host["port"])]
    os.execvp("ssh", ["ssh", *options, "root@127.0.0.1", *arguments.command])


def run_(arguments: argparse.Namespace) -> int:
    return run.run(arguments.command)


def molecule(arguments: argparse.Namespace) -> int:
    return scenario.run(arguments.command, arguments.scenario)


def image_(_arguments: argparse.Namespace) -> None:
    hosts.ensure_key()
    print(image.ensure())


def clean(_arguments: argparse.Namespace) -> None:
    """Remove all labs and images of this checkout. The Makefile removes the folder."""
    if not CACHE.is_dir() or not shutil.which("podman"):
        return
    lab.down_all()
    image.remove()


def parser() -> argparse.ArgumentParser:
    main = argparse.ArgumentParser(prog="python -m tests.lab", description=__doc__)
    commands = main.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, function: object, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(function=function)
        return command

    command = add("up", up, "bring a lab up (or as it should be) and print what there is")
    command.add_argument("name")
    command.add_argument("--hosts", type=int, help=f"how many (as before, else {lab.DEFAULT_HOSTS})")
    command.add_argument("--simulator", action=argparse.BooleanOptionalAction, help="with an OCP simulator")
    command.add_argument(
        "--packages",
        choices=[repository.STAND_IN, repository.REAL],
        help=f"what dnf finds in the hosts ({repository.REAL}: the file that OBPROXY_RPM names)",
    )
    command = add("down", down, "end labs and remove what they had")
    command.add_argument("names", nargs="*", metavar="name")
    command.add_argument("--all", action="store_true", help="every lab of this checkout")
    command.add_argument("--session", default="", help="those started with LAB_SESSION at this value")
    command = add("restart", restart, "restart a lab's hosts")
    command.add_argument("name")
    command = add("inventory", inventory_, "print a lab's Ansible inventory")
    command.add_argument("name")
    command = add("ssh", ssh, "log in to a host, or run a command there")
    command.add_argument("name")
    command.add_argument("host", help="its name, or its number")
    command.add_argument("command", nargs=argparse.REMAINDER)
    add("list", list_, "print every lab of this checkout")
    command = add("run", run_, "run a command, then end the labs and processes that it started")
    command.add_argument("command", nargs=argparse.REMAINDER)
    command = add("molecule", molecule, "run molecule as the tests do")
    command.add_argument("command", help="molecule's: test, converge, verify, login, destroy, …")
    command.add_argument("scenario", nargs="?", default=scenario.DEFAULT)
    add("image", image_, "build the hosts' image and key unless they are there")
    add("clean", clean, "end every lab of this checkout and remove the images")
    return main


def main() -> int:
    arguments = parser().parse_args()
    try:
        return arguments.function(arguments) or 0
    except (LabError, subprocess.TimeoutExpired) as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
