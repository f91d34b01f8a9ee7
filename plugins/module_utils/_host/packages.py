# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OBProxy packages, parsed from the output of `rpm`."""

import re
from typing import Any, Dict, List, Optional

# One line for the package, then one for each of its files: rpm repeats what is in brackets.
QUERY_FORMAT = (
    "P\\t%{NAME}\\t%{EPOCH}\\t%{VERSION}\\t%{RELEASE}\\t%{ARCH}\\t%{INSTPREFIXES}\\t%{PREFIXES}\\t%{SIZE}\\n"
    "[F\\t%{FILENAMES}\\n]"
)
# .el7, .el7_9, .an8, .oe2203, .el7.centos: what identifies the distribution, not the release.
DIST_TAG = re.compile(r"\.[A-Za-z]+\d\w*(\.centos)?$")


def installed_query() -> List[str]:
    """The arguments of rpm that list the installed packages whose name starts with obproxy."""
    return ["-qa", "--qf", QUERY_FORMAT, "obproxy*"]


def file_query(path: str) -> List[str]:
    """The arguments of rpm that describe the package in a file."""
    return ["-qp", "--nosignature", "--qf", QUERY_FORMAT, path]


def without_dist_tag(release: str) -> str:
    """1919579.el7 → 1919579, the form in which OCP gives a version."""
    return DIST_TAG.sub("", release)


def parse_packages(text: str, names: Optional[List[str]] = None) -> List[Dict[str, Any]]:
    """The packages that rpm printed, only those with one of `names`, ordered by name and version."""
    packages = []
    for line in text.splitlines():
        kind, _tab, rest = line.partition("\t")
        if kind == "P":
            packages.append(_package(rest.split("\t")))
        elif kind == "F" and packages:
            _add_file(packages[-1], rest)
    for package in packages:
        if package["prefix"] is None and package["home"]:
            package["prefix"] = package["home"].rpartition("/")[0]
    wanted = [package for package in packages if names is None or package["name"] in names]
    return sorted(wanted, key=lambda package: (package["name"], package["nevra"]))


def _package(fields: List[str]) -> Dict[str, Any]:
    name, epoch, version, release, arch = fields[:5]
    size = fields[7]
    prefixes = [value for value in fields[5:7] if value and value != "(none)"]
    return {
        "name": name,
        "epoch": int(epoch) if epoch.isdigit() else 0,
        "version": version,
        "release": release,
        "release_without_dist_tag": without_dist_tag(release),
        "arch": arch,
        "nevra": "%s-%s-%s.%s" % (name, version, release, arch),
        "prefix": prefixes[0].rstrip("/") if prefixes else None,
        "size": int(size) if size.isdigit() else None,
        "home": None,
    }


def _add_file(package: Dict[str, Any], path: str) -> None:
    # The directory is named after the version, but only the files say so for certain.
    if package["home"] is None and path.endswith(("/bin/obproxy", "/bin/obproxyd.sh")):
        package["home"] = path.rpartition("/bin/")[0]


def fits(package: Dict[str, Any], name: str, version: str) -> bool:
    """Whether a package is that of this name and version: with or without its dist tag, or without a release."""
    wanted, dash, release = version.partition("-")
    if (package["name"], package["version"]) != (name, wanted):
        return False
    return not dash or release in (package["release"], package["release_without_dist_tag"])
