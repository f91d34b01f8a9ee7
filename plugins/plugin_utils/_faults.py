# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What went wrong on a host, as the role obproxy reports it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..module_utils._host.layout import USER

#: Ansible's words when the `timeout` of a task is over.
TIMED_OUT = re.compile(r"time frame|timed out", re.IGNORECASE)
UNSIGNED = re.compile(r"GPG|signed|signature")


def faults(
    obproxy: Mapping[str, Any], variables: Mapping[str, Any], *, started: bool = False, configured: bool = False
) -> list[str]:
    """Why the proxy is not ready, or what OCP would refuse though it is. Empty if all is well.

    obproxy: what obproxy_info found last. started, configured: whether this run started the proxy and set its password.
    """
    if not obproxy["readiness"]["ready"]:
        return _not_ready(obproxy, variables, started)
    accepted = ["wrong_password", "password_needed"]
    # An old version is kept on purpose, and another user is what the variables ask for.
    accepted += ["several_packages"] if obproxy["todo"]["old_packages"] else []
    accepted += ["wrong_user"] if variables["obproxy_user"] != USER else []
    blockers = [entry["text"] for entry in obproxy["takeover_blockers"] if entry["name"] not in accepted]
    found = ["OBProxy runs, but OCP would not take it over. " + " ".join(blockers)] if blockers else []
    return found + _log_in(obproxy, variables, configured)


def _not_ready(obproxy: Mapping[str, Any], variables: Mapping[str, Any], started: bool) -> list[str]:
    todo, readiness = obproxy["todo"], obproxy["readiness"]
    port, timeout = variables["obproxy_sql_port"], variables["obproxy_start_timeout"]
    lines = [
        f"OBProxy {todo['version'] or 'of this host'} does not answer on port {port} (obproxy_sql_port, "
        f"obproxy_start_timeout {timeout} s): {readiness['message']}."
    ]
    for log in readiness["logs"]:
        lines += [f"From {log['path']}:", *log["lines"]]
    if not readiness["logs"]:
        lines.append(f"The logs in {todo['home']}/log have no line since its start: it may be unable to write there.")
    return [*lines, "This run started it." if started else "It ran before this run and was left as it is."]


def _log_in(obproxy: Mapping[str, Any], variables: Mapping[str, Any], configured: bool) -> list[str]:
    login = obproxy["login"] or {}
    # The configuration has proved the log-in if it has set the password.
    if not variables["obproxy_configure"] or not login.get("password_given") or login["outcome"] == "ok" or configured:
        return []
    return [
        "root@proxysys cannot log in with obproxy_proxysys_password on port "
        f"{variables['obproxy_sql_port']}: {login['message']}. The proxy runs, but OCP could not take it over. Set the "
        "variable to the password that the proxy has, or let the phase obproxy_configure set it, which needs the "
        "present password in obproxy_proxysys_password_old (a fresh proxy up to 4.2 has none)."
    ]


def package_failure(result: Mapping[str, Any], timeout: int) -> str:
    """Why a package was not installed, in one text. result: of the failed task. timeout: what it had, in seconds."""
    why = " ".join([result.get("stderr") or result.get("msg") or "no reason is given", *result.get("failures", [])])
    why = why.rstrip(" .\n") + "."
    if UNSIGNED.search(why):
        why += " If the package is not signed on purpose, set obproxy_disable_gpg_check."
    if TIMED_OUT.search(why):
        why += f" The package manager had {timeout} s (obproxy_package_timeout) and may still be at work."
    return why
