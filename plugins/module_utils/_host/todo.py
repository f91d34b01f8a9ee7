# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What the role obproxy must do on a host, from the information about the host and the expected state. Pure."""

from typing import Any, Dict, List, NamedTuple, Optional

from . import layout
from .packages import fits

#: If a proxy that answers has been running for so long, the role does not wait for it.
SETTLED_SECONDS = 10
#: Package managers whose Ansible module has another name.
PACKAGE_MODULES = {"dnf4": "dnf"}
#: Commands whose package has another name. Any other command is installed as /usr/bin/COMMAND.
COMMAND_PACKAGES = {"nc": "nmap-ncat"}


class Target(NamedTuple):
    """The requested proxy: its version, its directory, and its installed packages."""

    version: Optional[str]
    home: Optional[str]
    packages: List[Dict[str, Any]]


def target(found: Dict[str, Any], expected: Dict[str, Any]) -> Target:
    """The proxy of the expected version. If no version is set, the running proxy, or else the installed one."""
    version = expected["package_version"]
    if version:
        fitting = [package for package in found["packages"] if fits(package, expected["package_name"], version)]
        return Target(version, layout.home_of(version), fitting)
    homes = [process["home"] for process in found["processes"] if process["home"]]
    here = [package for package in found["packages"] if not homes or package["home"] == homes[0]]
    if len(here) == 1:
        return Target("%(version)s-%(release_without_dist_tag)s" % here[0], here[0]["home"], here)
    return Target(None, homes[0] if homes else None, here)


def replaceable(found: Dict[str, Any], expected: Dict[str, Any], wanted: Target) -> List[Dict[str, Any]]:
    """The packages of other versions that an upgrade replaces: those with their own directory below the prefix."""
    if not (expected["upgrade"] and expected["package_version"]) or expected["state"] != "started":
        return []
    return [
        package
        for package in found["packages"]
        if package not in wanted.packages
        and (package["home"] or "").startswith(layout.PREFIX + "/obproxy-")
        and package["home"] != wanted.home
    ]


