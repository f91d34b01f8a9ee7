# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Takes over proxies, exactly once, whatever breaks.

Steps: check what OCP knows about the proxies (plan, watch); post the free ones, all in one call (submission); wait for
the tasks (wait); check again until each proxy has reached a final state. Check mode stops after the first check.
"""

from typing import Any, Dict, List, Optional

from . import api
from .client import Client
from .confirmation import Confirmation
from .errors import OcpError
from .messages import count, failure_of
from .objects import Cluster, find_cluster
from .plan import Proxy, State, find_proxies, members
from .progress import Progress
from .submission import Submission
from .task import FAILED, ROLLBACK, Task
from .tasks import Tasks
from .wait import follow
from .watch import LOOKUPS, Watch

#: After so many seconds a proxy is posted again whose host something else uses that OCP does not show, while others are
#: being taken over.
BUSY_PAUSE = 30
#: The states in which a run continues.
OPEN = (State.FREE, State.BUSY, State.POSTED, State.JOINED)
#: What the first line says about the proxies in each state.
ANNOUNCED = {
    State.POSTED: "taking over %s",
    State.JOINED: "joining the takeover of %s",
    State.BUSY: "waiting for other tasks before the takeover of %s",
}


class Takeover:
    """One takeover of many proxies into one cluster. result() shows at any time how far it has come.

    client: its limit applies to the whole run. wanted: dicts with host_id or host, sql_port, proxysys_password.
    retries: how often to retry a failed task in OCP. interval: the longest pause between two checks, in seconds.
    progress: gets the lines to show (see progress.py).
    """

    def __init__(
        self,
        client: Client,
        cluster_id: Optional[int],
        cluster_name: Optional[str],
        wanted: List[Dict[str, Any]],
        progress: Progress,
        retries: int = 0,
        interval: float = 5,
    ) -> None:
        self.tasks = Tasks(client)
        self.proxies: List[Proxy] = []
        self._client = client
        self._progress = progress
        self._interval = interval
        self._ref = (cluster_name, cluster_id)
        self._wanted = wanted
        self._cluster: Optional[Cluster] = None
        self._retries = retries
        self._retries_left: Dict[int, int] = {}
        self._retried = False
        self._predicted = False
        self._before: List[str] = []
        self._after: Optional[List[str]] = None
        self._announced: List[Proxy] = []
        self._started = client.limit.elapsed
        self._post_again = 0.0

    def run(self, check: bool = False, wait: bool = True) -> Dict[str, Any]:
        """Checks and, unless in check mode, applies. Returns the result. An OcpError has the partial result as
        `result`."""
        try:
            self.look()
            if check:
                self._predicted = True
            else:
                self.apply(wait)
        except OcpError as error:
            error.result = self.result()
            raise
        return self.result()

    def look(self) -> None:
        """Reads what OCP knows of the cluster and the proxies."""
        clusters = api.clusters(self._client)
        self._cluster = find_cluster(clusters, *self._ref)
        self.proxies = find_proxies(api.hosts(self._client), self._wanted)
        for proxy in self.proxies:
            self._progress.label(proxy.host_id, proxy.address or proxy.name or str(proxy.host_id))
        self._before = members(clusters, self._cluster.id)
        self._watch = Watch(self._client, self._cluster.id, self.proxies, self.tasks)
        self._watch.read(clusters)

    def apply(self, wait: bool = True) -> None:
        """Takes over what is not managed."""
        watch = self._watch
        submission = Submission(watch, self._interval, self._progress, wait)
        confirmation = Confirmation(watch, self._interval, self._progress)
        free = watch.in_state(State.FREE)
        if free and watch.remember_tasks() and len(free) <= LOOKUPS:
            # Other tasks run. On a few hosts one sees which; on many OCP's refusal shows it for less.
            found = watch.find_running(free)
            if found:
                watch.look()  # it may be a takeover that began meanwhile
            for proxy in found:
                if proxy.state is State.FREE:
                    proxy.move(State.BUSY)
        first = True
        while watch.in_state(*OPEN):
            submission.post(watch.in_state(State.FREE))
            for proxy in watch.find_takeovers(watch.in_state(State.POSTED, State.JOINED)):
                task = proxy.task
                if first and task and task.status == FAILED and not proxy.posted:
                    # It failed before this run: retried once more, OCP continues it. It takes no second one.
                    self._retries_left.setdefault(task.id, self._retries + 1)
            first = False
            self._announce()
            self._progress.looked(self.tasks)
            self._retry_failed()
            if not wait:
                self._check_busy(submission)
                break
            self._wait()
            self._after = members(confirmation.look(submission.busy), watch.cluster_id)
        self._judge(submission)

    def result(self) -> Dict[str, Any]:
        """What the module returns. After a failure, the partial result."""
        found = self._cluster
        cluster = {"id": found.id, "name": found.name} if found else None
        hosts = [
            dict(
                proxy.host,
                sql_port=proxy.sql_port,
                cluster=cluster,
                outcome="would_take_over" if self._predicted and proxy.state is not State.MANAGED else proxy.outcome,
                task_id=proxy.task.id if proxy.task else None,
            )
            for proxy in self.proxies
        ]
        after = self._after
        if after is None:
            new = {proxy.label for proxy in self.proxies if self._predicted and proxy.state is not State.MANAGED}
            after = sorted(set(self._before) | new)
        return {
            "changed": self._retried
            or any(proxy.posted for proxy in self.proxies)
            or any(host["outcome"] in ("taken_over", "submitted", "would_take_over") for host in hosts),
            "cluster": cluster and found and dict(cluster, work_mode=found.work_mode),
            "hosts": hosts,
            "tasks": self.tasks.public(),
            "elapsed": round(self._client.limit.elapsed - self._started, 1),
            "diff": {"before": {"obproxies": self._before}, "after": {"obproxies": after}},
        }

    def _announce(self) -> None:
        """Says what is being done, with the ids of its tasks: the first line of a run."""
        parts, shown = [], False
        for state, words in ANNOUNCED.items():
            new = [proxy for proxy in self._watch.in_state(state) if proxy not in self._announced]
            self._announced += new
            shown = shown or any(proxy.task for proxy in new)
            if new:
                parts.append(words % count(new))
        if parts:
            text = "%s into cluster %s" % (", ".join(parts), self._cluster and self._cluster.label)
            text = text[0].upper() + text[1:]
            if shown:
                self._progress.doing(text)
            else:
                self._progress.say(text)

    def _check_busy(self, submission: Submission) -> None:
        """Without a wait, a proxy whose host something else uses cannot be taken over: an error says so."""
        for proxy in self._watch.in_state(State.BUSY):
            if proxy.task is None:
                raise submission.busy or OcpError("conflict", "Something else uses the host of %s." % proxy.label)
            raise OcpError(
                "conflict",
                "Another task is in progress on the host of %s: %d (%s)."
                % (proxy.label, proxy.task.id, proxy.task.name),
                host=proxy.host,
                task=self.tasks.reference(proxy.task),
                next="Run again when it has ended, or with wait: true.",
            )

    def _judge(self, submission: Submission) -> None:
        """Raises the error for what did not succeed."""
        tasks, unanswered = self._watch.unsuccessful, submission.unanswered
        if not self._watch.in_state(State.UNANSWERED):
            unanswered = None
        if tasks:
            self.tasks.read_logs()
            error = failure_of(tasks, self.tasks, self._host_of)
            if unanswered:
                error.message += " " + unanswered.message
            raise error
        if unanswered:
            raise unanswered

    def _host_of(self, task: Task) -> Optional[Dict[str, Any]]:
        return next((proxy.host for proxy in self.proxies if proxy.task is task), None)

    def _wait(self) -> None:
        while True:
            self._post_again = self._client.limit.elapsed + BUSY_PAUSE
            follow(
                self._client,
                self.tasks,
                self._interval,
                self._progress,
                until=lambda: not self.tasks.unfinished or self._to_be_posted,
            )
            if not self._retry_failed():
                return

    @property
    def _to_be_posted(self) -> bool:
        """Whether a proxy whose host was in use can be posted now: its task has ended, or it is time to try again."""
        busy = self._watch.in_state(State.BUSY)
        late = self._client.limit.elapsed >= self._post_again
        return any(late if proxy.task is None else proxy.task.ended for proxy in busy)

    def _retry_failed(self) -> bool:
        """Retries what failed, as often as allowed. Returns whether there was anything to retry."""
        retried = False
        for task in self._watch.unsuccessful:
            left = self._retries_left.get(task.id, self._retries)
            if left <= 0 or task.status != FAILED or task.operation == ROLLBACK:
                continue
            self._retries_left[task.id] = left - 1
            self._progress.say("Task %d failed. Retrying it in OCP." % task.id)
            self.tasks.retry(task)
            retried = self._retried = True
        return retried
