# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""One OBProxy cluster that should exist or not exist: what both cases have in common."""

from typing import Any, Dict, List, Optional

from . import api
from .client import Client
from .cluster_plan import Wanted, shown
from .errors import OcpError
from .objects import Cluster, clusters_called, find_cluster, public
from .progress import Progress
from .tasks import Tasks
from .wait import follow, judge

#: How long OCP may take, in seconds, to answer a call that starts a task, or to show an unanswered one.
ANSWER_WITHIN = 60


class ClusterRun:
    """The run of a module for one OBProxy cluster.

    client: its limit applies to the whole run. progress: gets the lines to show (see progress.py). interval: the
    longest pause between two checks, in seconds.
    """

    def __init__(self, client: Client, wanted: Wanted, progress: Progress, interval: float = 5) -> None:
        self.tasks = Tasks(client)
        self._client = client
        self._wanted = wanted
        self._progress = progress
        self._interval = interval
        self._before: Optional[Cluster] = None
        self._after: Optional[Cluster] = None
        self._changed = False
        self._started = client.limit.elapsed

    def run(self, check: bool = False, wait: bool = True) -> Dict[str, Any]:
        """The result of ocp_obproxy_cluster. An OcpError contains the partial result."""
        try:
            self._before = self._after = self._look()
            self._apply(check, wait)
        except OcpError as error:
            error.result = self.result()
            raise
        return self.result()

    def result(self) -> Dict[str, Any]:
        return {
            "changed": self._changed,
            "cluster": public(self._after) if self._after else None,
            "tasks": self.tasks.public(),
            "elapsed": round(self._client.limit.elapsed - self._started, 1),
            "diff": {"before": shown(self._before), "after": shown(self._after)},
        }

    def _apply(self, check: bool, wait: bool) -> None:
        raise NotImplementedError

    def _look(self) -> Optional[Cluster]:
        """The cluster of this name as OCP lists it."""
        clusters = api.clusters(self._client)
        if not clusters_called(clusters, self._wanted.name):
            return None
        return find_cluster(clusters, self._wanted.name)

    def _follow(self, raws: List[Dict[str, Any]], doing: str, wait: bool) -> None:
        """Shows the tasks in OCP's answer, and waits for them to end."""
        for raw in raws:
            self.tasks.add(raw)
        self._progress.doing(doing)
        self._progress.looked(self.tasks)
        if not wait:
            return
        follow(self._client, self.tasks, self._interval, self._progress)
        try:
            judge(self.tasks, [task for task in self.tasks if task.rolled_back])
        except OcpError as error:
            if any(task.rolled_back for task in self.tasks) or error.kind != "task_failed" or not error.task:
                raise
            # Another run does not join it, since OCP's tasks do not name the cluster.
            error.next = (
                "Fix the cause, then retry it with obops.oceanbase.ocp_task, operation: retry and task_id: %d, or use "
                "operation: rollback and run this again. The task is at %s." % (error.task["id"], error.task["url"])
            )
            raise

    def _contradiction(self, words: str) -> OcpError:
        """The error for a task that has ended and a list that does not show it."""
        return OcpError(
            "protocol",
            "OCP %s the OBProxy cluster %s, although its task has ended." % (words, self._wanted.name),
            task=self.tasks.reference(next(iter(self.tasks))),
            next="Check the task in OCP, then run this again.",
        )
