# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random schedules of faults during a takeover. A schedule is fully determined by its way and its seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

#: One run with faults; one or two runs that are killed; two concurrent runs with all, some, or no hosts in common.
WAYS = ("alone", "killed", "at_once")

#: Requests of a takeover, as patterns for faults.
CLUSTERS = {"method": "GET", "path": "obproxy/clusters$"}
HOSTS = {"method": "GET", "path": "compute/hosts$"}
RUNNING = {"method": "GET", "path": "tasks/instances$", "query": "status=RUNNING"}
OF_HOST = {"method": "GET", "path": "tasks/instances$", "query": "hostId="}
POLLS = {"method": "GET", "path": r"tasks/instances(/\d+)?$"}
POST = {"method": "POST", "path": "takeOver$"}
RETRY = {"method": "POST", "path": "/retry$"}
ANY: dict[str, str] = {}
#: Where faults occur. The POST matters most, so it is listed most often.
PLACES = [CLUSTERS, HOSTS, RUNNING, OF_HOST, POLLS, POLLS, POST, POST, POST, POST, RETRY, ANY]


@dataclass
class Kill:
    """A SIGKILL of the client, a number of seconds after its start or while one of its requests is in progress."""

    after: float | None = None
    during: dict[str, Any] | None = None  # a delay, as a fault of the simulator
    grace: float = 0.0  # seconds from the request to the kill
    module: bool = False  # run the real module in a separate process, as Ansible starts it


@dataclass
class Run:
    hosts: list[int]
    start: float = 0.0
    kill: Kill | None = None


@dataclass
class Schedule:
    seed: int
    way: str
    hosts: int
    settings: dict[str, Any]
    limit: int
    request_timeout: float
    faults: list[dict[str, Any]] = field(default_factory=list)
    task_faults: list[dict[str, Any]] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)

    def __str__(self) -> str:
        parts = [f"seed {self.seed} ({self.way}): {self.hosts} hosts, limit {self.limit} s, {self.settings}"]
        parts += [f"  fault {fault}" for fault in self.faults + self.task_faults]
        parts += [f"  {run}" for run in self.runs]
        return "\n".join(parts)


def schedule(seed: int, way: str) -> Schedule:
    dice = random.Random(f"{way} {seed}")
    hosts = dice.choice([1, 1, 2, 3, 5, 8, 13, 30])
    made = Schedule(
        seed=seed,
        way=way,
        hosts=hosts,
        settings={
            "check_proxies": False,
            "rate_limit": None,
            "task_seconds": round(dice.uniform(0.2, 2.0), 2),
            "takeover_answer": dice.choice(["contents", "contents", "object"]),
            "tasks_per_host": dice.random() < 0.8,
            "context_as": dice.choice(["object", "string"]),
            "error_codes": dice.choice(["integer", "string"]),
        },
        limit=dice.choice([3, 4, 5]),
        request_timeout=dice.choice([0.7, 1.0]),
    )
    made.faults = [_fault(dice, made.request_timeout) for _ in range(dice.choice([0, 1, 1, 2, 3, 4]))]
    everybody = list(range(1, hosts + 1))
    if way == "alone":
        made.faults = made.faults or [_fault(dice, made.request_timeout)]
        made.runs = [Run(everybody)]
        if dice.random() < 0.15:
            made.task_faults = [{"kind": "fail", "host": dice.choice(everybody), "subtask": dice.randint(1, 12)}]
    elif way == "killed":
        made.runs = [Run(everybody, kill=_kill(dice)) for _ in range(dice.choice([1, 1, 2]))]
    else:
        start = dice.choice([0.0, 0.0, round(dice.uniform(0, 1.5), 2)])
        made.runs = [Run(part, start if number else 0.0) for number, part in enumerate(_two(dice, everybody))]
    return made


def _two(dice: random.Random, everybody: list[int]) -> tuple[list[int], list[int]]:
    """Return the hosts of two runs: all hosts for both, two disjoint parts, or two overlapping parts."""
    overlap = dice.choice(["all", "none", "some"])
    middle = len(everybody) // 2
    if overlap == "all" or not middle:
        return everybody, everybody
    if overlap == "none":
        return everybody[:middle], everybody[middle:]
    more = dice.randint(1, len(everybody) - middle)
    return everybody[: middle + more], everybody[middle:]


def _kill(dice: random.Random) -> Kill:
    module = dice.random() < 0.4
    if dice.random() < 0.4:
        return Kill(after=round(dice.uniform(0.0, 2.0) + 0.5 * module, 2), module=module)
    place = dice.choice([CLUSTERS, RUNNING, POLLS, POST, POST, POST, POST])
    delay = {"kind": "delay", "seconds": round(dice.uniform(0.3, 2.5), 2), "when": dice.choice(["before", "after"])}
    skip = 0 if place is POST else dice.randint(0, 3)
    return Kill(during={**place, **delay, "skip": skip}, grace=dice.choice([0.0, 0.1, 0.5]), module=module)


def _fault(dice: random.Random, request_timeout: float) -> dict[str, Any]:
    place = dice.choice(PLACES)
    where = {**place, "skip": dice.choice([0, 0, 0, 1, 2, 3, 5]), "times": dice.choice([1, 1, 1, 2, 3])}
    if place is POST:
        where["skip"] = dice.choice([0, 0, 0, 1])
    when, how = dice.choice(["before", "after"]), dice.choice(["reset", "close"])
    done = dice.random() < 0.5
    what = dice.choice(
        [
            {"kind": "reset", "when": when, "how": how},
            {"kind": "reset", "when": when, "how": how},
            {"kind": "status", "status": dice.choice([500, 502, 503, 504]), "work": done},
            {"kind": "status", "status": 409, "code": dice.choice([20021, "20021"]), "message": "another task runs"},
            {"kind": "cut", "share": round(dice.uniform(0, 0.95), 2)},
            {"kind": "not_json", "status": dice.choice([200, 502, 504]), "work": done},
            {"kind": "silent", "when": when},
            {"kind": "delay", "when": when, "seconds": round(request_timeout * dice.choice([0.5, 1.5, 3]), 2)},
            {"kind": "drip", "seconds": 0.05},
            {"kind": "endless"},
            {"kind": "rate_limited", "reset": dice.choice([0, 1, 2]), "limit": dice.choice([None, 100])},
            {"kind": "expired"} if dice.random() < 0.3 else {"kind": "unsuccessful", "code": 1000},
        ]
    )
    return {**where, **what}
