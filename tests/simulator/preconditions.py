# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OCP's preconditions for taking over an OBProxy, as far as a simulator can check them."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from .errors import Problem
from .state import Host, ObproxyCluster, State

USABLE = ("AVAILABLE", "ONLINE")


def process(host: Host) -> str | None:
    """Require exactly one process, owned by admin and run from the official package's directory."""
    findings = host.findings
    if findings.processes != 1:
        return f"host {host.address} runs {findings.processes} obproxy processes: exactly one is needed"
    if findings.user != "admin":
        return f"the obproxy process on {host.address} belongs to {findings.user}: it must belong to admin"
    if not findings.directory.startswith("/opt/taobao/install"):
        return f"obproxy on {host.address} runs from {findings.directory}: it must run from /opt/taobao/install"
    return None


def package(host: Host) -> str | None:
    if host.findings.packages != 1:
        return f"host {host.address} has {host.findings.packages} obproxy packages installed: exactly one is needed"
    return None


# For the key of each step: its check, and the error of a call that is refused because of it.
RULES = {"process": (process, Problem.PROCESSES), "package": (package, Problem.PRECONDITION)}


def version(cluster: ObproxyCluster, proxy_version: str) -> str | None:
    """Require 1.8.0 or later, and a version on the same side of 4.0.0 as the cluster's own proxies."""
    mine = _numbers(proxy_version)
    if mine < (1, 8, 0):
        return f"OBProxy {proxy_version} is too old: 1.8.0 or later is needed"
    others = [_numbers(proxy.version) for proxy in cluster.obproxies if proxy.version and proxy.status != "TAKINGOVER"]
    if others and max(others) >= (4, 0, 0) and mine < (4, 0, 0):
        return f"OBProxy {proxy_version} is too old: OBProxy cluster {cluster.name} takes 4.0.0 or later"
    if others and max(others) < (4, 0, 0) and mine >= (4, 0, 0):
        return f"OBProxy {proxy_version} is too new: OBProxy cluster {cluster.name} takes versions below 4.0.0"
    return None


def start_mode(state: State, cluster: ObproxyCluster, config_url: str) -> str | None:
    """Require the cluster's start mode and, for a config URL known here, only OB clusters that the target links."""
    if cluster.work_mode == "RS_LIST":
        if config_url:
            return (
                f"the OBProxy was started with the config URL {config_url!r}:"
                f" OBProxy cluster {cluster.name} is of the mode RS_LIST"
            )
        return None
    if not config_url:
        return f"the OBProxy was started without a config URL: OBProxy cluster {cluster.name} is of the mode CONFIG_URL"
    names = parse_qs(urlsplit(config_url).query).get("ObproxyClusterName", [])
    source = next((each for each in state.obproxy_clusters if each.name in names), None)
    if source is None:
        return None
    foreign = {link.cluster_name for link in source.ob_links} - {link.cluster_name for link in cluster.ob_links}
    if foreign:
        return (
            f"the OBProxy links OB clusters that OBProxy cluster {cluster.name} does not: {', '.join(sorted(foreign))}"
        )
    return None


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("-")[0].split(".") if part.isdigit())
