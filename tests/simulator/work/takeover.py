# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A takeover: the proxies stand in the cluster as TAKINGOVER until the task is done, or rolled back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .. import preconditions, proxycheck
from ..errors import Problem
from ..world import Host, HostService, ObproxyCluster, Proxy, World
from .base import Finding, Work


@dataclass
class Target:
    host: Host
    proxy: Proxy
    password: str | None


class TakeOver(Work):
    def __init__(self, world: World, cluster: ObproxyCluster, targets: list[Target]) -> None:
        self._world = world
        self._cluster = cluster
        self._targets = targets

    def enter(self) -> None:
        """From now on the proxies stand in the cluster."""
        for target in self._targets:
            self._cluster.obproxies.append(target.proxy)

    def know(self, key: str) -> Finding | None:
        rule = {"process": preconditions.process, "package": preconditions.package}.get(key)
        if rule is None:
            return None
        problems = [problem for target in self._targets if (problem := rule(target.host))]
        return Finding("", "\n".join(problems) or None)

    def check(self, key: str) -> Callable[[], Finding] | None:
        look = {"listen": self._listen, "log_in": self._log_in}.get(key)
        return look if self._world.settings.check_proxies else None

    def look(self) -> tuple[Problem, str] | None:
        """All checks at once, for an OCP that refuses at the call."""
        for key in ("process", "package", "listen", "log_in"):
            check = self.check(key)
            finding = self.know(key) or (check() if check else None)
            if finding and finding.problem:
                return finding.refusal, finding.problem
        return None

    def succeeded(self) -> None:
        for target in self._targets:
            proxy = target.proxy
            proxy.status, proxy.operate_status = "RUNNING", "NORMAL"
            proxy.version = proxy.version or target.host.proxy_version
            service = HostService(name=self._cluster.name, version=proxy.version)
            target.host.services = [*target.host.services, service]
            target.host.status = "ONLINE"

    def rolled_back(self) -> None:
        mine = [target.proxy.id for target in self._targets]
        self._cluster.obproxies = [proxy for proxy in self._cluster.obproxies if proxy.id not in mine]

    def lists(self) -> dict[str, list[str]]:
        return {"commands_to_check": ["nc"], "process_keywords": ["obproxy", "obproxyd.sh"]}

    def strings(self) -> dict[str, str]:
        first = self._targets[0]
        strings = {
            "obproxy_need_delete_cluster": "false",
            "package_version": first.proxy.version or first.host.proxy_version,
            "prohibit_rollback": str(self._world.settings.prohibit_rollback).lower(),
            "service_name": self._cluster.name,
            "package_name": "obproxy",
            "obproxy_server_id": ",".join(str(target.proxy.id) for target in self._targets),
            "obproxy_parameter_version": str(self._cluster.parameter_version),
            "host_id": ",".join(str(target.host.id) for target in self._targets),
            "obproxy_cluster_name": self._cluster.name,
            "obproxy_cluster_id": str(self._cluster.id),
        }
        # A real context may hold passwords. Here it does on purpose: a client that shows the context shows this.
        passwords = [target.password for target in self._targets if target.password]
        if passwords:
            strings["proxysys_password"] = ",".join(passwords)
        return strings

    def _listen(self) -> Finding:
        log, problems = [], []
        for target in self._targets:
            address, port = target.host.address, target.proxy.sql_port
            try:
                version = proxycheck.greeting(address, port, self._world.settings.check_timeout)
                log.append(f"INFO  {address}:{port} greets as MySQL {version}")
            except proxycheck.Unreachable as failure:
                problems.append((Problem.CANNOT_CONNECT, str(failure)))
        return _finding(log, problems)

    def _log_in(self) -> Finding:
        log: list[str] = []
        problems: list[tuple[Problem, str]] = []
        for target in self._targets:
            address, port = target.host.address, target.proxy.sql_port
            try:
                timeout = self._world.settings.check_timeout
                facts = proxycheck.log_in(address, port, target.password or "", timeout)
            except (proxycheck.Unreachable, proxycheck.LogInRefused) as failure:
                problems.append((Problem.CANNOT_CONNECT, str(failure)))
                continue
            log.append(f"INFO  logged in to {address}:{port} as {proxycheck.USER}")
            if problem := self._version(target, facts, log):
                problems.append((Problem.VERSION_TOO_LOW, problem))
            if problem := self._start_mode(facts, log):
                problems.append((Problem.PRECONDITION, problem))
        return _finding(log, problems)

    def _version(self, target: Target, facts: proxycheck.Facts, log: list[str]) -> str | None:
        if facts.version is None:
            log.append("WARN  the OBProxy does not tell its version: not checked")
            return None
        log.append(f"INFO  its version is {facts.version}")
        problem = preconditions.version(self._cluster, facts.version)
        if problem is None:
            target.proxy.version = facts.version
        return problem

    def _start_mode(self, facts: proxycheck.Facts, log: list[str]) -> str | None:
        if facts.config_url is None or not self._world.settings.check_start_mode:
            log.append("WARN  the OBProxy's start mode was not checked")
            return None
        return preconditions.start_mode(self._world, self._cluster, facts.config_url)


def _finding(log: list[str], problems: list[tuple[Problem, str]]) -> Finding:
    if not problems:
        return Finding("\n".join(log))
    return Finding("\n".join(log), "\n".join(text for _, text in problems), problems[0][0])
