# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All data of the simulator: the state, the tasks, the journal of requests, and the active faults."""

from __future__ import annotations

import math
from typing import Any

from .auth import Gate
from .clock import Clock, stamp
from .faults import FaultBook
from .journal import Accepted, Journal
from .ratelimit import Limiter
from .services.base import Work
from .services.takeover import TakeOver, Target
from .settings import Refusal, Settings
from .state import ExistingTask, Host, ObproxyCluster, Proxy, State, User
from .tasks import templates
from .tasks.engine import Engine
from .tasks.factory import Factory
from .tasks.faults import TaskFault
from .tasks.model import Task
from .tasks.operations import Operations

# Tasks of other users are older than all tasks that are started here.
FIRST_OTHER = 32001


class Simulation:
    """All data of the simulator. It is used only in the server's event loop, so it needs no locks."""

    def __init__(self, state: State, seed: int = 0) -> None:
        self.seed = seed
        self.public_url = ""
        self.clock = Clock()
        self.engine = Engine(self.clock)
        self.operations = Operations(self.engine, self.clock)
        self.reset(state)

    def reset(self, state: State) -> None:
        """Start over with this state. Discard the tasks, journals, faults, blocks and clock changes of the old one."""
        self.engine.clear()
        # Clock changes of one test must not make the signatures of another test too old.
        self.clock.reset()
        self.state = state
        self.gate = Gate(state, self.clock)
        self.limiter = Limiter(self.clock)
        self.journal = Journal()
        self.faults = FaultBook(state.faults, self.seed)
        self.factory = Factory(state, self.seed)
        self._next_proxy = 1 + max((p.id or 0 for c in state.obproxy_clusters for p in c.obproxies), default=0)
        self._next_other = FIRST_OTHER
        self._next_host = self._next_cluster = 0
        now = self.clock.now()
        for cluster in state.obproxy_clusters:
            cluster.created = cluster.created or now
            cluster.updated = cluster.updated or now
        # Tasks with a given ID first, so that no other task gets that ID.
        self.other_tasks()
        for task in sorted(state.tasks, key=lambda task: task.id is None):
            self._begin(task, now)

    @property
    def settings(self) -> Settings:
        return self.state.settings

    def host(self, host_id: int) -> Host | None:
        return next((host for host in self.state.hosts if host.id == host_id), None)

    def cluster(self, cluster_id: int) -> ObproxyCluster | None:
        return next((cluster for cluster in self.state.obproxy_clusters if cluster.id == cluster_id), None)

    def new_proxy(self, host: Host, sql_port: int, **more: Any) -> Proxy:
        proxy = Proxy(id=self._next_proxy, host=host.id, sql_port=sql_port, **more)
        self._next_proxy += 1
        return proxy

    def next_cluster_id(self) -> int:
        self._next_cluster = max([self._next_cluster, *(each.id or 0 for each in self.state.obproxy_clusters)]) + 1
        return self._next_cluster

    def next_host_id(self) -> int:
        """Return an ID that no host has had before. A host that is added again gets a new ID."""
        self._next_host = max([self._next_host, *(host.id or 0 for host in self.state.hosts)]) + 1
        return self._next_host

    def start(self, template: templates.Template, work: Work, user: User, hosts: list[Host]) -> Task:
        task = self.factory.make(template, work, user, hosts, self.clock.now())
        self.engine.add(task)
        return task

    def take_over(self, cluster: ObproxyCluster, targets: list[Target], user: User) -> Task:
        """Start one task that takes over all of these targets."""
        work = TakeOver(self.state, cluster, targets)
        work.enter()
        cluster.updated = self.clock.now()
        task = self.start(templates.TAKE_OVER, work, user, [target.host for target in targets])
        for target in targets:
            self.journal.takeovers.append(
                Accepted(
                    cluster=cluster.name,
                    cluster_id=cluster.id,
                    host_id=target.host.id,
                    address=target.host.address,
                    sql_port=target.proxy.sql_port,
                    task_id=task.id,
                    time=stamp(self.clock.now()),
                    password_given=bool(target.password),
                )
            )
        return task

    def next_refusal(self) -> Refusal | None:
        """Return the refusal that the settings order for this takeover, or None to start it."""
        for refusal in self.settings.takeover_refusals:
            if refusal.calls is None:
                return refusal
            if refusal.calls:
                refusal.calls -= 1
                return refusal
        return None

    def managed(self) -> dict[int, tuple[ObproxyCluster, Proxy]]:
        """Return the hosts with a proxy that a cluster manages or is taking over."""
        return {
            proxy.host_id: (cluster, proxy) for cluster in self.state.obproxy_clusters for proxy in cluster.obproxies
        }

    def busy(self) -> dict[int, Task]:
        """Return the hosts of running tasks."""
        return {number: task for task in self.engine.all() if task.status == "RUNNING" for number in task.host_ids}

    def order(self, fault: TaskFault) -> TaskFault:
        return self.factory.order(fault)

    def other_tasks(self) -> None:
        """Adjust the number of running tasks of other users to the settings."""
        running = [task for task in self.engine.all() if task.foreign and task.status == "RUNNING"]
        for task in running[self.settings.other_tasks :]:
            task.gone = True
        for n in range(len(running), self.settings.other_tasks):
            template = templates.OTHERS[n % len(templates.OTHERS)]
            now = self.clock.now()
            task = self.factory.make(template, Work(), self.state.users[0], [], now, self._next_other, faulty=False)
            self._next_other += 1
            task.foreign, task.type, task.cluster_name, task.seconds = True, "SCHEDULED", "obcluster", math.inf
            first, second, *_ = task.subtasks
            first.status, first.started, first.finished = "SUCCESSFUL", now, now
            task.start(task.plan[1:], now)
            second.status, second.started = "RUNNING", now
            self.engine.add(task)

    def _begin(self, spec: ExistingTask, now: float) -> None:
        """Create a task of the state file, as if another user had started it."""
        host = self.host(spec.host) if isinstance(spec.host, int) else None
        hosts = [host] if host else []
        work: Work = Work()
        if host and isinstance(spec.cluster, int):
            cluster = self.cluster(spec.cluster)
            assert cluster is not None
            proxy = self.new_proxy(host, spec.sql_port, status="TAKINGOVER", operate_status="OPERATING")
            work = TakeOver(self.state, cluster, [Target(host, proxy, None)])
            work.enter()
        template = templates.TAKE_OVER._replace(name=spec.name)
        task = self.factory.make(template, work, self.state.users[0], hosts, now, spec.id)
        task.cluster_name = spec.cluster_name
        task.fault = spec.task_fault or task.fault
        done = len(task.subtasks) if spec.status == "SUCCESSFUL" else spec.subtask - 1
        for subtask in task.subtasks[:done]:
            subtask.status, subtask.started, subtask.finished = "SUCCESSFUL", now, now
        task.start(task.subtasks[done:], now)
        if spec.seconds is not None:
            left = max(1, len(task.plan))
            task.seconds = spec.seconds * len(task.subtasks) / left
        if spec.status == "FAILED":
            failed = task.plan[0]
            failed.status, failed.started, failed.finished = "FAILED", now, now
            task.log_context(failed, now)
            failed.note(now, f"ERROR {spec.log or 'failed before the simulator began'}")
            task.status, task.finished = "FAILED", now
        self.engine.add(task)
        if spec.status == "SUCCESSFUL":
            self.engine.advance()
