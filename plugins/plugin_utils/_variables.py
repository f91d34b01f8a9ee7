# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Which variables of the role obproxy are invalid, before any host is checked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from ..module_utils._blockers.texts import Finding, finding

VERSION = re.compile(r"[0-9][0-9A-Za-z._+~]*(-[0-9A-Za-z._+~]+)?")
CHECKSUM = r"(md5|sha(1|224|256|384|512)):"
URL = re.compile(r"""https?://[^\s,'"\\]+""")
ROOT_SERVER = re.compile(r"((\d{1,3}\.){3}\d{1,3}|\[[0-9a-fA-F:]+\]):\d+")
NAME = re.compile(r"[A-Za-z0-9_.-]+")
OPTION = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
NOT_PASSED_ON = re.compile(r"""[\s,'"\\]""")
#: They would show in the process list, or have their own variable.
REFUSED_OPTIONS = re.compile(r"passw|^obproxy_config_server_url$|^prometheus_listen_port$", re.IGNORECASE)


def variables_problems(variables: dict[str, Any]) -> list[Finding]:
    """One problem for each invalid variable. variables: the role's, by their full names.

    Values of another type than in the role's argument specs are left to these, which name the variable and the type.
    """
    found: list[Finding] = []
    for check in (_version, _source, _checksum, _ports, _start_mode, _config_url, _root_servers, _names, _options):
        with suppress(AttributeError, TypeError, ValueError):
            found += [finding("variables", *problem) for problem in check(variables)]
    return found


def _version(variables: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    version = variables["obproxy_package_version"]
    if version and not VERSION.fullmatch(version):
        yield (
            f"obproxy_package_version is '{version}'",
            "VERSION-RELEASE, such as 1.9.1.1-1919579, without the package name",
            "Correct the variable.",
        )
    if not version and variables["obproxy_state"] == "absent":
        yield (
            "obproxy_state is absent, and obproxy_package_version is empty",
            "the version to remove",
            "Set obproxy_package_version.",
        )


def _source(variables: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    source = variables["obproxy_package_source"]
    if source != "repository" and not source.startswith("/") and "://" not in source:
        yield (
            f"obproxy_package_source is '{source}'",
            "'repository', the absolute path of an RPM file on the host, or a URL",
            "Correct the variable.",
        )


def _checksum(variables: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    checksum, source = variables["obproxy_package_checksum"], variables["obproxy_package_source"]
    # For a URL, this may be another URL, with a list of checksums.
    digits = r"\S+" if "://" in source else r"[0-9a-fA-F]+"
    if checksum and (source == "repository" or not re.fullmatch(CHECKSUM + digits, checksum)):
        yield (
            f"obproxy_package_checksum is '{checksum}'",
            "ALGORITHM:HEX, such as sha256:0123…, for the path or URL of an RPM in obproxy_package_source",
            "Correct the variable, or leave it empty.",
        )


def _ports(variables: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    sql, exporter = int(variables["obproxy_sql_port"]), int(variables["obproxy_exporter_port"])
    if sql == exporter or not (1024 < sql < 65536 and 1024 < exporter < 65536):
        yield (
            f"obproxy_sql_port is {sql} and obproxy_exporter_port is {exporter}",
            "two different ports from 1025 to 65535",
            "Choose other ports.",
        )


def _start_mode(variables: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    both = [name for name in ("obproxy_rs_list", "obproxy_ob_cluster") if variables[name]]
    if variables["obproxy_config_url"] and both:
        yield (
            f"obproxy_config_url is set, and so is {both[0]}",
            "one start mode",
            "Set only obproxy_config_url, or only obproxy_rs_list with obproxy_ob_cluster.",
        )


def _config_url(variables: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    url = variables["obproxy_config_url"]
    if url and not URL.fullmatch(url):
        yield (
            f"obproxy_config_url is '{url}'",
            "an http or https URL without spaces, commas, quotes and backslashes, which obproxyd.sh does not pass on",
            "Correct the variable.",
        )


def _root_servers(variables: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    servers, cluster = root_servers(variables["obproxy_rs_list"]), variables["obproxy_ob_cluster"]
    if not servers and not cluster:
        return
    if not servers or not all(map(ROOT_SERVER.fullmatch, servers)) or not NAME.fullmatch(cluster):
        yield (
            f"obproxy_rs_list is '{';'.join(servers)}' and obproxy_ob_cluster is '{cluster}'",
            "root servers as IP:PORT (with a host name, or without a port, OBProxy exits at startup), and the name of "
            "their OceanBase cluster",
            "Set both, or obproxy_config_url.",
        )


def root_servers(value: list[str] | str) -> list[str]:
    """A list, or a text separated by ; or ,."""
    text = value if isinstance(value, str) else ";".join(value)
    return [server for server in text.replace(",", ";").replace(" ", "").split(";") if server]


def _names(variables: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    app, environment = variables["obproxy_app_name"], variables["obproxy_environment"]
    if not NAME.fullmatch(app) or (environment and not NAME.fullmatch(environment)):
        yield (
            f"obproxy_app_name is '{app}' and obproxy_environment is '{environment}'",
            "letters, digits, '_', '.' and '-' only, since obproxyd.sh does not pass on anything else",
            "Correct the variable.",
        )


def _options(variables: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    options = variables["obproxy_extra_options"]
    refused = [name for name in options if REFUSED_OPTIONS.search(name)]
    if refused:
        yield (
            f"obproxy_extra_options sets {', '.join(refused)}",
            "no passwords, since every user of the host could read them in the process list, and nothing that has its "
            "own variable",
            "Use obproxy_observer_password, obproxy_proxysys_password, obproxy_config_url or obproxy_exporter_port.",
        )
    # The value may be a secret, so it is not shown.
    wrong = [name for name, value in options.items() if not OPTION.fullmatch(name) or NOT_PASSED_ON.search(str(value))]
    if wrong:
        yield (
            f"obproxy_extra_options has '{', '.join(wrong)}' with a name or a value that would not reach the proxy",
            "names of letters, digits and '_', and values without spaces, commas, quotes and backslashes",
            "Correct it, or set it in the running proxy.",
        )
