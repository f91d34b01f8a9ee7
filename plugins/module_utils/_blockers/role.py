# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What stops the role obproxy on a host, before it changes anything. Pure; runs on the host (Python 3.6).

What also stops OCP has the same name and text as there (host.py).
"""

from typing import Any, Dict, List, Optional

from .._host import layout, todo
from .._host.records import Record
from . import availability, host
from .texts import ROLE, TAKEOVER, Blockers, blocker

MIB = 1 << 20
#: What an installed OBProxy takes (a real 4.2.3: 85 MiB); a package file says its own size.
PACKAGE_BYTES = 100 * MIB
#: A proxy's log file may grow to 256 MiB before the next one is started.
LOG_BYTES = 512 * MIB


def judge(found: Record, options: Dict[str, Any]) -> Record:
    """What obproxy_info adds to the facts: takeover_blockers, and todo and problems if `expected` is given."""
    judged: Record = {"takeover_blockers": host.on_host(found, options["sql_port"])}
    expected = options["expected"]
    if expected:
        plan = todo.todo(found, expected)
        judged.update(todo=plan, problems=expected["known_problems"] + problems(found, expected, plan))
    return judged


def problems(found: Record, expected: Record, plan: Record) -> Blockers:
    """What stops the role. Empty if it may continue.

    found: `obproxy` of the module obproxy_info. plan: what todo() makes of it.
    """
    if not found["root"]:
        return [blocker(TAKEOVER, "not_root")]
    if found["rpm_error"]:
        return [blocker(TAKEOVER, "packages_unreadable", reason=found["rpm_error"])]
    if expected["state"] != "started":
        return []
    wanted = todo.target(found, expected)
    old = todo.replaceable(found, expected, wanted)
    problems = host.of_prefix(found["prefix"])
    problems += _version(found, wanted) if not expected["package_version"] else _other(found, expected, wanted, old)
    problems += _running(found, expected, wanted, old)
    problems += _ports(found, expected) + _link(found) + _unit(found, expected)
    if not found["processes"]:
        problems += _user_home(found) + _address(found)
        if wanted.home is not None:
            problems += _home(found, wanted) + _space(found, wanted)
    problems += _start_mode(found, expected, plan) + _package_manager(found, wanted, plan)
    return problems + availability.problems(found, expected) + availability.commands(found, plan)


def _version(found: Record, wanted: todo.Target) -> Blockers:
    """Without a version, the running proxy is kept, so it must be one that OCP accepts."""
    if found["processes"]:
        return host.of_packages(found["packages"], host.lasting(found["processes"]))
    if len(found["packages"]) > 1:
        return host.of_packages(found["packages"], [])
    return [] if wanted.packages else [blocker(ROLE, "no_version")]


def _other(found: Record, expected: Record, wanted: todo.Target, old: List[Record]) -> Blockers:
    """With a version, what else is installed or running."""
    problems = []
    own = todo.own_processes(found, wanted, old)
    others = [package for package in found["packages"] if package not in wanted.packages + old]
    if others:
        name = "%s %s" % (expected["package_name"], wanted.version)
        problems.append(blocker(ROLE, "other_version", packages=_names(others, found["processes"]), wanted=name))
    if len(wanted.packages) > 1:
        problems += host.of_packages(wanted.packages, [])
    for package in wanted.packages:
        if package["home"] != wanted.home:
            details = {"package": package["nevra"], "directory": package["home"]}
            problems.append(blocker(ROLE, "package_elsewhere", **details))
    if own and not found["packages"]:
        problems.append(blocker(TAKEOVER, "no_package"))
    return problems


def _running(found: Record, expected: Record, wanted: todo.Target, old: List[Record]) -> Blockers:
    """Exactly one proxy must run, from the right directory, as the right user, on the right port."""
    processes = found["processes"]
    proxies = host.lasting(processes)
    if len(proxies) > 1:
        return [host.several(proxies, processes)]
    own = todo.own_processes(found, wanted, old)
    problems = []
    for proxy in proxies:
        for problem in host.of_process(proxy, found, expected["sql_port"], expected["user"]):
            # The role waits for a proxy that is still starting.
            if problem["name"] != "wrong_port" or proxy["ports"]:
                problems.append(problem)
    known = [package["home"] for package in found["packages"]]
    foreign = [
        process
        for process in processes
        if process not in own
        # These are wrong_directory and other_version.
        and not (process in proxies and not _below_prefix(process))
        and process["home"] not in known
    ]
    if foreign and not [problem for problem in problems if problem["name"] == "wrong_directory"]:
        described = "; ".join(map(host.describe, foreign))
        commands = " and ".join(host.how_to_stop(process, processes) for process in foreign)
        home = wanted.home or layout.PREFIX
        problems.append(blocker(ROLE, "other_proxy", processes=described, home=home, commands=commands))
    return problems


def _below_prefix(process: Record) -> bool:
    return (process["home"] or "").startswith(layout.PREFIX + "/obproxy-")


def _ports(found: Record, expected: Record) -> Blockers:
    problems = []
    for listener in found["listeners"]:
        if not listener["obproxy"]:
            sql = listener["port"] == expected["sql_port"]
            variable = "obproxy_sql_port" if sql else "obproxy_exporter_port"
            seen = "process %(pid)s (%(name)s, user %(user)s)" % listener
            process = seen if listener["pid"] else "a process that cannot be seen"
            problems.append(blocker(ROLE, "port_taken", port=listener["port"], variable=variable, process=process))
    return problems


def _link(found: Record) -> Blockers:
    kind = found["paths"][layout.LINK]["type"]
    return [] if kind in (None, "link") else [blocker(ROLE, "link_taken", link=layout.LINK, type=kind)]


def _unit(found: Record, expected: Record) -> Blockers:
    unit = found["unit"]
    foreign = expected["service"] and unit["exists"] and not unit["ours"]
    return [blocker(ROLE, "unit_taken", unit=unit["path"])] if foreign else []


def _home(found: Record, wanted: todo.Target) -> Blockers:
    kind = found["paths"][wanted.home]["type"]
    if kind not in (None, "directory"):
        return [blocker(ROLE, "home_taken", home=wanted.home, type=kind)]
    filesystem = found["paths"][wanted.home]["filesystem"]
    if filesystem["noexec"]:
        return [blocker(ROLE, "noexec", path=filesystem["path"], mount=filesystem["mount"], use="OBProxy")]
    return []


def _space(found: Record, wanted: todo.Target) -> Blockers:
    """Each file system for the package or the logs that is read-only or too full."""
    uses = [(wanted.home, MIB if wanted.packages else _package_bytes(found), "the package")]
    uses += [(path, LOG_BYTES, "the proxy's logs") for path in layout.LOG_DIRECTORIES]
    mounts: Dict[str, Any] = {}
    for path, needed, use in uses:
        filesystem = found["paths"][path]["filesystem"]
        mounts.setdefault(filesystem["mount"], (filesystem, {}))[1][use] = needed
    problems = []
    for filesystem, needs in mounts.values():
        path, needed, use = filesystem["path"], sum(needs.values()), " and ".join(needs)
        if filesystem["read_only"]:
            problems.append(blocker(ROLE, "read_only", path=path, use=use))
        elif filesystem["free"] < needed:
            free, size = readable(filesystem["free"]), readable(needed)
            problems.append(blocker(ROLE, "no_space", path=path, free=free, needed=size, use=use))
    return problems


def _package_bytes(found: Record) -> int:
    return (found["package_file"] or {}).get("size") or PACKAGE_BYTES


def _user_home(found: Record) -> Blockers:
    user = found["user"]
    real = found["paths"][layout.USER_HOME]["real"]
    # A link from one to the other is just as good.
    if user["name"] != layout.USER or user["home"] is None or real in (user["home"], user["real_home"]):
        return []
    return [blocker(ROLE, "wrong_user_home", home=user["home"])]


def _address(found: Record) -> Blockers:
    return [] if found["addresses"] else [blocker(ROLE, "no_address")]


def _start_mode(found: Record, expected: Record, plan: Record) -> Blockers:
    starts = not found["processes"] or plan["upgrade_from"] or expected["service"]
    given = expected["config_url"] or any(expected["rs_list"])
    return [blocker(ROLE, "no_start_mode")] if starts and not given else []


def _package_manager(found: Record, wanted: todo.Target, plan: Record) -> Blockers:
    needed = [] if wanted.packages or wanted.version is None else ["OBProxy"]
    needed += plan["missing_commands"]
    if found["package_manager"] or not needed:
        return []
    return [blocker(ROLE, "no_package_manager", packages=" and ".join(needed))]


def _names(packages: List[Record], processes: List[Record]) -> str:
    """Packages, each with the process that runs from it."""
    return " and ".join(package["nevra"] + _in_use(package["home"], host.lasting(processes)) for package in packages)


def _in_use(home: Optional[str], proxies: List[Record]) -> str:
    pids = [proxy["pid"] for proxy in proxies if proxy["home"] == home]
    return " (running as process %d)" % pids[0] if pids else ""


def readable(number: int) -> str:
    """Bytes as a person reads them: 5.0 MiB, 1.9 GiB."""
    size = float(number)
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if size < 1024 or unit == "TiB":
            break
        size /= 1024
    return "%d %s" % (number, unit) if unit == "B" else "%.1f %s" % (size, unit)
