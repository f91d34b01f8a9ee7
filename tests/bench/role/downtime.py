# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`python -m tests.bench.role.downtime`: measure how long clients cannot reach a proxy while the role upgrades it.

A client on this machine requests the greeting of the proxy repeatedly. The gap is the time from the last greeting of
the old proxy to the first greeting of the new one. It is compared with the time that the two proxies themselves take:
from SIGTERM to the exit of the old one, and from the start of bin/obproxy to its first greeting.
"""

from __future__ import annotations

import argparse
import socket
import threading
import time
from pathlib import Path
from statistics import mean

from tests.bench.measure import load, machine
from tests.bench.report import machine_words
from tests.integration.role.hosts import HOME, VARIABLES, Host, run_role
from tests.lab import lab as labs

LAB = "bench-downtime"
NEW = {"obproxy_package_version": "3.2.3.5-2", "obproxy_upgrade": True, "obproxy_proxysys_password": "geheim"}
OLD = {**NEW, "obproxy_package_version": VARIABLES["obproxy_package_version"]}
PAUSE = 0.02

DOCUMENT = """\
## While a proxy is upgraded

Measured by `python -m tests.bench.role.downtime`: {machine}; {times} upgrades and as many downgrades between
versions of the stand-in, which take as long to stop and to start as a real 4.2.3 on an idle machine.

| what | s |
|---|---:|
| clients cannot reach the proxy | {gap:.1f} |
| of which: one proxy stops and the other starts | {proxies:.1f} |
"""


class Client(threading.Thread):
    """Requests greetings until stopped, and records the longest time without one."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self.address, self.longest, self._last = address, 0.0, time.monotonic()
        self._stopped = threading.Event()

    def run(self) -> None:
        while not self._stopped.wait(PAUSE):
            if greets(self.address):
                now = time.monotonic()
                self.longest, self._last = max(self.longest, now - self._last), now

    def stop(self) -> float:
        self._stopped.set()
        self.join()
        return self.longest


def greets(address: str) -> bool:
    try:
        with socket.create_connection((address, 2883), 1) as connection:
            return bool(connection.recv(1))
    except OSError:
        return False


def gap(host: Host, variables: dict[str, object]) -> float:
    """Return the longest time without a greeting while the role switches to another version."""
    client = Client(host.address)
    client.start()
    run_role([host.name], host.inventory, **{**VARIABLES, **variables}).ok()
    return client.stop()


def proxies_alone(host: Host) -> float:
    """Return the seconds that the running proxy takes to stop and to start again, without obproxyd.sh."""
    client = Client(host.address)
    client.start()
    host.run(
        "pkill -9 -x obproxyd.sh; pkill -x obproxy; while pgrep -x obproxy > /dev/null; do sleep 0.02; done;"
        f" cd {HOME}; runuser -u admin ./bin/obproxy > /dev/null 2>&1"
    )
    while not greets(host.address):
        time.sleep(PAUSE)
    time.sleep(4 * PAUSE)
    return client.stop()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.role.downtime", description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, default=Path(".cache/bench"), help="the folder for results (%(default)s)")
    parser.add_argument("--times", type=int, default=3, help="the number of upgrades and downgrades (%(default)s)")
    options = parser.parse_args()
    on = machine()
    found = labs.up(LAB, 1, simulator=False, packages="stand-in")
    try:
        host = Host(found["hosts"][0], found["inventory"])
        host.fresh().role(obproxy_proxysys_password="geheim").ok()
        # Install both versions before measuring.
        for variables in (NEW, OLD):
            gap(host, variables)
        gaps: list[float] = []
        for _turn in range(options.times):
            gaps += [gap(host, variables) for variables in (NEW, OLD)]
            on["load"].append(load())
        alone = [proxies_alone(host) for _turn in range(options.times)]
    finally:
        labs.down(LAB)
    document = DOCUMENT.format(machine=machine_words(on), times=options.times, gap=mean(gaps), proxies=mean(alone))
    print(document)
    options.to.mkdir(parents=True, exist_ok=True)
    (options.to / "bench-role-downtime.md").write_text(document)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
