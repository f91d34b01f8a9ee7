# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Deletes an empty OBProxy cluster. OCP would uninstall the proxies of any other, so that is refused."""

from . import api
from .cluster import ANSWER_WITHIN, ClusterRun
from .errors import OcpError
from .messages import count
from .objects import Cluster, some
from .wait import look_until
from .write import SHOWN_WITHIN


class ClusterAbsent(ClusterRun):
    """An OBProxy cluster that should not exist."""

    def _apply(self, check: bool, wait: bool) -> None:
        cluster = self._before
        if cluster is None:
            return
        if cluster.obproxies:
            raise OcpError(
                "conflict",
                "The OBProxy cluster %s has %s, which OCP would stop and uninstall: %s."
                % (cluster.label, count(cluster.obproxies), some([proxy.label for proxy in cluster.obproxies])),
                next="Only an empty cluster can be deleted. To also uninstall the proxies, delete them in OCP first.",
            )
        if check:
            self._changed, self._after = True, None
        else:
            self._delete(cluster, wait)

    def _delete(self, cluster: Cluster, wait: bool) -> None:
        try:
            raws = api.delete_cluster(self._client, cluster.id)
        except OcpError as error:
            if not error.maybe_done and error.kind not in ("not_found", "conflict", "rejected"):
                raise
            self._changed = error.unanswered
            if error.unanswered:
                self._progress.say("%s Checking whether OCP deletes the cluster." % error.message)
            within = ANSWER_WITHIN if error.unanswered else 0
            if look_until(self._gone, self._client.limit, within, self._interval):
                return
            if error.unanswered:
                error.message += " OCP still lists the cluster; it may still delete it."
                error.next = "Run this again after a while. It checks OCP first."
            raise
        self._changed = True
        try:
            self._follow(raws, "Deleting the OBProxy cluster %s" % cluster.label, wait)
        except OcpError as error:
            # It also fails if someone else was faster.
            if error.kind != "task_failed" or not self._gone():
                raise
        if not wait:
            self._after = None
        elif not look_until(self._gone, self._client.limit, SHOWN_WITHIN, self._interval):
            raise self._contradiction("still lists")

    def _gone(self) -> bool:
        """Whether OCP no longer lists the cluster. A new one of the same name is a different cluster."""
        found = self._look()
        gone = found is None or self._before is None or found.id != self._before.id
        self._after = None if gone else found
        return gone
