# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Checks the proxies of a takeover in OCP: in the clusters, and in the tasks of their hosts.

The clusters show all proxies with one request. OCP's list of tasks does not contain hosts, so the tasks of a host are
requested with the list's hostId filter, one host at a time, and therefore only for a few hosts.
"""

from typing import Any, Callable, Dict, List, Optional, Set

from . import api
from .client import Client
from .objects import Cluster, Places
from .plan import Proxy, State, being_taken_over
from .task import FAILED, SUCCESSFUL, TERMINAL, Task
from .tasks import Tasks
from .values import id_of

#: For so many hosts at a time OCP is asked for their tasks, so that the cost does not grow with hosts.
LOOKUPS = 10
#: And so often, in seconds, where that has shown nothing.
ASK_AGAIN = 60


class Watch:
    """What OCP shows about the proxies that one cluster should manage."""

    def __init__(self, client: Client, cluster_id: int, proxies: List[Proxy], tasks: Tasks) -> None:
        self.client = client
        self.cluster_id = cluster_id
        self.proxies = proxies
        self.tasks = tasks
        self._before: Set[Optional[int]] = set()
        self._seen: Set[Optional[int]] = set()
        self._asked: Dict[Proxy, Optional[str]] = {}
        self._fruitless = 0
        self._ask_again = 0.0
        self._taking_over = 0

    def in_state(self, *states: State) -> List[Proxy]:
        return [proxy for proxy in self.proxies if proxy.state in states]

    @property
    def unsuccessful(self) -> List[Task]:
        """The tasks that are takeovers of these proxies and failed or were rolled back."""
        ours = {proxy.task.id for proxy in self.proxies if proxy.task and proxy.taken}
        return [task for task in self.tasks if task.id in ours and (task.status == FAILED or task.rolled_back)]

    def read(self, clusters: List[Cluster]) -> None:
        """Notes what OCP's clusters show about each proxy."""
        self._taking_over = being_taken_over(clusters)
        places = Places(clusters)
        for proxy in self.proxies:
            proxy.read(places, self.cluster_id)

    def look(self) -> List[Cluster]:
        """Gets OCP's clusters, and notes what they show."""
        clusters = api.clusters(self.client)
        self.read(clusters)
        return clusters

    def remember_tasks(self) -> bool:
        """Notes which tasks run before anything is posted; whether there are more than the takeovers account for."""
        self._before = {id_of(task) for task in api.running_tasks(self.client)}
        self._seen = set(self._before)
        return len(self._before) > self._taking_over

    def new_tasks(self) -> bool:
        """Whether tasks run that this was not asked about before."""
        running = {id_of(task) for task in api.running_tasks(self.client)}
        new = running - self._seen
        self._seen |= running
        return bool(new)

    def find_running(self, proxies: List[Proxy]) -> List[Proxy]:
        """Asks for the tasks that run on the hosts of proxies, of a few of them; those for which one was found.

        For a proxy whose POST was not answered only a takeover counts that did not run before.
        """
        return self._find(_sample(proxies), self._running)

    def find_takeovers(self, proxies: List[Proxy]) -> List[Proxy]:
        """Asks for the tasks of takeovers that are under way, where they are not known, of a few of them.

        OCP may show none by the host. So each is asked for once, and then some of them now and then.
        """
        unknown = [proxy for proxy in proxies if proxy.task is None]
        fresh = [proxy for proxy in unknown if self._asked.get(proxy, "") != proxy.status]
        urgent = [proxy for proxy in fresh if not proxy.status or self._fruitless < LOOKUPS]
        if not urgent and self.client.limit.elapsed < self._ask_again:
            return []
        chosen = _sample(urgent or unknown)
        self._ask_again = self.client.limit.elapsed + ASK_AGAIN
        self._asked.update((proxy, proxy.status) for proxy in chosen)
        found = self._find(chosen, _takeover)
        self._fruitless = 0 if found else self._fruitless + len(chosen)
        return found

    def _find(self, proxies: List[Proxy], choose: Callable[..., Optional[Dict[str, Any]]]) -> List[Proxy]:
        for proxy in proxies:
            raw = choose(proxy, api.tasks_of_host(self.client, proxy.host_id))
            if raw is not None:
                proxy.task = self.tasks.add(raw, proxy.host_id)
        return [proxy for proxy in proxies if proxy.task]

    def _running(self, proxy: Proxy, newest: List[Dict[str, Any]]) -> Optional[Dict[str, Any]]:
        running = [raw for raw in newest if raw.get("status") not in TERMINAL]
        if proxy.state is State.UNANSWERED:
            running = [raw for raw in running if _of_proxies(raw) and id_of(raw) not in self._before]
        return running[0] if running else None


def _takeover(proxy: Proxy, newest: List[Dict[str, Any]]) -> Optional[Dict[str, Any]]:
    """The task of a takeover among the newest of its host: it runs, has failed, or its proxy is no longer shown."""
    raw = next(filter(_of_proxies, newest), None)
    return raw if raw and (raw.get("status") != SUCCESSFUL or not proxy.status) else None


def _of_proxies(raw: Dict[str, Any]) -> bool:
    """Whether it may be a takeover: anything else on the host is neither to be followed as one nor to be retried."""
    return "proxy" in str(raw.get("name")).lower()


def _sample(proxies: List[Proxy]) -> List[Proxy]:
    """At most LOOKUPS of them, from the whole range: what one call has begun shows on any of its hosts."""
    step = max(1, len(proxies) // LOOKUPS)
    return proxies[::step][:LOOKUPS]
