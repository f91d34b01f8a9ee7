# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The OBProxies that are running or installed on a host: origin, version, OB clusters. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ...module_utils._blockers import ocp as rules
from ...module_utils._blockers.host import lasting, numbers
from ...module_utils._ocp.objects import Cluster

#: How each start mode is shown, as OCP writes it.
MODES = rules.WORK_MODES
#: From this version on, a proxy only fits OBProxy clusters of such versions.
FOUR = (4,)


def running(obproxy: Mapping[str, Any], clusters: list[Cluster]) -> list[dict[str, Any]]:
    """Each running proxy. obproxy: from obproxy_info."""
    return [_running(process, obproxy, clusters) for process in lasting(obproxy["processes"])]


def stopped(obproxy: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each OBProxy that is installed on a host where none is running."""
    nothing = dict.fromkeys(("sql_port", "user", "start_mode", "started_by"))
    found = [
        {**nothing, "version": version_of(package), "home": package["home"], "installed_by": _origin(package, None)}
        for package in obproxy["packages"]
    ]
    homes = {package["home"] for package in obproxy["packages"]}
    found += [
        {**nothing, "version": folder["version"], "home": folder["path"], "installed_by": _origin(None, None)}
        for folder in obproxy.get("installations") or []
        if folder["program"] and folder["path"] not in homes
    ]
    return [{**proxy, "ob_clusters": []} for proxy in found]


def _running(process: Mapping[str, Any], obproxy: Mapping[str, Any], clusters: list[Cluster]) -> dict[str, Any]:
    home = process["home"]
    package = next((package for package in obproxy["packages"] if home and package["home"] == home), None)
    named = re.search(r"/obproxy(?:-ce)?-(\d[\w.-]*)$", home or "")
    return {
        "sql_port": process["sql_port"],
        "version": version_of(package) if package else named.group(1) if named else None,
        "user": process["user"],
        "home": home,
        "start_mode": MODES.get(process["start_mode"]),
        "ob_clusters": sorted(filter(None, rules.served(process, clusters))),
        "started_by": process["started_by"],
        "installed_by": _origin(package, process["started_by"]),
    }


def version_of(package: Mapping[str, Any]) -> str:
    """As OCP writes it."""
    return f"{package['version']}-{package['release_without_dist_tag']}"


def _origin(package: Mapping[str, Any] | None, started_by: str | None) -> str:
    if package:
        return "community package" if package["name"].endswith("-ce") else "package"
    return "obd" if started_by == "obdeploy" else "hand"


def described(proxy: Mapping[str, Any]) -> str:
    """A proxy in one line, without what changes at each start."""
    origin = proxy["installed_by"]
    words = [
        proxy["version"] or "unknown version",
        f"user {proxy['user']}" if proxy["user"] else "",
        " ".join(filter(None, (proxy["start_mode"], serving(proxy["ob_clusters"])))),
        f"from the {origin}" if origin.endswith("package") else f"installed by {origin}",
        f"started by {proxy['started_by']}" if proxy["started_by"] else "not running",
    ]
    return ", ".join(filter(None, words))


def serving(ob_clusters: Iterable[str]) -> str:
    names = ", ".join(ob_clusters)
    return f"serving {names}" if names else ""


def is_four(version: str | None) -> bool | None:
    """Whether a version is 4.0.0 or later; None if it is not known."""
    found = numbers(version or "")
    return found >= FOUR if found else None
