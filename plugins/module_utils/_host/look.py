# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Collects all information about a host for the module obproxy_info. Conclusions are drawn in _blockers/role.py."""

import os
from typing import Any, Dict, List, Optional, Tuple

from . import addresses, config_url, layout, packages, system
from .cmdline import HIDDEN, URL, hide
from .command import CommandError, CommandTimeout, run
from .host import Host
from .locks import suspect, told
from .mysql import password_sha1_from_hex
from .repositories import Repositories, choice
from .todo import missing_commands, packages_of, target


def look(options: Dict[str, Any]) -> Dict[str, Any]:
    """The `obproxy` that the module obproxy_info returns for its options. ValueError if a SHA-1 is malformed."""
    secret = _secret(options["proxysys_password_sha1"])
    old_secret = _secret(options["proxysys_password_old_sha1"])
    expected = options["expected"]
    file = options["package_file"] or (_path_of(expected["package_source"]) if expected else None)
    names = options["package_names"] + ([expected["package_name"]] if expected else [])
    host = Host(options["process_keywords"], options["sql_port"], options["exporter_port"])
    timeout = options["wait_timeout"] if options["wait"] else None
    readiness = host.readiness(timeout, options["home"], verified=options["started_pid"])
    login = _log_in(host, secret, old_secret) if readiness["ready"] and secret is not None else None
    # Packages and files are read after the wait, so that the result shows their final state.
    installed, rpm_error = _installed(names, options["rpm_timeout"])
    found = dict(
        host.summary(),
        installations=system.find_installations(),
        link=system.find_path(layout.LINK),
        prefix=_prefix(),
        nc=system.find_nc(),
        readiness=readiness,
        login=login,
        settings=_settings(host, secret, login) if options["settings"] else None,
        packages=installed,
        rpm_error=rpm_error,
        package_file=_package_in(file, options["rpm_timeout"]),
        package_manager=system.find_package_manager(),
        commands=system.find_commands(options["commands"]),
        user=system.find_user(options["user"]),
        addresses=addresses.find_addresses(),
        kernel=system.kernel_release(),
        root=os.geteuid() == 0,
        unit=dict(system.find_unit(layout.UNIT, layout.UNIT_MARK), mark=layout.UNIT_MARK),
    )
    if expected:
        found["config_server"] = _config_server(found, expected)
        found.update(_to_install(found, expected, file))
    paths = list(options["paths"])
    if expected:
        home = target(found, expected).home
        paths += [layout.LINK, layout.USER_HOME] + list(layout.LOG_DIRECTORIES) + [home] * bool(home)
    found["paths"] = {path: _described(path) for path in paths}
    return found


def _secret(sha1: Optional[str]) -> Optional[bytes]:
    return None if sha1 is None else password_sha1_from_hex(sha1)


def _log_in(host: Host, secret: bytes, old_secret: Optional[bytes]) -> Dict[str, Any]:
    """The result of a login with the password. If it is denied, also whether the old password works."""
    login = host.log_in(secret)
    if login["outcome"] != "denied" or old_secret is None:
        return dict(login, old_password_works=None)
    return dict(login, old_password_works=host.log_in(old_secret)["outcome"] == "ok")


def _path_of(source: str) -> Optional[str]:
    return source if source.startswith("/") else None


def _settings(host: Host, secret: Any, login: Optional[Dict[str, Any]]) -> Optional[List[Dict[str, Any]]]:
    return host.settings(secret) if login and login["outcome"] == "ok" else None


def _to_install(found: Dict[str, Any], expected: Dict[str, Any], file: Optional[str]) -> Dict[str, Any]:
    """`available` and `unavailable`: whether the packages that the role would install can be had."""
    facts: Dict[str, Any] = {"available": None, "unavailable": None}
    if expected["state"] != "started" or not found["root"] or found["rpm_error"] or expected["known_problems"]:
        return facts
    name, version = expected["package_name"], expected["package_version"]
    wanted = version and not target(found, expected).packages
    if wanted and file is not None:
        algorithm = expected["package_checksum"].partition(":")[0]
        facts["available"] = {"checksum": system.checksum_of(file, algorithm) if algorithm else None}
    listed = [name] if wanted and expected["package_source"] == "repository" else []
    commands = packages_of(missing_commands(found))
    if found["package_manager"] is None or not listed + commands:
        return facts
    chosen = choice(expected["enablerepo"], expected["disablerepo"])
    repositories = Repositories(found["package_manager"], chosen, expected["package_timeout"], listed + commands)
    if listed:
        facts["available"] = repositories.look(name, lambda package: packages.fits(package, name, version))
    if commands and not (listed and (facts["available"]["locked_by"] or facts["available"]["error"])):
        facts["unavailable"] = repositories.missing(commands)
    return facts


def _config_server(found: Dict[str, Any], expected: Dict[str, Any]) -> Optional[Dict[str, Any]]:
    """{config_url, problem} of the running proxy, or else of the one to start. None without a config URL."""
    running = [process["config_url"] for process in found["processes"] if process["config_url"]]
    url = (running or [expected["config_url"]])[0]
    if not url or HIDDEN in url or expected["state"] == "absent" or expected["known_problems"]:
        return None
    return {"config_url": hide(URL, url), "problem": config_url.problem(url)}


def _prefix() -> Dict[str, Optional[str]]:
    """The directory that packages install in, as is and with symlinks resolved: {path, real, link}."""
    return {
        "path": layout.PREFIX,
        "real": os.path.realpath(layout.PREFIX),
        "link": system.first_link(layout.PREFIX),
    }


def _described(path: str) -> Dict[str, Any]:
    return dict(system.find_path(path), filesystem=system.find_filesystem(path))


def _installed(names: List[str], timeout: float) -> Tuple[List[Dict[str, Any]], Optional[str]]:
    """(the installed packages of these names, why they cannot be listed)."""
    rpm = system.find_commands(["rpm"])["rpm"]
    if rpm is None:
        return [], None
    try:
        return packages.parse_packages(run([rpm] + packages.installed_query(), timeout), names), None
    except CommandTimeout as error:
        process = suspect()
        return [], "%s; %s may have locked it" % (error, told(process)) if process else str(error)
    except CommandError as error:
        return [], str(error)


def _package_in(path: Optional[str], timeout: float) -> Optional[Dict[str, Any]]:
    rpm = system.find_commands(["rpm"])["rpm"]
    if rpm is None or path is None:
        return None
    try:
        found = packages.parse_packages(run([rpm] + packages.file_query(path), timeout))
    except CommandError:
        return None
    return found[0] if found else None
