# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: takeover_summary
short_description: Sum up a takeover of many hosts
version_added: 1.0.0
author:
  - obops.oceanbase contributors (@obops)
description:
  - Joins what the role did on each host with what M(obops.oceanbase.ocp_obproxy_takeover) did with all of them.
  - Made for the playbook C(obops.oceanbase.takeover).
options:
  _input:
    description:
      - For each host a dictionary with C(__takeover_host) (its C(host), C(address) and C(sql_port)),
        C(__takeover_error), which is empty when it got as far as the takeover, and C(__takeover_blockers), what
        P(obops.oceanbase.takeover_blockers#filter) found.
    type: list
    elements: dict
    required: true
  result:
    description:
      - The result of M(obops.oceanbase.ocp_obproxy_takeover), which returns the hosts without an error in the same
        order.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show who was taken over
  ansible.builtin.debug:
    msg: "{{ (hosts | obops.oceanbase.takeover_summary(result)).table }}"
  vars:
    hosts:
      - __takeover_host: {host: proxy-1, address: 10.0.0.11, sql_port: 2883}
        __takeover_error: ""
    result:
      hosts:
        - {address: 10.0.0.11, sql_port: 2883, outcome: taken_over, task_id: 33001}
"""

RETURN = r"""
_value:
  description:
    - C(hosts), for each its C(host), C(address), C(sql_port), C(outcome), C(task_id), C(message) and C(blockers);
      C(failed), the names of those that failed; C(task_ids); C(table), lines for a person; and C(message), the reason
      of a failure.
  type: dict
"""


def takeover_summary(hosts, result):
    """The rows of all hosts, in the order given, as data and as a table."""
    taken = iter(result.get("hosts") or [])
    rows = []
    reasons = {}
    for entry in hosts:
        row = {key: entry["__takeover_host"][key] for key in ("host", "address", "sql_port")}
        message = entry["__takeover_error"]
        proxy = {} if message else next(taken, {})
        row["outcome"] = proxy.get("outcome") or "failed"
        row["task_id"] = proxy.get("task_id")
        if row["outcome"] == "failed" and not message:
            message = _reason(row["task_id"], result)
        row["message"] = message
        blockers = entry.get("__takeover_blockers") or []
        row["blockers"] = [blocker["name"] for blocker in blockers]
        rows.append(row)
        reasons[row["host"]] = [blocker["text"] for blocker in blockers] or [message]
    failed = [row["host"] for row in rows if row["outcome"] == "failed"]
    # A takeover that only timed out has no failed host, and has failed all the same.
    if not failed and result.get("failure"):
        failed = [row["host"] for row in rows if row["outcome"] == "submitted"]
    why = " ".join(dict.fromkeys(row["message"] for row in rows if row["message"])) or result.get("msg") or ""
    return {
        "hosts": rows,
        "failed": failed,
        "task_ids": sorted({row["task_id"] for row in rows if row["task_id"] is not None}),
        "table": _table(rows, reasons),
        "message": f"{len(failed)} of {len(rows)} hosts were not taken over ({', '.join(failed)}). {why}",
    }


def _reason(task_id, result):
    """Why OCP did not take a proxy over: its task's own failure, else that of the whole call."""
    for task in result.get("tasks") or []:
        if task["id"] == task_id and task["status"] == "FAILED":
            words = f"OCP's task {task_id} failed"
            for subtask in task["failed_subtasks"]:
                log = (subtask["log"] or "").strip().splitlines()
                words += f" at {subtask['name']}" + (f": {log[-1]}" if log else "")
            return words + "."
    return result.get("msg") or "OCP was not asked to take it over."


def _table(rows, reasons):
    """A line for each row below its heading, in columns as wide as they need to be, and one for each reason."""
    cells = [("HOST", "ADDRESS", "PORT", "OUTCOME", "TASK")]
    cells += [
        (row["host"], row["address"], str(row["sql_port"]), row["outcome"], str(row["task_id"] or "-")) for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]
    return lines + [f"{host}: {reason}" for host, found in reasons.items() for reason in found if reason]


class FilterModule:
    def filters(self):
        return {"takeover_summary": takeover_summary}
