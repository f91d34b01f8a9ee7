# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state that the simulated OCP manages. A state file defines it, and calls change it while the simulator runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, field_validator, model_validator

from .faults import Fault
from .resources import Credential, HostType, Idc, NewHost, Part, Region
from .rights import Role
from .settings import Settings
from .tasks.faults import TaskFault

HostStatus = Literal["NEW", "AVAILABLE", "ONLINE", "OFFLINE", "DELETING"]


class User(Part):
    id: int | None = None
    username: str = "admin"
    password: str = "aaAA11__"
    roles: tuple[Role, ...] = ("ADMIN",)


class AccessKey(Part):
    id: str
    secret: str
    username: str = "admin"


class Findings(Part):
    """The findings of OCP's agent on the host, for the preconditions that a simulator cannot check itself."""

    processes: int = 1
    packages: int = 1
    user: str = "admin"
    directory: str = "/opt/taobao/install"


class HostService(Part):
    name: str
    version: str | None = None
    type: str = "OBPROXY"


class Host(Part):
    id: int | None = None
    address: str
    name: str | None = None
    status: HostStatus = "ONLINE"
    ssh_port: int = 22
    kind: str = "DEDICATED_PHYSICAL_MACHINE"
    architecture: str = "x86_64"
    operating_system: str = "CentOS Linux release 7.9.2009 (Core)"
    idc_id: int = 1
    idc_name: str = "idc1"
    region_name: str = "region1"
    agent_status: str = "RUNNING"
    services: list[HostService] = Field(default_factory=list)
    findings: Findings = Field(default_factory=Findings)
    # The version in a takeover's task before the proxy itself has been checked.
    proxy_version: str = "1.9.1.1-1919579"
    task_fault: TaskFault | None = None


class Proxy(Part):
    """An OBProxy that a cluster manages (or is taking over)."""

    id: int | None = None
    host: int | str
    sql_port: int = 2883
    exporter_port: int = 2884
    version: str | None = None
    status: str = "RUNNING"
    operate_status: str = "NORMAL"
    parameter_version: int = 1

    @property
    def host_id(self) -> int:
        # Addresses and names are resolved when the state is created.
        assert isinstance(self.host, int)
        return self.host


class ObLink(Part):
    cluster_name: str
    ob_cluster_id: int = 1
    username: str = "proxyro"
    status: str = "CONNECTED"
    # The configuration server's answer to proxies. For a takeover, nothing needs to listen there.
    root_servers: list[str] = Field(default_factory=lambda: ["127.0.0.1:2882"])


class ObproxyCluster(Part):
    id: int | None = None
    name: str
    work_mode: Literal["CONFIG_URL", "RS_LIST"] = "CONFIG_URL"
    address: str | None = None
    port: int | None = None
    ob_links: list[ObLink] = Field(default_factory=lambda: [ObLink(cluster_name="obcluster")])
    obproxies: list[Proxy] = Field(default_factory=list)
    # Set on proxies that are taken over: settings by name, and the password of root@proxysys (None keeps it).
    parameters: dict[str, str] = Field(default_factory=dict)
    proxysys_password: str | None = None
    parameter_version: int = 1
    created: float | None = None
    updated: float | None = None


class ExistingTask(Part):
    """A task that exists before the first call. With a cluster, it is a takeover by another user."""

    id: int | None = None
    name: str = "Install obproxy"
    host: int | str | None = None
    cluster: int | str | None = None
    sql_port: int = 2883
    status: Literal["RUNNING", "FAILED", "SUCCESSFUL"] = "RUNNING"
    # The current subtask, from 1, and the seconds that the rest of the task takes (None: as in the settings).
    subtask: int = Field(default=1, ge=1, le=12)
    seconds: float | None = None
    log: str | None = None
    cluster_name: str | None = None
    task_fault: TaskFault | None = None


class State(Part):
    users: list[User] = Field(default_factory=lambda: [User()])
    access_keys: list[AccessKey] = Field(default_factory=list)
    hosts: list[Host] = Field(default_factory=lambda: [Host(address="127.0.0.1"), Host(address="127.0.0.2")])
    regions: list[Region] = Field(default_factory=lambda: [Region(name="region1")])
    idcs: list[Idc] = Field(default_factory=lambda: [Idc(name="idc1")])
    host_types: list[HostType] = Field(default_factory=lambda: [HostType(name="x86_64-16c-64g")])
    credentials: list[Credential] = Field(default_factory=lambda: [Credential(name="hosts")])
    # The findings on hosts that OCP does not know yet. Unlisted hosts have no problems.
    new_hosts: list[NewHost] = Field(default_factory=list)
    obproxy_clusters: list[ObproxyCluster] = Field(default_factory=lambda: [ObproxyCluster(name="demo")])
    tasks: list[ExistingTask] = Field(default_factory=list)
    settings: Settings = Field(default_factory=Settings)
    faults: list[Fault] = Field(default_factory=list)
    task_faults: list[TaskFault] = Field(default_factory=list)

    @field_validator("hosts", mode="before")
    @classmethod
    def _short_hosts(cls, hosts: Any) -> Any:
        """Accept a host that is only an address."""
        return [{"address": host} if isinstance(host, str) else host for host in hosts]

    @field_validator("obproxy_clusters", mode="before")
    @classmethod
    def _short_clusters(cls, clusters: Any) -> Any:
        """Accept an OBProxy cluster that is only a name."""
        return [{"name": cluster} if isinstance(cluster, str) else cluster for cluster in clusters]

    @model_validator(mode="after")
    def _resolve(self) -> State:
        number(self.users)
        number(self.hosts)
        for things in (self.regions, self.idcs, self.host_types, self.credentials):
            number(things)
        number(self.obproxy_clusters)
        number([proxy for cluster in self.obproxy_clusters for proxy in cluster.obproxies])
        for host in self.hosts:
            host.name = host.name or f"host-{host.id}"
        for cluster in self.obproxy_clusters:
            for proxy in cluster.obproxies:
                proxy.host = self._host_id(proxy.host)
        given = [task.id for task in self.tasks if task.id is not None]
        if len(set(given)) < len(given):
            raise ValueError("two tasks have the same id")
        for task in self.tasks:
            if task.host is not None:
                task.host = self._host_id(task.host)
            if task.cluster is not None:
                if task.host is None:
                    raise ValueError("a task with a cluster is a takeover: it needs a host")
                task.cluster = self._cluster_id(task.cluster)
        known = {user.username for user in self.users}
        for key in self.access_keys:
            if key.username not in known:
                raise ValueError(f"access key {key.id} belongs to user {key.username}, whom there is not")
        return self

    def _host_id(self, wanted: int | str) -> int:
        for host in self.hosts:
            if wanted in (host.id, host.address, host.name):
                assert host.id is not None
                return host.id
        raise ValueError(f"there is no host {wanted!r} in the state")

    def _cluster_id(self, wanted: int | str) -> int:
        for cluster in self.obproxy_clusters:
            if wanted in (cluster.id, cluster.name):
                assert cluster.id is not None
                return cluster.id
        raise ValueError(f"there is no OBProxy cluster {wanted!r} in the state")


def number(things: list[Any]) -> None:
    """Give an ID to everything that has none."""
    taken = {thing.id for thing in things if thing.id is not None}
    if len(taken) < sum(thing.id is not None for thing in things):
        raise ValueError("two have the same id")
    free = 1
    for thing in things:
        if thing.id is None:
            while free in taken:
                free += 1
            thing.id = free
            taken.add(free)


def load(path: Path) -> State:
    return State.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
