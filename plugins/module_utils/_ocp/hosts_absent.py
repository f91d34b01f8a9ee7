# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Deletes hosts from OCP. A host on which OCP manages a proxy is not deleted."""

from typing import Any, Dict, List

from . import api
from .client import Client
from .errors import OcpError
from .host_plan import named_hosts
from .messages import named
from .objects import DELETING, Host, Places, hosts_called
from .progress import Progress
from .write import write_once


class HostsAbsent:
    """Hosts that should not be in OCP. client: its limit applies to the whole run. words: their addresses or names."""

    def __init__(self, client: Client, words: List[str], progress: Progress, interval: float = 5) -> None:
        self._client = client
        self._words = words
        self._progress = progress
        self._interval = interval
        self._there: List[Host] = []
        self._left: List[Host] = []
        self._changed = False
        self._check = False
        self._started = client.limit.elapsed

    def run(self, check: bool = False) -> Dict[str, Any]:
        """The result of ocp_host. An OcpError contains the partial result."""
        self._check = check
        try:
            self._words = [host.word for host in named_hosts(self._words)]
            self._there = self._left = self._look()
            self._refuse_managed()
            if self._there and check:
                self._changed, self._left = True, []
            elif self._there:
                self._delete()
        except OcpError as error:
            error.result = self.result()
            raise
        return self.result()

    def result(self) -> Dict[str, Any]:
        left = {host.id for host in self._left}
        rows = []
        for word in self._words:
            mine = hosts_called(self._there, word)
            gone = "would_remove" if self._check else "removed"
            rows += [
                {
                    "host_id": host.id,
                    "address": host.address,
                    "name": host.name,
                    "status": host.status if host.id in left else None,
                    "outcome": "failed" if host.id in left else gone,
                    "task_id": None,
                }
                for host in mine
            ] or [
                {
                    "host_id": None,
                    "address": word,
                    "name": None,
                    "status": None,
                    "outcome": "already_absent",
                    "task_id": None,
                }
            ]
        return {
            "changed": self._changed,
            "hosts": rows,
            "tasks": [],
            "elapsed": round(self._client.limit.elapsed - self._started, 1),
            "diff": {"before": {"hosts": _lines(self._there)}, "after": {"hosts": _lines(self._left)}},
        }

    def _look(self) -> List[Host]:
        """The hosts that OCP has, except for those that it is deleting."""
        there = api.hosts(self._client)
        found: List[Host] = []
        for word in self._words:
            mine = hosts_called(there, word)
            if len(mine) > 1:
                raise OcpError(
                    "rejected",
                    "hosts: %s matches %d hosts in OCP: %s." % (word, len(mine), named([host.label for host in mine])),
                    next="Specify each by its address.",
                )
            found += [host for host in mine if host not in found and host.status != DELETING]
        return found

    def _refuse_managed(self) -> None:
        if not self._there:
            return
        places = Places(api.clusters(self._client))
        managed = [(host, places.on_host([host.id], [host.address])) for host in self._there]
        managed = [(host, mine) for host, mine in managed if mine]
        if managed:
            host = managed[0][0]
            raise OcpError(
                "conflict",
                "OCP manages proxies on %s." % named(["%s (%s)" % (h.address, m[0].cluster.label) for h, m in managed]),
                host={"host_id": host.id, "address": host.address, "name": host.name},
                next="Omit these hosts. Deleting a proxy in OCP stops and uninstalls it.",
            )

    def _delete(self) -> None:
        ids = [host.id for host in self._there]

        def gone() -> bool:
            self._left = [host for host in self._look() if host.id in ids]
            self._changed = self._changed or len(self._left) < len(ids)
            return not self._left

        try:
            write_once(lambda: api.delete_hosts(self._client, ids), gone, self._client, self._progress, self._interval)
        except OcpError as error:
            self._changed = self._changed or error.unanswered
            raise


def _lines(hosts: List[Host]) -> List[str]:
    return sorted("%s (%s)" % (host.address, host.status) for host in hosts)
