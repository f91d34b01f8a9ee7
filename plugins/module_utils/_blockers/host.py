# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What keeps OCP from taking over a proxy, as far as the proxy's own host shows. Pure; runs on the host (Python 3.6).

OCP's requirements are from its user guide and its page of common takeover problems. The other half, which needs
information from OCP, is in ocp.py. Both return blockers in the same form.
"""

import re
from typing import List, Tuple

from .._host.layout import PREFIX, USER, seen_as
from .._host.records import Record
from .._host.sockets import is_loopback
from .texts import TAKEOVER as TEXTS
from .texts import Blockers, Finding, blocker

#: From this version on a proxy has a password for root@proxysys from the start, which OCP knows.
PASSWORD_BY_DEFAULT = (4, 3)
#: A proxy without a port that is younger than this may have lost the port to another proxy and be about to end.
SETTLED_SECONDS = 30


def on_host(host: Record, sql_port: int) -> Blockers:
    """The blockers that a host's own processes and packages show.

    host: `obproxy` of the module obproxy_info. If no OBProxy is installed or running, the only blocker is `no_process`,
    since the role obproxy can prepare the host.
    """
    if not host["root"]:
        return [blocker(TEXTS, "not_root")]
    if host["rpm_error"]:
        return [blocker(TEXTS, "packages_unreadable", reason=host["rpm_error"])]
    proxies = lasting(host["processes"])
    found = of_prefix(host["prefix"]) + of_packages(host["packages"], proxies)
    if not proxies:
        return found + [blocker(TEXTS, "no_process")]
    if len(proxies) > 1:
        return found + [several(proxies, host["processes"])]
    return found + of_process(proxies[0], host, sql_port, USER) + _reach(host, sql_port) + _log_in(host)


def of_prefix(prefix: Record) -> Blockers:
    """The blocker for a package directory that is reached through a symlink."""
    if prefix["real"] == prefix["path"]:
        return []
    return [blocker(TEXTS, "leads_elsewhere", **prefix)]


def lasting(processes: List[Record]) -> List[Record]:
    """The proxies, except for those that are about to end because another one has their port."""
    proxies = [process for process in processes if process["kind"] == "proxy"]
    settled = [proxy for proxy in proxies if proxy["ports"] or proxy["uptime"] >= SETTLED_SECONDS]
    return settled or proxies


def of_packages(packages: List[Record], proxies: List[Record]) -> Blockers:
    """The blockers that result from the installed packages, given the running proxies."""
    names = ", ".join(package["nevra"] for package in packages)
    if len(packages) > 1:
        return [blocker(TEXTS, "several_packages", number=len(packages), packages=names)]
    if not packages:
        return [blocker(TEXTS, "no_package")] if proxies else []
    homes = [process["home"] for process in proxies if process["home"]]
    directory = packages[0]["home"]
    if len(homes) == 1 and homes[0] != directory:
        return [blocker(TEXTS, "other_package", home=homes[0], package=names, directory=directory)]
    return []


def several(proxies: List[Record], processes: List[Record]) -> Finding:
    """The blocker for more than one proxy, with the command to stop each."""
    commands = " or ".join(how_to_stop(proxy, processes) for proxy in proxies)
    described = "; ".join(map(describe, proxies))
    return blocker(TEXTS, "several_processes", number=len(proxies), processes=described, commands=commands)


def of_process(proxy: Record, host: Record, sql_port: int, user: str) -> Blockers:
    """The blockers of one running proxy: its directory, its user and its ports."""
    found = []
    executable = proxy["executable"] or ""
    # If the prefix itself is a symlink, that is a separate blocker.
    if not (seen_as(executable, host["prefix"]["real"]) or "").startswith(PREFIX + "/obproxy-"):
        place = executable or "a place that cannot be seen"
        command = how_to_stop(proxy, host["processes"])
        found.append(blocker(TEXTS, "wrong_directory", executable=place, command=command))
    if proxy["user"] != user:
        found.append(blocker(TEXTS, "wrong_user", user=proxy["user"], wanted=user))
    if sql_port not in proxy["ports"]:
        ports = ", ".join(map(str, proxy["ports"])) or "none"
        found.append(blocker(TEXTS, "wrong_port", ports=ports, port=sql_port))
    return found


def how_to_stop(process: Record, processes: List[Record]) -> str:
    """The command that stops a process for good. If only the process were killed, its supervisor would start it
    again."""
    unit = process["unit"] or ""
    if process["started_by"] == "systemd":
        return "`systemctl stop %s`" % unit
    watching = [other for other in processes if other["pid"] == process["daemon"]]
    if not watching:
        return "`kill %d`" % process["pid"]
    name = "obproxyd.sh" if watching[0]["name"] == "obproxyd.sh" else "`%s obproxyd.sh`" % watching[0]["name"]
    return "`kill %d %d` (%d is the %s that would start it again)" % (
        watching[0]["pid"],
        process["pid"],
        watching[0]["pid"],
        name,
    )


def describe(process: Record) -> str:
    """A process in a few words."""
    return "%d (%s, user %s)" % (process["pid"], process["executable"] or process["name"], process["user"])


def numbers(version: str) -> Tuple[int, ...]:
    """4.2.3.0-11 → (4, 2, 3, 0), to be compared."""
    return tuple(int(part) for part in re.findall(r"\d+", version.split("-")[0]))


def _reach(host: Record, sql_port: int) -> Blockers:
    for listener in host["listeners"]:
        if listener["port"] == sql_port and listener["obproxy"] and is_loopback(listener["address"]):
            return [blocker(TEXTS, "only_loopback", address=listener["address"])]
    return []


def _log_in(host: Record) -> Blockers:
    login = host["login"] or {}
    if login.get("outcome") != "denied":
        return []
    if login["password_given"]:
        return [blocker(TEXTS, "wrong_password")]
    versions = [numbers(package["version"]) for package in host["packages"]]
    return [blocker(TEXTS, "password_needed")] if versions and max(versions) < PASSWORD_BY_DEFAULT else []
