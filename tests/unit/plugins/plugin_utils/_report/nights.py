# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows for reports, as the waves of a night leave them: 300 hosts, some with problems of several kinds."""

from datetime import datetime, timedelta, timezone

BEGAN = datetime(2026, 11, 26, 1, 0, tzinfo=timezone(timedelta(hours=8)))
SUBTASKS = ("Prepare", "Check host", "Sync parameters", "Restart", "Check obproxy", "Register", "Finish")
BLOCKER = {
    "name": "several_processes",
    "found": "2 obproxy processes are running: 4711, 4712",
    "needed": "exactly one",
    "cure": "Keep the process that OCP is to take over, and end the other one.",
    "text": "",
}


def task(number, status="SUCCESSFUL"):
    failed = status == "FAILED"
    subtasks = [
        {
            "id": place,
            "name": name,
            "status": "FAILED" if failed and place == 3 else "PENDING" if failed and place > 3 else "SUCCESSFUL",
            "operation": "EXECUTE",
            "upstreams": [place - 1] if place else [],
        }
        for place, name in enumerate(SUBTASKS)
    ]
    return {
        "id": number,
        "name": "Take over obproxy",
        "status": status,
        "operation": "EXECUTE",
        "host_id": 1,
        "started": BEGAN.isoformat(),
        "finished": (BEGAN + timedelta(seconds=90)).isoformat(),
        "subtasks": subtasks,
        "failed_subtasks": [{"id": 3, "name": "Restart", "log": "ERROR 10.0.0.7:2883: timed out"}] if failed else [],
        "url": f"http://ocp:8080/task/{number}",
    }


def row(number, outcome="taken_over", wave=1, **more):
    done = outcome == "taken_over" or (more.get("failure") or {}).get("kind") == "task_failed"
    own = task(33000 + number, "SUCCESSFUL" if outcome == "taken_over" else "FAILED") if done else None
    began = BEGAN + timedelta(minutes=15 * ((wave or 1) - 1), seconds=number % 60)
    return {
        "host": f"proxy-{number:03}",
        "address": f"10.0.{number // 250}.{number % 250}",
        "sql_port": 2883,
        "host_id": number,
        "cluster": {"id": 1, "name": "demo"},
        "wave": wave,
        "outcome": outcome,
        "action": "nothing",
        "configure": False,
        "task_id": own and own["id"],
        "task": own,
        "blockers": [],
        "ignored": [],
        "message": "",
        "failure": None,
        "started": began.isoformat() if wave else None,
        "finished": (began + timedelta(seconds=200 + number % 90)).isoformat() if wave else None,
        **more,
    }


def night(hosts=300):
    rows = []
    for number in range(1, hosts + 1):
        wave = 1 if number <= 3 else 2 if number <= hosts // 3 else 3
        if number % 20 == 7:
            message = f"OCP's task {33000 + number} failed at Restart."
            failure = {"kind": "task_failed", "message": message, "next": "Fix the cause, then run again."}
            rows.append(row(number, "failed", wave, message=message, failure=failure))
        elif number % 20 == 11:
            rows.append(row(number, "blocked", None, blockers=[BLOCKER]))
        elif number % 50 == 13:
            rows.append(row(number, "unreachable", None, message="ssh: No route to host"))
        else:
            rows.append(row(number, wave=wave))
    return rows
