# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each proxy is taken over at most once, whatever breaks. Many fault schedules run in memory on a virtual clock.

tests/integration/ocp/test_exactly_once.py does the same with real connections, processes and kills. Here, a fault can
affect every single request, including another run that comes in between. Set FAULT_SEED=17 to replay a seed, or
FAULT_SCHEDULES=5000 to run more schedules.
"""

import os
import random
from collections import Counter

import pytest
import requests
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.errors import OcpError
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.progress import Progress
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.takeover import Takeover
from ansible_collections.obops.oceanbase.tests.unit.plugins.module_utils._ocp.fake_ocp import FakeOcp
from ansible_collections.obops.oceanbase.tests.unit.plugins.module_utils._ocp.fake_wire import (
    Wire,
    client_over,
    served_by,
)

LIMIT = 90
FAULTS = ["before", "after", "html", "500", "500 done", "429", "409", "another run", "killed before", "killed after"]
HTML = (200, {"Content-Type": "text/html"}, b"<html></html>")


class Killed(BaseException):
    """The client was killed without warning."""


def error(status, code=None, **headers):
    return status, headers, b'{"successful": false, "error": {"code": %s, "message": "no"}}' % str(code or 0).encode()


class Schedule:
    """One fault schedule, determined by its seed."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.ocp = FakeOcp(
            hosts=self.dice.choice([1, 2, 3, 8, 30]),
            task_seconds=self.dice.choice([1, 5, 20, 40]),
            one_task=self.dice.random() < 0.3,
        )
        self.chance = self.dice.choice([0.02, 0.1, 0.3])
        self.broken = []

    def run(self, faulty=True, depth=0, limit=LIMIT):
        """Run a takeover of some of the hosts with faults, or of all hosts without faults."""
        everybody = range(1, len(self.ocp.hosts) + 1)
        hosts = self.dice.sample(everybody, self.dice.randint(1, len(everybody))) if faulty else everybody
        posted, serve = set(), served_by(self.ocp)

        def answer(method, path, params, body):
            fault = self.dice.choice(FAULTS) if faulty and self.dice.random() < self.chance else None
            wanted = {entry["hostId"] for entry in body["hosts"]} if path.endswith("takeOver") else set()
            if wanted & posted:
                self.broken.append(f"posted again what may have been done: {wanted & posted}")
            posted.update(wanted)
            if fault == "another run" and depth < 2:
                self.run(depth=depth + 1)
            if fault in ("429", "409"):
                posted.difference_update(wanted)
                return error(429, 0, **{"RateLimit-Reset": "2"}) if fault == "429" else error(409, 20021)
            if fault == "killed before":
                raise Killed()
            if fault == "before":
                raise requests.exceptions.ConnectionError("broken off")
            if fault == "500":
                return error(500)
            answered = serve(method, path, params, body)
            if fault == "killed after":
                raise Killed()
            if fault == "after":
                raise requests.exceptions.ConnectionError("broken off")
            if fault == "500 done":
                return error(500)
            if answered[0] in (400, 409):
                posted.difference_update(wanted)
            return HTML if fault == "html" else answered

        # Runs in between use up time of this run.
        wire = Wire(answer, self.ocp.clock, latest=self.ocp.clock.now + limit * 3 + 10)
        client = client_over(wire, self.ocp.clock, limit)
        progress = Progress(lambda line: None, lambda: client.limit.elapsed)
        names = [{"host": f"10.0.0.{n}", "sql_port": 2883} for n in hosts]
        try:
            result = Takeover(client, None, "demo", names, progress).run()
        except Killed:
            return None
        except OcpError as failure:
            return failure
        if {host["outcome"] for host in result["hosts"]} - {"taken_over", "already_managed"}:
            self.broken.append(f"succeeded with {result['hosts']}")
        return result

    def carry_out(self):
        for _round in range(self.dice.choice([1, 1, 2, 3])):
            self.run()
        again, last = self.run(faulty=False), self.run(faulty=False)
        twice = [host for host, count in Counter(self.ocp.takeovers).items() if count > 1]
        if twice:
            self.broken.append(f"taken over twice: {twice}")
        if isinstance(again, OcpError):
            self.broken.append(f"running again fails: {again}")
        if not isinstance(last, dict) or last["changed"]:
            self.broken.append(f"the last run is no calm one: {last}")
        return self.broken


@pytest.mark.parametrize("part", range(5))
def test_each_proxy_is_taken_over_once(part):
    many = int(os.environ.get("FAULT_SCHEDULES", 300))
    seeds = [int(os.environ["FAULT_SEED"])] if "FAULT_SEED" in os.environ else range(part, many, 5)
    found = {seed: Schedule(seed).carry_out() for seed in seeds}
    broken = {seed: what for seed, what in found.items() if what}
    assert not broken, "\n".join(f"seed {seed}: {'; '.join(found)}" for seed, found in broken.items())
