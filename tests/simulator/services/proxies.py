# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The effects of other tasks on a cluster's proxies. Only the state changes, and no real proxy is touched."""

from __future__ import annotations

from ..state import ObproxyCluster, Proxy
from .base import Work


class Change(Work):
    """Changes proxies, which have the given status while the task runs and are RUNNING afterwards."""

    def __init__(self, cluster: ObproxyCluster, proxies: list[Proxy], status: str, version: str | None = None) -> None:
        self._cluster = cluster
        self._proxies = proxies
        self._version = version
        self._before = [proxy.status for proxy in proxies]
        for proxy in proxies:
            proxy.status, proxy.operate_status = status, "OPERATING"

    def succeeded(self) -> None:
        for proxy in self._proxies:
            proxy.status, proxy.operate_status = "RUNNING", "NORMAL"
            proxy.version = self._version or proxy.version

    def rolled_back(self) -> None:
        for proxy, status in zip(self._proxies, self._before, strict=True):
            proxy.status, proxy.operate_status = status, "NORMAL"

    def strings(self) -> dict[str, str]:
        return {"obproxy_cluster_id": str(self._cluster.id), "obproxy_cluster_name": self._cluster.name}

    def _remove(self) -> None:
        gone = {proxy.id for proxy in self._proxies}
        self._cluster.obproxies = [proxy for proxy in self._cluster.obproxies if proxy.id not in gone]


class Add(Change):
    """Adds proxies, and removes them if the task is rolled back."""

    def __init__(self, cluster: ObproxyCluster, proxies: list[Proxy], version: str) -> None:
        super().__init__(cluster, proxies, "CREATING", version)
        cluster.obproxies = [*cluster.obproxies, *proxies]

    def rolled_back(self) -> None:
        self._remove()


class Delete(Change):
    def __init__(self, cluster: ObproxyCluster, proxies: list[Proxy]) -> None:
        super().__init__(cluster, proxies, "DELETING")

    def succeeded(self) -> None:
        self._remove()
