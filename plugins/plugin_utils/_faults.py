# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The errors that the role obproxy reports for a host. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..module_utils._host.layout import USER
from ..module_utils._host.logs import described

#: What Ansible reports when a task exceeds its `timeout`.
TIMED_OUT = re.compile(r"time frame|timed out", re.IGNORECASE)
UNSIGNED = re.compile(r"GPG|signed|signature")


def faults(
    obproxy: Mapping[str, Any], variables: Mapping[str, Any], *, started: bool = False, configured: bool = False
) -> list[str]:
    """Why the proxy is not ready, or why OCP would refuse it although it is. Empty if there are no problems.

    obproxy: the latest result of obproxy_info. started, configured: whether this run started the proxy and set its
    password.
    """
    if not obproxy["readiness"]["ready"]:
        return _not_ready(obproxy, variables, started)
    accepted = ["wrong_password", "password_needed"]
    # The variables ask to keep an old version, or to use another user.
    accepted += ["several_packages"] if obproxy["todo"]["old_packages"] else []
    accepted += ["wrong_user"] if variables["obproxy_user"] != USER else []
    blockers = [entry["text"] for entry in obproxy["takeover_blockers"] if entry["name"] not in accepted]
    found = ["OBProxy is running, but OCP would not take it over. " + " ".join(blockers)] if blockers else []
    return found + _log_in(obproxy, variables, configured)


def _not_ready(obproxy: Mapping[str, Any], variables: Mapping[str, Any], started: bool) -> list[str]:
    todo, readiness = obproxy["todo"], obproxy["readiness"]
    port, timeout = variables["obproxy_sql_port"], variables["obproxy_start_timeout"]
    lines = [
        f"OBProxy {todo['version'] or 'of this host'} does not answer on port {port} (obproxy_sql_port, "
        f"obproxy_start_timeout {timeout} s): {readiness['message']}."
    ]
    lines += described(readiness["logs"], todo["home"])
    return [*lines, "This run started it." if started else "It was running before this run and was left alone."]


def _log_in(obproxy: Mapping[str, Any], variables: Mapping[str, Any], configured: bool) -> list[str]:
    login = obproxy["login"] or {}
    # If this run set the password, that already verified the login.
    if not variables["obproxy_configure"] or not login.get("password_given") or login["outcome"] == "ok" or configured:
        return []
    return [
        "root@proxysys cannot log in with obproxy_proxysys_password on port "
        f"{variables['obproxy_sql_port']}: {login['message']}. The proxy is running, but OCP could not take it over. "
        "Set the variable to the current password of the proxy, or run the phase obproxy_configure to change the "
        "password, which requires the current one in obproxy_proxysys_password_old (a new proxy up to 4.2 has none)."
    ]


def package_failure(result: Mapping[str, Any], timeout: int) -> str:
    """Why a package was not installed, as text. result: of the failed task. timeout: its time limit in seconds."""
    why = " ".join([result.get("stderr") or result.get("msg") or "no reason is given", *result.get("failures", [])])
    why = why.rstrip(" .\n") + "."
    if UNSIGNED.search(why):
        why += " If the package is intentionally unsigned, set obproxy_disable_gpg_check."
    if TIMED_OUT.search(why):
        why += f" The package manager had {timeout} s (obproxy_package_timeout) and may still be running."
    return why
