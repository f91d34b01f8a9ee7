# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Checks what happened to proxies when their tasks have ended, until OCP's cluster shows it."""

from typing import Dict, List, Optional

from .errors import OcpError
from .messages import count, named
from .objects import TAKING_OVER, Cluster
from .plan import Proxy, State
from .progress import HEARTBEAT, Progress
from .watch import Watch

#: How often to look for a proxy whose task has ended in its cluster before its absence counts as an error.
CONFIRMATIONS = 5


class Confirmation:
    """The checks of the cluster. The cluster, not a task, determines whether a proxy is managed.

    watch: checks the proxies. interval: the longest pause between two checks, in seconds. progress: gets the lines to
    show (see progress.py).
    """

    def __init__(self, watch: Watch, interval: float, progress: Progress) -> None:
        self._watch = watch
        self._limit = watch.client.limit
        self._interval = interval
        self._progress = progress
        self._looks = 0
        self._absent: Dict[Proxy, int] = {}
        self._said = 0.0

    def look(self, busy: Optional[OcpError]) -> List[Cluster]:
        """One check, and a pause if another one is needed. Returns the clusters.

        busy: OCP's last refusal, raised if the time is over and a host is still in use.
        """
        clusters = self._watch.look()
        unsuccessful = self._watch.unsuccessful
        for proxy in self._watch.in_state(State.POSTED, State.JOINED):
            if proxy.task in unsuccessful:
                proxy.move(State.FAILED)
        for proxy in self._watch.in_state(State.BUSY):
            if proxy.task is None or proxy.task.ended:
                proxy.task = None
                proxy.move(State.FREE)
        waiting = self._watch.in_state(State.POSTED, State.JOINED)
        free = self._watch.in_state(State.FREE)
        if (waiting or free) and not self._watch.tasks.unfinished:
            self._give_up(waiting, free, busy)
            self._say_what_is_awaited(waiting)
            self._limit.pause(min(2**self._looks, self._interval))
            self._looks += 1
        return clusters

    def _give_up(self, waiting: List[Proxy], free: List[Proxy], busy: Optional[OcpError]) -> None:
        """Raises an error when waiting longer would show nothing new, or the time is over."""
        absent = [proxy for proxy in waiting if proxy.status != TAKING_OVER]
        for proxy in absent:
            self._absent[proxy] = self._absent.get(proxy, 0) + 1
        lost = [proxy for proxy in absent if self._absent[proxy] >= CONFIRMATIONS or self._limit.expired]
        if lost and not free and len(lost) == len(waiting):
            raise self._contradiction(lost[0])
        if not self._limit.expired:
            return
        shown = [proxy for proxy in waiting if proxy.status == TAKING_OVER]
        if shown:
            raise self._too_late(shown)
        if busy:
            busy.message += " This was tried for %d s (wait_timeout)." % self._limit.seconds
            raise busy

    def _say_what_is_awaited(self, waiting: List[Proxy]) -> None:
        """Writes a line now and then, since no followed task shows that the wait continues."""
        shown = [proxy for proxy in waiting if proxy.status == TAKING_OVER]
        if shown and (not self._said or self._limit.elapsed - self._said >= HEARTBEAT):
            self._said = self._limit.elapsed
            self._progress.say("OCP's cluster still shows %s as TAKINGOVER. Waiting for this to end." % count(shown))

    def _too_late(self, shown: List[Proxy]) -> OcpError:
        task = next((proxy.task for proxy in shown if proxy.task), None)
        return OcpError(
            "timeout",
            "After %d s (wait_timeout), OCP's cluster still shows %d of %d proxies as TAKINGOVER: %s."
            % (
                self._limit.seconds,
                len(shown),
                len(self._watch.proxies),
                named([_with_task(proxy) for proxy in shown]),
            ),
            host=shown[0].host,
            task=self._watch.tasks.reference(task) if task else None,
            next="OCP continues with it. Run this again to join it, or check the cluster's proxies in OCP.",
        )

    def _contradiction(self, proxy: Proxy) -> OcpError:
        """The error for a proxy whose task and cluster contradict each other for good."""
        return OcpError(
            "protocol",
            "OCP's cluster does not have the proxy %s, although it was being taken over." % _with_task(proxy),
            host=proxy.host,
            task=self._watch.tasks.reference(proxy.task) if proxy.task else None,
            next="Check the proxy in OCP, then run this again.",
        )


def _with_task(proxy: Proxy) -> str:
    if proxy.task is None:
        return "%s (no task found)" % proxy.label
    state = "no longer known to OCP" if proxy.task.gone else proxy.task.status
    return "%s (task %d %s)" % (proxy.label, proxy.task.id, state)