def own_processes(found: Dict[str, Any], wanted: Target, old: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    """The processes of the requested version, and of versions that an upgrade replaces."""
    homes = [wanted.home] + [package["home"] for package in old]
    return [process for process in found["processes"] if process["home"] in homes]


def todo(found: Dict[str, Any], expected: Dict[str, Any]) -> Dict[str, Any]:
    """What the role must do. found: `obproxy` of the module obproxy_info, including the paths of the layout."""
    wanted = target(found, expected)
    old = replaceable(found, expected, wanted)
    own = own_processes(found, wanted, old)
    upgrade_from = _upgrade_from(found, old)
    paths = found["paths"]
    answering = [process for process in own if process["pid"] == found["readiness"]["pid"]]
    settled = bool(answering) and (expected["wait"] or answering[0]["uptime"] >= SETTLED_SECONDS)
    ours = [process for process in own if process["home"] == wanted.home]
    commands = missing_commands(found)
    # The packages of the system are always signed.
    together = not wanted.packages and not old and not expected["disable_gpg_check"]
    facts = {
        "version": wanted.version,
        "home": wanted.home,
        "installed": bool(wanted.packages),
        "packages": [package["nevra"] for package in wanted.packages],
        "package": _package(found, expected),
        "package_module": _package_module(found),
        "install_beside": _install_beside(found, expected),
        # With OBProxy itself, or in a step of their own.
        "install_with": packages_of(commands) if together else [],
        "install_before": [] if together else packages_of(commands),
        "fetch_needed": not wanted.packages and "://" in expected["package_source"],
        "runs": bool(found["processes"]),
        "pids": [process["pid"] for process in own],
        "ports": sorted({port for process in own for port in process["ports"]}),
        "answers": found["readiness"]["ready"] and settled and not upgrade_from,
        "foreign_pids": [process["pid"] for process in found["processes"] if process not in own],
        "upgrade_from": upgrade_from,
        "old_packages": [{"nevra": package["nevra"], "home": package["home"]} for package in old],
        "missing_commands": commands,
        "missing_packages": packages_of(commands),
        "missing_directories": [path for path in layout.LOG_DIRECTORIES if not _is_users(paths[path], expected)],
        "user_home": found["user"]["home"] or "/home/" + found["user"]["name"],
        "owner_is_right": _owner_is_right(found, wanted),
        "link": layout.LINK,
        "link_is_right": bool(upgrade_from) or wanted.home is None or _linked(found) == wanted.home,
    }
    facts["action"] = _action(found, expected, wanted, upgrade_from, ours)
    facts["install_needed"] = not (
        facts["installed"]
        and not facts["missing_commands"]
        and not facts["missing_directories"]
        and found["user"]["exists"]
        and facts["owner_is_right"]
        and facts["link_is_right"]
    )
    facts["idle"] = (
        facts["action"] == "nothing" and facts["answers"] and not (facts["install_needed"] or facts["old_packages"])
    )
    facts["leftovers"] = _leftovers(found, wanted, facts["foreign_pids"])
    return facts


def missing_commands(found: Dict[str, Any]) -> List[str]:
    """The commands that the host lacks."""
    return [name for name, path in found["commands"].items() if path is None]


def packages_of(commands: List[str]) -> List[str]:
    """The packages of commands, each by its name or by the path of the command."""
    return [COMMAND_PACKAGES.get(name, "/usr/bin/" + name) for name in commands]


def _package_module(found: Dict[str, Any]) -> Optional[str]:
    manager: Optional[str] = found["package_manager"]
    return PACKAGE_MODULES.get(manager, manager) if manager else None


def _install_beside(found: Dict[str, Any], expected: Dict[str, Any]) -> List[Optional[str]]:
    """The command that installs a package next to its other versions, with all checks of the package manager.

    dnf and yum do this for "install only" packages; their Ansible modules would replace the old version.
    """
    only = "--setopt=installonlypkgs=" + expected["package_name"]
    command = [_package_module(found), "-y", "install", only, "--setopt=installonly_limit=0"]
    command += ["--setopt=localpkg_gpgcheck=1"] + ["--nogpgcheck"] * expected["disable_gpg_check"]
    command += ["--disablerepo=" + repository for repository in expected["disablerepo"]]
    return command + ["--enablerepo=" + repository for repository in expected["enablerepo"]]


def _owner_is_right(found: Dict[str, Any], wanted: Target) -> bool:
    user: str = found["user"]["name"]
    if not wanted.packages:
        # The files of the package belong to admin, which the role creates before the installation.
        return user == layout.USER
    return wanted.home is None or found["paths"][wanted.home]["owner"] in (None, user)


def _leftovers(found: Dict[str, Any], wanted: Target, foreign: List[int]) -> Dict[str, Any]:
    """What to remove together with the requested proxy. Logs are kept if another OBProxy may use them."""
    paths = found["paths"]
    ours = _linked(found) == wanted.home
    shared = foreign or len(found["packages"]) > len(wanted.packages)
    return {
        "unit": found["unit"]["ours"] and (ours or not paths[layout.LINK]["exists"]),
        "link": ours and paths[layout.LINK]["type"] == "link",
        "home": wanted.home is not None and paths[wanted.home]["exists"],
        "logs": [] if shared else [path for path in layout.LOG_DIRECTORIES if paths[path]["exists"]],
    }


def _package(found: Dict[str, Any], expected: Dict[str, Any]) -> Optional[str]:
    """What to install: the only matching package of the repositories, or the file or URL."""
    source: str = expected["package_source"]
    if source != "repository":
        return source
    fitting = (found["available"] or {}).get("fitting") or []
    return fitting[0]["nevra"] if len(fitting) == 1 else None


def _action(
    found: Dict[str, Any],
    expected: Dict[str, Any],
    wanted: Target,
    upgrade_from: Optional[Dict[str, Any]],
    ours: List[Dict[str, Any]],
) -> str:
    if not found["root"]:
        return "nothing"
    if expected["state"] == "absent":
        here = wanted.packages or ours or (wanted.home and found["paths"][wanted.home]["exists"])
        return "remove" if here else "nothing"
    if upgrade_from:
        return "upgrade"
    if not expected["package_version"] and found["processes"]:
        return "nothing"
    if not wanted.packages:
        return "install"
    return "nothing" if found["processes"] else "start"


def _upgrade_from(found: Dict[str, Any], old: List[Dict[str, Any]]) -> Optional[Dict[str, Any]]:
    """The old version in use: the running one, or else the one that the symlink points to. None if it is not old."""
    running = [process["home"] for process in found["processes"]]
    used = [home for home in running if home in [package["home"] for package in old]]
    home = used[0] if used else None if running else _linked(found)
    for package in old:
        if package["home"] == home:
            return dict(package, runs=bool(used))
    return None


def _linked(found: Dict[str, Any]) -> Optional[str]:
    """The directory that the symlink points to, or None."""
    link = found["paths"][layout.LINK]["target"]
    return layout.PREFIX + "/" + link.rpartition("/")[2] if link else None


def _is_users(path: Dict[str, Any], expected: Dict[str, Any]) -> bool:
    return bool(path["type"] == "directory" and path["owner"] == expected["user"])
