# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosts of a lab: systemd containers on the checkout's own network, reached over SSH on loopback ports."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from . import boot, image
from .places import CHECKOUT, LABS, PREFIX, LabError, lock, session
from .podman import podman, podman_json

KEY = LABS / "key"
#: The repository configuration for dnf in the hosts.
REPOSITORY = """\
[lab]
name=OBProxy packages of the lab
baseurl=file:///srv/packages
gpgcheck=0
metadata_expire=1
"""
#: Prepares a container as a host of the lab. The public key is read from standard input.
PREPARE = f"""\
umask 077
mkdir -p ~root/.ssh
cat > ~root/.ssh/authorized_keys
umask 022
cat > /etc/yum.repos.d/lab.repo <<'END'
{REPOSITORY}END
"""
#: Root in a container needs extra capabilities to see the owners of processes and ports and to write an audit log.
OPTIONS = [
    f"--network={PREFIX}",
    "--publish=127.0.0.1::22",
    "--systemd=always",
    "--cap-add=SYS_PTRACE,AUDIT_WRITE",
    "--security-opt=label=disable",
]


@dataclass(frozen=True)
class Host:
    """A running host."""

    name: str
    container: str
    address: str
    port: int
    host_key: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def ensure_key() -> str:
    """Create the SSH key for the lab's hosts unless it exists; return the public key."""
    with lock("key"):
        if not KEY.exists():
            command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", PREFIX, "-f", str(KEY)]
            subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return KEY.with_suffix(".pub").read_text().strip()


def ensure_network() -> str:
    """Create the checkout's network unless it exists; return the address at which its hosts reach this machine."""
    with lock("network"):
        if PREFIX not in podman("network", "ls", "--format", "{{.Name}}").split():
            podman("network", "create", "--disable-dns", "--label", f"obproxy-lab={CHECKOUT}", PREFIX)
    gateway: str = podman_json("network", "inspect", PREFIX)[0]["subnets"][0]["gateway"]
    return gateway


def containers(lab: str = "", of_session: str = "") -> list[dict[str, Any]]:
    """Return podman's list of this checkout's containers: all, those of a lab, or those of a session."""
    labels = [f"obproxy-lab={CHECKOUT}"]
    labels += [f"obproxy-lab-name={lab}"] if lab else []
    labels += [f"obproxy-lab-session={of_session}"] if of_session else []
    filters = [argument for label in labels for argument in ("--filter", f"label={label}")]
    found: list[dict[str, Any]] = podman_json("ps", "--all", *filters)
    return found


def ensure(lab: str, count: int, repository: Path) -> list[Host]:
    """Ensure that the lab has this many running hosts with the current image. Hosts that are up to date are kept."""
    picture = image.ensure()
    public_key = ensure_key()
    version = hashlib.sha256(repr([picture, str(repository), public_key, PREPARE, OPTIONS]).encode()).hexdigest()[:12]
    wanted = {f"{PREFIX}-{lab}-{number}": f"{lab}-{number}" for number in range(1, count + 1)}
    there: set[str] = set()
    for container in containers(lab):
        name = container["Names"][0]
        fits = container["State"] == "running" and container["Labels"].get("obproxy-lab-version") == version
        if fits and name in wanted and sshd_answers(published_port(name), time.monotonic() + 3):
            there.add(name)
        else:
            podman("rm", "--force", "--time", "0", name)
    missing = {name: hostname for name, hostname in wanted.items() if name not in there}
    volume = f"--volume={repository}:/srv/packages:ro"
    options = [f"--label=obproxy-lab-version={version}", volume, picture, "/sbin/init"]
    with ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 2)) as pool:
        list(pool.map(lambda item: start(lab, item[0], item[1], options), missing.items()))
    return describe(wanted)


def start(lab: str, container: str, hostname: str, last: list[str]) -> None:
    """Start one host and wait until it has booted and its sshd answers."""
    labels = {"": CHECKOUT, "-name": lab, "-session": session()}
    options = [f"--label=obproxy-lab{suffix}={value}" for suffix, value in labels.items()]
    options += [f"--name={container}", f"--hostname={hostname}", *OPTIONS]
    # Podman may choose the same free port or address for two containers that start at the same time.
    with lock("start"):
        # Inside the lock, since removing the last other host also removes the network.
        ensure_network()
        podman("run", "--detach", *options, *last)
    podman("exec", "--interactive", container, "sh", "-euc", PREPARE, text=f"{ensure_key()}\n")
    wait_for_boot(container)


def restart(container: str) -> None:
    """Restart one host like a machine, and wait until it has booted."""
    podman("restart", "--time", "10", container)
    wait_for_boot(container)


def wait_for_boot(
    container: str, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
) -> None:
    """Wait until systemd reports that the host has booted and sshd sends its greeting on the published port."""
    watch = boot.Watch(clock)
    while True:
        seen = podman("exec", container, "sh", "-c", boot.LOOK, check=False)
        state = boot.state(seen)
        if state in boot.BOOTED and sshd_answers(published_port(container), time.monotonic() + 2):
            return
        why = watch.given_up(seen)
        if not why and not state and not running(container):
            why = "the container has ended"
        if why:
            raise LabError(not_started(container, seen, f"{watch.seconds:.0f} s: {why}"))
        if watch.report_due():
            print(f"lab: {container} is still starting; {boot.describe(seen)}", file=sys.stderr, flush=True)
        sleep(0.2)


def running(container: str) -> bool:
    """Return whether the container is still running."""
    return podman("inspect", "--format", "{{.State.Running}}", container, check=False).strip() == "true"


def not_started(container: str, seen: str, why: str) -> str:
    """Return the error message for a host that did not start, including what to do next."""
    journal = podman("logs", "--tail", "20", container, check=False)
    return (
        f"{container} did not start within {why}; {boot.describe(seen)}.\n{journal}\n"
        "Run the same command again: hosts that have started are kept, this one is made anew. With fewer hosts it "
        "needs less of the machine (LAB_HOSTS=1 for `make demo`)."
    )


def sshd_answers(port: int, deadline: float) -> bool:
    """Return whether sshd sends its greeting before the deadline."""
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
                if connection.recv(4) == b"SSH-":
                    return True
        except OSError:
            pass
        time.sleep(0.1)
    return False


def published_port(container: str) -> int:
    """Return the loopback port of the host's sshd."""
    return int(podman("port", container, "22/tcp").splitlines()[0].rsplit(":", 1)[1])


def describe(names: dict[str, str]) -> list[Host]:
    """Return information about running containers, in the given order."""
    inspected = {item["Name"]: item for item in podman_json("inspect", "--type=container", *names)}
    hosts = []
    for container, hostname in names.items():
        network = inspected[container]["NetworkSettings"]
        port = int(network["Ports"]["22/tcp"][0]["HostPort"])
        key = podman("exec", container, "cat", "/etc/ssh/ssh_host_ed25519_key.pub").split()
        address = network["Networks"][PREFIX]["IPAddress"]
        hosts.append(Host(hostname, container, address, port, " ".join(key[:2])))
    return hosts


def remove(found: list[dict[str, Any]]) -> None:
    """Remove containers, and the network if no container is left."""
    names = [container["Names"][0] for container in found]
    if names:
        podman("rm", "--force", "--time", "0", *names)
    with lock("start"), lock("network"):
        if not containers():
            podman("network", "rm", PREFIX, check=False)
