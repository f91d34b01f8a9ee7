# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cases of the benchmark, its two playbooks, and the goals of the collection."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Case:
    name: str
    proxies: int
    #: The duration of OCP's tasks, in seconds, with one run for each value.
    seconds: list[float]
    #: The highest accepted cost of the collection, relative to `uri`.
    goals: dict[str, float] = field(default_factory=dict)
    ways: tuple[str, ...] = ("uri", "ours")


CASES = [
    Case("1 proxy, 17 to 23 s", 1, [17, 18.5, 20, 21.5, 23], {"cpu": 0.6, "late": 0.5}),
    Case("20 proxies, 20 s", 20, [20], {"cpu": 0.25, "late": 0.2, "requests": 0.6}),
    Case("200 proxies, 20 s", 200, [20], {"cpu": 0.05, "late": 0.05, "requests": 0.1}),
    Case("1,000 proxies, 60 s", 1000, [60], ways=("ours",)),
]
#: Goals of the largest case only.
PEAK_MB = 150
CPU_TIMES_200 = 5

#: The measurements of each run, with their labels in the table.
MEASURED = {
    "cpu": "CPU s",
    "late": "end noticed after s",
    "requests": "requests",
    "peak_mb": "peak MB",
    "wall": "wall s",
}


#: The seconds for which a playbook sleeps to measure the cost of Ansible itself.
SLEEP = 20


def playbook(way: str) -> list[dict[str, Any]]:
    tasks = {"uri": URI, "ours": OURS, "sleep": [{"name": "Sleep", "ansible.builtin.command": "sleep {{ seconds }}"}]}
    return [{"hosts": "localhost", "gather_facts": False, "tasks": tasks[way]}]


def variables(proxies: int, seconds: float = 0) -> dict[str, Any]:
    return {
        "seconds": seconds,
        "proxies": [{"host_id": n} for n in range(1, proxies + 1)],
        "body": {"hosts": [{"hostId": n, "sqlPort": 2883} for n in range(1, proxies + 1)]},
    }


OURS = [{"name": "Take over", "obops.oceanbase.ocp_obproxy_takeover": {"cluster_id": 1, "hosts": "{{ proxies }}"}}]

_LOG_IN = {
    "url_username": "{{ lookup('env', 'OCP_USERNAME') }}",
    "url_password": "{{ lookup('env', 'OCP_PASSWORD') }}",
    "force_basic_auth": True,
}
_API = "{{ lookup('env', 'OCP_URL') }}/api/v2"
#: A playbook without a collection: one request, and a loop for each of its tasks until it finishes.
URI = [
    {
        "name": "Take over",
        "ansible.builtin.uri": {
            "url": _API + "/obproxy/clusters/1/takeOver",
            "method": "POST",
            "body_format": "json",
            "body": "{{ body }}",
            **_LOG_IN,
        },
        "register": "takeover",
        "no_log": True,
    },
    {
        "name": "Wait",
        "ansible.builtin.uri": {"url": _API + "/tasks/instances/{{ item.id }}", **_LOG_IN},
        "loop": "{{ takeover.json.data.contents }}",
        "loop_control": {"label": "{{ item.id }}"},
        "register": "task",
        "until": "task.json.data.status in ['SUCCESSFUL', 'FAILED']",
        "failed_when": "task.json.data.status == 'FAILED'",
        "delay": 5,
        "retries": 720,
    },
]
