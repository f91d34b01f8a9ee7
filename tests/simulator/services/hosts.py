# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The effects of adding a host, which is NEW while its task runs and ONLINE afterwards."""

from __future__ import annotations

from ..errors import OcpError, Problem, error
from ..resources import NewHost
from ..state import Host, State
from .base import Finding, Work


class AddHost(Work):
    def __init__(self, state: State, host: Host, found: NewHost) -> None:
        self._state = state
        self._host = host
        self._found = found

    def know(self, key: str) -> Finding | None:
        if key != "pre_check" or not (problem := refusal(self._found)):
            return None
        return Finding("", f"{problem.problem.value.string} {problem}", problem.problem)

    def succeeded(self) -> None:
        self._host.status = "ONLINE"

    def rolled_back(self) -> None:
        self._state.hosts = [host for host in self._state.hosts if host.id != self._host.id]

    def strings(self) -> dict[str, str]:
        return {"host_id": str(self._host.id), "inner_ip_address": self._host.address}


def refusal(found: NewHost) -> OcpError | None:
    """Return the error if OCP does not add this host."""
    for problem in Problem:
        if found.problem is not None and problem.value.integer == found.problem:
            return error(problem, "innerIpAddress", host=found.address)
    return None


def found_at(state: State, address: str) -> NewHost:
    return next((host for host in state.new_hosts if host.address == address), NewHost(address=address))
