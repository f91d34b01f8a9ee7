# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Taking proxies over, exactly once, whatever breaks.

The course of it: look what OCP knows of the proxies (_plan); post those that nothing concerns yet, all in one call
(_submission); join the tasks that run for the others; wait (_wait); look again. Check mode stops after the first look.
"""

from . import _api, _plan
from ._errors import OcpError
from ._submission import Submission
from ._task import FAILED, TERMINAL
from ._tasks import Tasks
from ._wait import failure_of, wait_for

#: How often a proxy whose task has ended is looked for in its cluster before that counts as an error.
CONFIRMATIONS = 5


class Takeover:
    """One takeover of many proxies into one cluster. result() tells at any time how far it has come.

    client: its limit bounds the whole. wanted: dicts with host_id or host, sql_port, proxysys_password.
    retries: how often a failed task is retried through OCP. interval: the longest pause between two looks, seconds.
    progress: is told what happens (see _progress).
    """

    def __init__(self, client, cluster_id, cluster_name, wanted, progress, retries=0, interval=5):
        self.client = client
        self.progress = progress
        self.interval = interval
        self.tasks = Tasks(client)
        self.proxies = []
        self._ref = (cluster_id, cluster_name)
        self._wanted = wanted
        self._cluster = None
        self._retries = retries
        self._retries_left = {}
        self._before = []
        self._after = None
        self._started = client.limit.elapsed

    def run(self, check=False, wait=True):
        """Plans and, unless it is a check, applies; the result. An OcpError has the partial result as `result`."""
        try:
            self.plan()
            if check:
                self.predict()
            else:
                self.apply(wait)
        except OcpError as error:
            error.result = self.result()
            raise
        return self.result()

    @property
    def cluster_id(self):
        return _api.id_of(self._cluster)

    @property
    def left(self):
        """The proxies that are not managed yet and may still come to be."""
        return [proxy for proxy in self.proxies if not proxy.managed and proxy.outcome is None]

    def plan(self):
        """Looks what OCP knows, by nothing but GETs; returns itself."""
        clusters = _api.clusters(self.client)
        self._cluster = _plan.find_cluster(clusters, *self._ref)
        self.proxies = _plan.find_proxies(_api.hosts(self.client), self._wanted)
        for proxy in self.proxies:
            self.progress.label(proxy.host_id, proxy.address or proxy.name)
        self._before = _plan.members(clusters, self.cluster_id)
        self.read_states(clusters)
        for proxy in self.proxies:
            if proxy.managed:
                proxy.outcome = "already_managed"
        if self.left:
            # What is being taken over shows so in its cluster. Any other running task may concern one of the proxies.
            unexplained = len(_api.running_tasks(self.client)) > _plan.being_taken_over(clusters)
            self.join([proxy for proxy in self.left if proxy.status or unexplained], resume=True)
        return self

    def predict(self):
        """Ends a run in check mode: what is not managed would be taken over."""
        for proxy in self.left:
            proxy.outcome = "would_take_over"

    def apply(self, wait=True):
        """Carries the plan out."""
        submission = Submission(self, wait)
        try:
            while self.left:
                submission.post([proxy for proxy in self.left if proxy.free])
                self._retry_failed()
                self.progress.looked(self.tasks)
                if not wait:
                    submission.check()
                    break
                self._wait()
                self._confirm()
        finally:
            # In failure too: what was submitted runs on, what was not has failed.
            for proxy in self.proxies:
                if proxy.outcome is None:
                    proxy.outcome = (
                        "taken_over" if proxy.managed else "submitted" if proxy.submitted or proxy.status else "failed"
                    )
        if self.tasks_failed:
            self.tasks.read_logs()
            raise failure_of(self.tasks_failed, self.tasks, self._host_of)
        if submission.lost:
            raise submission.lost

    def result(self):
        """What the module returns. After a failure too: then what was reached until it."""
        after = self._after
        if after is None:
            new = {proxy.label for proxy in self.proxies if proxy.outcome == "would_take_over"}
            after = sorted(set(self._before) | new)
        return {
            "changed": any(
                proxy.submitted or proxy.outcome in ("taken_over", "submitted", "would_take_over")
                for proxy in self.proxies
            ),
            "cluster": self._cluster
            and {
                "id": self.cluster_id,
                "name": _api.text(self._cluster.get("name")),
                "work_mode": _api.text(self._cluster.get("workMode")),
            },
            "hosts": [proxy.public() for proxy in self.proxies],
            "tasks": self.tasks.public(),
            "elapsed": round(self.client.limit.elapsed - self._started, 1),
            "diff": {"before": {"obproxies": self._before}, "after": {"obproxies": after}},
        }

    def read_states(self, clusters):
        _plan.read_states(clusters, self.cluster_id, self.proxies)

    def join(self, proxies, resume=False):
        """Finds the tasks that concern proxies whose tasks are not known, one host at a time.

        resume: a takeover that has failed before this run is retried once more than `retries` says: OCP goes on with
        it then, and takes no second one.
        """
        for proxy in proxies:
            newest = _api.tasks_of_host(self.client, proxy.host_id)
            raw = next((raw for raw in newest if raw.get("status") not in TERMINAL), None)
            if raw is None and proxy.status and newest and newest[0].get("status") == FAILED:
                raw = newest[0]
                if resume:
                    self._retries_left.setdefault(_api.id_of(raw), self._retries + 1)
            if raw is not None:
                proxy.task = self.tasks.add(raw)

    @property
    def tasks_failed(self):
        """The failed tasks that are takeovers of this run, and not just somebody's on the same host."""
        ours = {proxy.task.id for proxy in self.proxies if proxy.task and (proxy.submitted or proxy.status)}
        return [task for task in self.tasks.failed if task.id in ours]

    def _host_of(self, task):
        return next((proxy.host for proxy in self.proxies if proxy.task is task), None)

    def _wait(self):
        while True:
            wait_for(
                self.tasks,
                self.client.limit,
                self.interval,
                pace=lambda: self.client.pace,
                on_look=lambda: self.progress.looked(self.tasks),
            )
            if not self._retry_failed():
                return

    def _retry_failed(self):
        """Has OCP retry what failed, as often as allowed; whether there was anything to retry."""
        retried = False
        for task in self.tasks_failed:
            left = self._retries_left.get(task.id, self._retries)
            if left <= 0:
                continue
            self._retries_left[task.id] = left - 1
            self.progress.say("Task %d failed: having OCP retry it." % task.id)
            self.tasks.retry(task)
            retried = True
        return retried

    def _confirm(self):
        """Looks how each proxy stands, now that the tasks have ended."""
        for attempt in range(CONFIRMATIONS):
            clusters = _api.clusters(self.client)
            self.read_states(clusters)
            self._after = _plan.members(clusters, self.cluster_id)
            failed = self.tasks_failed
            unclear = []
            for proxy in self.left:
                if proxy.task in failed:
                    proxy.outcome = "failed"
                elif proxy.submitted or proxy.status:
                    unclear.append(proxy)
                else:
                    proxy.task = None  # what ran on its host was no takeover, and is over
            self.join([proxy for proxy in unclear if proxy.task is None])
            if not unclear or self.tasks.unfinished:
                return
            self.client.limit.pause(min(2**attempt, self.interval))
        raise self._unclear(unclear[0])

    def _unclear(self, proxy):
        """The error for a proxy whose state and task contradict each other for good."""
        if proxy.task is None:
            task = "has no task for the proxy"
        else:
            task = "says that task %d is %s" % (proxy.task.id, "unknown" if proxy.task.gone else proxy.task.status)
        return OcpError(
            "protocol",
            "OCP %s, yet its cluster %s %s the proxy %s."
            % (
                task,
                self._cluster.get("name"),
                "shows as %s" % proxy.status if proxy.status else "does not have",
                proxy.label,
            ),
            host=proxy.host,
            task=self.tasks.reference(proxy.task) if proxy.task else None,
            next="Look at the proxy in OCP, then run the same again.",
        )
