# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Why the requested package cannot be installed, before anything is changed. Pure; runs on the host (Python 3.6)."""

from typing import List, Optional

from .._host.locks import told
from .._host.packages import fits
from .._host.records import Record
from .texts import ROLE, Blockers, blocker

#: How many packages of the repositories a message names.
NAMED = 20


def problems(found: Record, expected: Record) -> Blockers:
    """The problems with the package to install. found: `obproxy` of the module obproxy_info."""
    available = found["available"]
    if available is None:
        return []
    wanted = "%s %s" % (expected["package_name"], expected["package_version"])
    if expected["package_source"] != "repository":
        return _file(found["package_file"], expected, wanted) or _checksum(available, expected)
    manager = {"dnf4": "dnf"}.get(found["package_manager"], found["package_manager"])
    if available["locked_by"]:
        process = told(available["locked_by"])
        return [blocker(ROLE, "package_manager_locked", manager=manager, process=process)]
    if available["error"]:
        details = {"manager": manager, "reason": available["error"], "seconds": expected["package_timeout"]}
        return [blocker(ROLE, "repositories_unreadable", **details)]
    return _repositories(available, wanted)


def commands(found: Record, plan: Record) -> Blockers:
    """The missing commands whose packages no repository offers. plan: `todo` of the module obproxy_info."""
    unavailable = found["unavailable"] or {"packages": []}
    pairs = zip(plan["missing_commands"], plan["missing_packages"])
    lost = [pair for pair in pairs if pair[1] in unavailable["packages"]]
    if not lost:
        return []
    names, packages = (" and ".join(words) for words in zip(*lost))
    excluded = " and ".join(unavailable["excluded_by"])
    packages += " (excluded by %s)" % excluded if excluded else ""
    return [blocker(ROLE, "command_unavailable", commands=names, packages=packages)]


def _repositories(available: Record, wanted: str) -> Blockers:
    fitting = available["fitting"]
    if len(fitting) == 1:
        return []
    if fitting:
        return [blocker(ROLE, "package_ambiguous", wanted=wanted, packages=_names(fitting))]
    if available["excluded"]:
        places = " and ".join(available["excluded_by"]) or "the package manager's configuration"
        return [blocker(ROLE, "package_excluded", packages=_names(available["excluded"]), places=places)]
    names = [package["nevra"] for package in available["packages"]]
    more = ["and %d more" % (len(names) - NAMED)] * (len(names) > NAMED)
    listed = ", ".join(names[:NAMED] + more) or "no package of that name"
    return [blocker(ROLE, "package_missing", wanted=wanted, listed=listed)]


def _file(package: Optional[Record], expected: Record, wanted: str) -> Blockers:
    if package and fits(package, expected["package_name"], expected["package_version"]):
        return []
    found = package["nevra"] if package else "no RPM package on this host"
    return [blocker(ROLE, "package_file", source=expected["package_source"], found=found, wanted=wanted)]


def _checksum(available: Record, expected: Record) -> Blockers:
    algorithm, _colon, digits = expected["package_checksum"].partition(":")
    # A URL is checked when it is fetched.
    if "://" in expected["package_source"] or not algorithm or available["checksum"] == digits.lower():
        return []
    found = "%s:%s" % (algorithm, available["checksum"])
    details = {"source": expected["package_source"], "wanted": expected["package_checksum"]}
    return [blocker(ROLE, "package_checksum", found=found, **details)]


def _names(packages: List[Record]) -> str:
    return " and ".join(package["nevra"] for package in packages)
