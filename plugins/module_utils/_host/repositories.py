# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Which versions of a package the host's repositories have, and what hides others."""

import fnmatch
import glob
import os
import re
import time
from typing import Callable, Dict, Iterable, List, Optional

from . import locks
from .command import CommandError, CommandTimeout, run
from .packages import DIST_TAG
from .records import Record
from .system import find_commands

#: How long Ansible's package modules wait for a lock.
LOCK_SECONDS = 30
FORMAT = r"%{name}\t%{version}\t%{release}\t%{arch}"
CONFIGURATIONS = ("/etc/dnf/dnf.conf", "/etc/yum.conf", "/etc/yum.repos.d/*.repo")
VERSION_LOCKS = (
    "/etc/dnf/plugins/versionlock.list",
    "/etc/yum/pluginconf.d/versionlock.list",
    "/etc/dnf/versionlock.toml",
)
EXCLUDES = re.compile(r"^\s*(exclude|excludepkgs)\s*=\s*(.*)$")


class Repositories(object):
    """The repositories as one package manager (dnf4, dnf5 or yum) sees them.

    names: the packages in question, by name or by the path of a file. `execute` runs a command within a time limit.
    """

    def __init__(
        self,
        manager: str,
        options: List[str],
        timeout: float,
        names: List[str],
        execute: Callable[[List[str], float], str] = run,
        holder: Callable[[], Optional[Record]] = locks.holder,
        suspect: Callable[[], Optional[Record]] = locks.suspect,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.manager = manager
        self.options = options
        self.timeout = timeout
        self._names = [name for name in names if not name.startswith("/")]
        self._lists: Dict[bool, List[Dict[str, str]]] = {}
        self._execute = execute
        self._holder = holder
        self._suspect = suspect
        self._clock = clock
        self._sleep = sleep

    def look(self, name: str, fits: Callable[[Dict[str, str]], bool], root: str = "") -> Record:
        """{packages, fitting, excluded, excluded_by, locked_by, error}, each package described as by listed().

        excluded: what would match, but is hidden by `excluded_by`. locked_by: the holder of the package manager's lock.
        error: why nothing could be listed.
        """
        found: Record = {"packages": [], "fitting": [], "excluded": [], "excluded_by": [], "error": None}
        found["locked_by"] = self._locked(LOCK_SECONDS)
        if found["locked_by"]:
            return found
        try:
            found["packages"] = self.listed(name)
            found["fitting"] = [package for package in found["packages"] if fits(package)]
            if not found["fitting"]:
                found["excluded"] = [package for package in self.listed(name, everything=True) if fits(package)]
        except CommandError as error:
            found["error"] = str(error)
            # Whoever took the lock meanwhile is why it did not end.
            found["locked_by"] = self._suspect() if isinstance(error, CommandTimeout) else self._holder()
        if found["excluded"]:
            found["excluded_by"] = excluded_by(found["excluded"][0], root)
        return found

    def missing(self, names: List[str], root: str = "") -> Optional[Record]:
        """{packages, excluded_by}: those of the packages that no repository offers, and what excludes them.

        None if nothing can be listed.
        """
        try:
            packages = [name for name in names if not self._offered(name)]
            everything = self._listed(everything=True) if packages else []
        except CommandError:
            return None
        excluded = [package for package in everything if package["name"] in packages]
        return {"packages": packages, "excluded_by": excluded_by(excluded[0], root) if excluded else []}

    def _offered(self, name: str) -> bool:
        if not name.startswith("/"):
            return bool(self.listed(name))
        # yum cannot look for the package of a file.
        return self.manager == "yum" or bool(self._run(["repoquery", name]).strip())

    def listed(self, name: str, everything: bool = False) -> List[Dict[str, str]]:
        """Each available version: [{name, version, release, release_without_dist_tag, arch, nevra}]."""
        found = [package for package in self._listed(everything) if package["name"] == name]
        return sorted(found, key=lambda item: item["nevra"])

    def _listed(self, everything: bool = False) -> List[Dict[str, str]]:
        if everything not in self._lists:
            self._lists[everything] = self._query(everything) if self._names else []
        return self._lists[everything]

    def _query(self, everything: bool) -> List[Dict[str, str]]:
        if self.manager == "yum":
            self._run(["clean", "expire-cache"])
            arguments = ["list", "available", "--showduplicates"] + self._names
        else:
            # dnf 5 lists all versions by itself, and puts no line break after each.
            line = FORMAT + (r"\n" if self.manager == "dnf5" else "")
            arguments = ["repoquery", "--refresh", "--qf", line] + self._names
            arguments += ["--showduplicates"] if self.manager == "dnf4" else []
        if everything:
            arguments += {
                "dnf4": ["--disableexcludes=all", "--disableplugin=versionlock"],
                "dnf5": ["--setopt=disable_excludes=*"],
                "yum": ["--disableexcludes=all", "--disableplugin=versionlock"],
            }[self.manager]
        try:
            output = self._run(arguments)
        except CommandTimeout:
            raise
        except CommandError as error:
            # How yum reports that there is none.
            if self.manager == "yum" and "No matching Packages" in str(error):
                return []
            raise
        return (parse_yum if self.manager == "yum" else parse_dnf)(output)

    def _run(self, arguments: List[str]) -> str:
        command = "dnf" if self.manager == "dnf4" else self.manager
        settings = [] if self.manager == "dnf5" else ["--setopt=exit_on_lock=True"]
        path = find_commands([command])[command] or command
        return self._execute([path, "-q"] + settings + self.options + arguments, self.timeout)

    def _locked(self, seconds: float) -> Optional[Record]:
        """The process that still has the lock after so many seconds, or None."""
        limit = self._clock() + seconds
        while True:
            process = self._holder()
            if process is None or self._clock() >= limit:
                return process
            self._sleep(1.0)


def choice(enable: List[str], disable: List[str]) -> List[str]:
    """The options that choose repositories: those to disable come first, as in `--disablerepo=* --enablerepo=x`."""
    return ["--disablerepo=" + name for name in disable] + ["--enablerepo=" + name for name in enable]


def parse_dnf(text: str) -> List[Dict[str, str]]:
    lines = (line.split("\t") for line in text.splitlines())
    return [_package(*fields) for fields in lines if len(fields) == 4]


def parse_yum(text: str) -> List[Dict[str, str]]:
    """Three words for each package: NAME.ARCH [EPOCH:]VERSION-RELEASE REPOSITORY. Long ones are on several lines."""
    words = text.split("Available Packages", 1)[-1].split()
    found = []
    for full, version, _repository in zip(words[0::3], words[1::3], words[2::3]):
        name, _dot, arch = full.rpartition(".")
        number, _dash, release = version.rpartition(":")[2].partition("-")
        found.append(_package(name, number, release, arch))
    return found


def _package(name: str, version: str, release: str, arch: str) -> Dict[str, str]:
    return {
        "name": name,
        "version": version,
        "release": release,
        "release_without_dist_tag": DIST_TAG.sub("", release),
        "arch": arch,
        "nevra": "%s-%s-%s.%s" % (name, version, release, arch),
    }


def excluded_by(package: Dict[str, str], root: str = "") -> List[str]:
    """What hides a package in the package manager's configuration: a setting and its file."""
    found = []
    for path in _paths(CONFIGURATIONS, root):
        for line in _lines(path):
            match = EXCLUDES.match(line)
            if match and any(_names(pattern, package) for pattern in re.split(r"[\s,]+", match.group(2)) if pattern):
                found.append("%s=%s in %s" % (match.group(1), match.group(2).strip(), path[len(root) :]))
    for path in _paths(VERSION_LOCKS, root):
        if any(package["name"] in line for line in _lines(path) if not line.startswith("#")):
            found.append("versionlock in %s" % path[len(root) :])
    return found


def _names(pattern: str, package: Dict[str, str]) -> bool:
    full = package["nevra"]
    return any(fnmatch.fnmatch(text, pattern) for text in (package["name"], full, full.rpartition(".")[0]))


def _paths(patterns: Iterable[str], root: str) -> List[str]:
    # EL8's yum.conf is a link to dnf.conf.
    paths = [path for pattern in patterns for path in sorted(glob.glob(root + pattern))]
    return [path for path in paths if not os.path.islink(path)]


def _lines(path: str) -> List[str]:
    try:
        with open(path, errors="replace") as file:
            return file.read().splitlines()
    except OSError:
        return []
