# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All that the simulator holds, in one place: the world, its tasks, who asked what, and the faults in force."""

from __future__ import annotations

from .auth import Gate
from .clock import Clock, stamp
from .faults import FaultBook
from .journal import Accepted, Journal
from .ratelimit import Limiter
from .tasks import templates
from .tasks.engine import Engine
from .tasks.factory import Factory
from .tasks.faults import TaskFault
from .tasks.model import Task
from .tasks.operations import Operations
from .work.base import Work
from .work.takeover import TakeOver, Target
from .world import Host, ObproxyCluster, Proxy, User, World, WorldTask


class Simulation:
    """Everything here runs in the server's one event loop: nothing needs a lock."""

    def __init__(self, world: World, seed: int = 0) -> None:
        self.seed = seed
        self.public_url = ""
        self.clock = Clock()
        self.engine = Engine(self.clock)
        self.operations = Operations(self.engine, self.clock)
        self.reset(world)

    def reset(self, world: World) -> None:
        """Begin anew with this world: tasks, journals, faults, blocks and the time of the old one are gone."""
        self.engine.clear()
        # What one test did to the time must not make another's signatures too old.
        self.clock.reset()
        self.world = world
        self.gate = Gate(world, self.clock)
        self.limiter = Limiter(self.clock)
        self.journal = Journal()
        self.faults = FaultBook(world.faults, self.seed)
        self.factory = Factory(world, self.seed)
        self._next_proxy = 1 + max((p.id or 0 for c in world.obproxy_clusters for p in c.obproxies), default=0)
        now = self.clock.now()
        for cluster in world.obproxy_clusters:
            cluster.created = cluster.created or now
            cluster.updated = cluster.updated or now
        # Those with an id of their own first, so that no other is given it.
        for task in sorted(world.tasks, key=lambda task: task.id is None):
            self._begin(task, now)

    @property
    def settings(self):
        return self.world.settings

    def host(self, host_id: int) -> Host | None:
        return next((host for host in self.world.hosts if host.id == host_id), None)

    def cluster(self, cluster_id: int) -> ObproxyCluster | None:
        return next((cluster for cluster in self.world.obproxy_clusters if cluster.id == cluster_id), None)

    def new_proxy(self, host: Host, sql_port: int, **more) -> Proxy:
        proxy = Proxy(id=self._next_proxy, host=host.id, sql_port=sql_port, **more)
        self._next_proxy += 1
        return proxy

    def start(self, template: templates.Template, work: Work, user: User, hosts: list[Host]) -> Task:
        task = self.factory.make(template, work, user, hosts, self.clock.now())
        self.engine.add(task)
        return task

    def take_over(self, cluster: ObproxyCluster, targets: list[Target], user: User) -> Task:
        """One task that takes over all of these."""
        work = TakeOver(self.world, cluster, targets)
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

    def managed(self) -> dict[int, tuple[ObproxyCluster, Proxy]]:
        """Hosts with a proxy that a cluster manages or is taking over."""
        return {
            proxy.host_id: (cluster, proxy) for cluster in self.world.obproxy_clusters for proxy in cluster.obproxies
        }

    def busy(self) -> dict[int, Task]:
        """Hosts that a running task concerns."""
        return {number: task for task in self.engine.all() if task.status == "RUNNING" for number in task.host_ids}

    def order(self, fault: TaskFault) -> TaskFault:
        return self.factory.order(fault)

    def _begin(self, spec: WorldTask, now: float) -> None:
        """A task of the world file, as if somebody else had started it."""
        host = self.host(spec.host) if isinstance(spec.host, int) else None
        hosts = [host] if host else []
        work: Work = Work()
        if host and isinstance(spec.cluster, int):
            cluster = self.cluster(spec.cluster)
            assert cluster is not None
            proxy = self.new_proxy(host, spec.sql_port, status="TAKINGOVER", operate_status="OPERATING")
            work = TakeOver(self.world, cluster, [Target(host, proxy, None)])
            work.enter()
        template = templates.TAKE_OVER._replace(name=spec.name)
        task = self.factory.make(template, work, self.world.users[0], hosts, now, spec.id)
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
            failed.note(now, f"ERROR {spec.log or 'failed before the simulator began'}")
            task.status, task.finished = "FAILED", now
        self.engine.add(task)
        if spec.status == "SUCCESSFUL":
            self.engine.advance()
