# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a process of OBProxy came to run: by systemd, by obproxyd.sh, by obdeploy's way to call it, or by hand."""

import os
from typing import Any, Dict, List, Optional

DAEMON = "obproxyd.sh"


def add_origins(processes: List[Dict[str, Any]], proc: str = "/proc") -> None:
    """Give each process `unit`, `daemon` and `started_by`."""
    daemons = [process for process in processes if process["kind"] == "daemon"]
    for process in processes:
        unit = unit_of(process["pid"], proc)
        watching = [daemon for daemon in daemons if daemon["home"] == process["home"]]
        daemon = watching[0] if watching and process["kind"] == "proxy" else None
        process["unit"] = unit
        process["daemon"] = daemon["pid"] if daemon else None
        process["started_by"] = _started_by(unit, process if process["kind"] == "daemon" else daemon)


def unit_of(pid: int, proc: str = "/proc") -> Optional[str]:
    """The innermost systemd unit whose control group holds the process, such as obproxy.service, or None."""
    try:
        with open(os.path.join(proc, str(pid), "cgroup")) as lines:
            return parse_control_groups(lines.read())
    except OSError:
        return None


def parse_control_groups(text: str) -> Optional[str]:
    """Lines ID:CONTROLLERS:PATH. The second version's hierarchy is 0, the first one's of systemd is called so."""
    for line in text.splitlines():
        number, _colon, rest = line.partition(":")
        controllers, _colon, path = rest.partition(":")
        if controllers == "name=systemd" or (number == "0" and not controllers):
            for part in reversed(path.split("/")):
                if part.endswith((".service", ".scope")):
                    return part
    return None


def _started_by(unit: Optional[str], daemon: Optional[Dict[str, Any]]) -> str:
    # A process that was started from a login or by an agent is in that unit. Only a unit of OBProxy's own counts.
    if unit and unit.endswith(".service") and "obproxy" in unit:
        return "systemd"
    if daemon is None:
        return "hand"
    # obdeploy runs `bash obproxyd.sh …`, so that the process is called bash.
    return "obproxyd" if daemon["name"] == DAEMON else "obdeploy"
