# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A takeover: the proxies are in the cluster as TAKINGOVER until the task has succeeded or is rolled back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .. import preconditions, proxycheck
from ..errors import Problem
from ..parameters import need_restart, of_cluster
from ..state import Host, HostService, ObproxyCluster, Proxy, State
from .base import Finding, Work


@dataclass
class Target:
    host: Host
    proxy: Proxy
    password: str | None


#: A check or a change of one proxy, which returns its problems.
Ask = Callable[[Target, list[str]], list[tuple[Problem, str]] | None]


class TakeOver(Work):
    def __init__(self, state: State, cluster: ObproxyCluster, targets: list[Target]) -> None:
        self._state = state
        self._cluster = cluster
        self._targets = targets

    def enter(self) -> None:
        """Add the proxies to the cluster."""
        for target in self._targets:
            self._cluster.obproxies.append(target.proxy)

    def know(self, key: str) -> Finding | None:
        if key not in preconditions.RULES:
            return None
        rule, refusal = preconditions.RULES[key]
        problems = [problem for target in self._targets if (problem := rule(target.host))]
        return Finding("", "\n".join(problems) or None, refusal)

    def check(self, key: str) -> Callable[[], Finding] | None:
        look = {"listen": self._listen, "sync": self._sync, "password": self._password}.get(key)
        return look if self._state.settings.check_proxies else None

    def look(self) -> tuple[Problem, str] | None:
        """Run all checks at once and return the first problem, for an OCP that refuses the call itself."""
        looks = [self._listen, self._log_in] if self._state.settings.check_proxies else []
        for finding in (self.know("process"), self.know("package"), *(look() for look in looks)):
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
            "prohibit_rollback": str(self._state.settings.prohibit_rollback).lower(),
            "service_name": self._cluster.name,
            "package_name": "obproxy",
            "obproxy_server_id": ",".join(str(target.proxy.id) for target in self._targets),
            "obproxy_parameter_version": str(self._cluster.parameter_version),
            "host_id": ",".join(str(target.host.id) for target in self._targets),
            "obproxy_cluster_name": self._cluster.name,
            "obproxy_cluster_id": str(self._cluster.id),
        }
        # A real context may contain passwords. This one does on purpose, to reveal clients that show the context.
        passwords = [target.password for target in self._targets if target.password]
        if passwords:
            strings["proxysys_password"] = ",".join(passwords)
        return strings

    def _listen(self) -> Finding:
        def ask(target: Target, log: list[str]) -> None:
            address, port, timeout = self._at(target)
            version = proxycheck.greeting(address, port, timeout)
            log.append(f"INFO  {address}:{port} greets as MySQL {version}")

        return self._each(ask)

    def _log_in(self) -> Finding:
        def ask(target: Target, log: list[str]) -> list[tuple[Problem, str]]:
            address, port, timeout = self._at(target)
            facts = proxycheck.log_in(address, port, target.password or "", timeout)
            log.append(f"INFO  logged in to {address}:{port} as {proxycheck.USER}")
            found = []
            if problem := self._version(target, facts, log):
                found.append((Problem.VERSION, problem))
            if problem := self._start_mode(facts, log):
                found.append((Problem.PRECONDITION, problem))
            return found

        return self._each(ask)

    def _sync(self) -> Finding:
        """Overwrite the proxy's settings with the cluster's."""
        seen = self._log_in()
        if seen.problem:
            return seen
        wanted = of_cluster(self._cluster.parameters)

        def ask(target: Target, log: list[str]) -> None:
            address, port, timeout = self._at(target)
            changed = proxycheck.change(address, port, target.password or "", wanted, timeout)
            log += [f"INFO  {address}:{port}: set {name} to {wanted[name]}" for name in changed]
            late = [name for name in changed if need_restart(name)]
            if late:
                log.append(f"WARN  {address}:{port} must be restarted for {', '.join(late)}: the simulator cannot")

        return self._each(ask, [seen.log])

    def _password(self) -> Finding:
        """Set the password of root@proxysys to the cluster's, if it has one."""
        wanted = self._cluster.proxysys_password
        if wanted is None:
            return Finding("")

        def ask(target: Target, log: list[str]) -> None:
            address, port, timeout = self._at(target)
            proxycheck.set_password(address, port, target.password or "", wanted, timeout)
            # A retry cannot use the old password.
            target.password = wanted
            log.append(f"INFO  {address}:{port}: the password of {proxycheck.USER} is the cluster's")

        return self._each(ask)

    def _at(self, target: Target) -> tuple[str, int, float]:
        """Return the address and port of a proxy, and the timeout."""
        return target.host.address, target.proxy.sql_port, self._state.settings.check_timeout

    def _each(self, ask: Ask, log: list[str] | None = None) -> Finding:
        """Call `ask` for every proxy, even if others have problems. It adds to the log and returns the problems."""
        log = log or []
        problems: list[tuple[Problem, str]] = []
        for target in self._targets:
            try:
                problems += ask(target, log) or []
            except (proxycheck.Unreachable, proxycheck.LogInRefused) as failure:
                problems.append((Problem.CANNOT_CONNECT, str(failure)))
        if not problems:
            return Finding("\n".join(log))
        return Finding("\n".join(log), "\n".join(text for _, text in problems), problems[0][0])

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
        if facts.config_url is None or not self._state.settings.check_start_mode:
            log.append("WARN  the OBProxy's start mode was not checked")
            return None
        return preconditions.start_mode(self._state, self._cluster, facts.config_url)
