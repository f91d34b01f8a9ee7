# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Creates and changes an OBProxy cluster, exactly once, whatever breaks.

OCP's answer to the creation of a cluster lacks its id, and its tasks do not name the cluster. Its name is unique in
OCP, so the name decides: a listed cluster exists, and a name that is taken but not listed belongs to a cluster that is
being created.
"""

from typing import Any, Dict, List, Optional, Set

from . import api
from .cluster import ANSWER_WITHIN, ClusterRun
from .cluster_plan import Write, raw_links
from .errors import OcpError
from .objects import Cluster
from .progress import HEARTBEAT
from .values import id_of
from .wait import look_until
from .write import SHOWN_WITHIN, write_once

#: The codes with which OCP says that a name is taken.
NAME_TAKEN = ("1006", "COM10006")


class ClusterPresent(ClusterRun):
    """An OBProxy cluster that should exist as requested."""

    def _apply(self, check: bool, wait: bool) -> None:
        if self._before is None:
            self._make(check, wait)
        else:
            self._adapt(self._before, check)

    def _make(self, check: bool, wait: bool) -> None:
        body = self._wanted.body()
        if check:
            self._changed = True
            self._after = self._wanted.predicted(None)
            return
        running = {id_of(raw) for raw in self._running()}
        timeout = min(ANSWER_WITHIN, self._client.limit.remaining / 2)
        try:
            raws = api.create_cluster(self._client, body, timeout)
        except OcpError as error:
            self._made_all_the_same(error, running, wait)
            return
        self._changed = True
        self._follow(raws, "Creating the OBProxy cluster %s" % self._wanted.name, wait)
        if not wait:
            self._after = self._look() or self._wanted.predicted(None)
        elif not look_until(self._listed, self._client.limit, SHOWN_WITHIN, self._interval):
            raise self._contradiction("does not list")

    def _made_all_the_same(self, error: OcpError, before: Set[Optional[int]], wait: bool) -> None:
        """After a creation that was refused or not answered, checks whether OCP creates the cluster anyway."""
        taken = error.code in NAME_TAKEN
        if not taken and not error.maybe_done:
            raise error
        self._changed = error.unanswered
        if taken:
            # An earlier run that was interrupted, or someone else, began it.
            self._progress.say("OCP already has the name %s. Waiting until it lists the cluster." % self._wanted.name)
            before = set()
        elif error.unanswered:
            self._progress.say("%s Checking whether OCP creates the cluster." % error.message)
        if taken and not wait:
            self._changed = True
            self._after = self._look() or self._wanted.predicted(None)
            return
        if not self._appears(before, ANSWER_WITHIN if error.unanswered else SHOWN_WITHIN if taken else 0):
            raise self._not_made(error, taken)
        self._changed = True
        if self._after:
            self._adapt(self._after, check=False)

    def _appears(self, before: Set[Optional[int]], within: float) -> bool:
        """Waits until OCP lists the cluster, and this many seconds after the last task that may be creating it."""
        limit, pause = self._client.limit, 0.5
        said = since = limit.elapsed
        while not self._listed():
            if any(id_of(raw) not in before for raw in self._running()):
                since = limit.elapsed
            elif limit.elapsed - since >= within:
                return False
            if limit.expired:
                return False
            if limit.elapsed - said >= HEARTBEAT:
                said = limit.elapsed
                self._progress.say("OCP does not list the OBProxy cluster %s yet." % self._wanted.name)
            limit.pause(max(pause, self._client.pace))
            pause = min(pause * 2, self._interval)
        return True

    def _listed(self) -> bool:
        found = self._look()
        self._after = found or self._after
        return found is not None

    def _running(self) -> List[Dict[str, Any]]:
        """The tasks that may be creating a cluster."""
        return [raw for raw in api.running_tasks(self._client) if "proxy" in str(raw.get("name")).lower()]

    def _not_made(self, error: OcpError, taken: bool) -> OcpError:
        if taken:
            error.message += (
                " However, OCP lists no OBProxy cluster of this name. The task that creates it may have failed."
            )
            error.next = (
                "Look for the task with obops.oceanbase.ocp_task_info, name: obproxy and status: [FAILED]. Fix the "
                "cause and retry it with obops.oceanbase.ocp_task, or roll it back and run this again."
            )
        elif error.unanswered:
            error.message += " OCP does not show yet that it is creating the cluster; it may still begin."
            error.next = "Check the OBProxy clusters in OCP, or run this again after a while. It checks OCP first."
        return error

    def _adapt(self, cluster: Cluster, check: bool) -> None:
        writes = self._wanted.writes(cluster)
        if check:
            self._changed = bool(writes)
            self._after = self._wanted.predicted(cluster)
            return
        for write in writes:
            self._write(cluster.id, write)
            self._changed = True

    def _write(self, cluster_id: int, write: Write) -> None:
        def call() -> None:
            if write.what == "add_links":
                api.add_ob_links(self._client, cluster_id, raw_links(write.about))
            elif write.what == "remove_link":
                api.remove_ob_link(self._client, cluster_id, write.about)
            else:
                api.change_cluster(self._client, cluster_id, write.about)

        def done() -> bool:
            found = self._after if self._listed() else None
            return found is not None and write.done(found)

        write_once(call, done, self._client, self._progress, self._interval)
