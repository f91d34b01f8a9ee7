# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The effects of creating and deleting an OBProxy cluster. A new cluster is listed after its task has succeeded."""

from __future__ import annotations

from ..state import ObproxyCluster, Proxy, State
from .base import Work
from .proxies import Delete


class CreateCluster(Work):
    def __init__(self, state: State, cluster: ObproxyCluster, proxies: list[Proxy], version: str | None) -> None:
        self._state = state
        self._proxies = proxies
        self._version = version
        self.cluster = cluster

    def succeeded(self) -> None:
        for proxy in self._proxies:
            proxy.status, proxy.operate_status, proxy.version = "RUNNING", "NORMAL", self._version
        self.cluster.obproxies = self._proxies
        self._state.obproxy_clusters.append(self.cluster)

    def strings(self) -> dict[str, str]:
        return {"obproxy_cluster_name": self.cluster.name}

    def secrets(self) -> dict[str, str]:
        password = self.cluster.proxysys_password
        return {} if password is None else {"proxysys_password": password}


class DeleteCluster(Delete):
    """Deletes a cluster and uninstalls all its proxies."""

    def __init__(self, state: State, cluster: ObproxyCluster) -> None:
        super().__init__(cluster, list(cluster.obproxies))
        self._state = state

    def succeeded(self) -> None:
        super().succeeded()
        self._state.obproxy_clusters = [
            cluster for cluster in self._state.obproxy_clusters if cluster.id != self._cluster.id
        ]
