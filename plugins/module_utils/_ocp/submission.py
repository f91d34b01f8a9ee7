# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Posts a takeover so that each proxy is posted at most once.

After a lost answer, the takeover is looked for and not posted again. After a refusal, OCP is checked once: if someone
else's takeover was faster, it is joined. If something else uses a host, the others are posted without it.
"""

from typing import Dict, List, Optional

from . import api
from .errors import OcpError
from .messages import named
from .plan import Proxy, State
from .progress import Progress
from .task import Task
from .wait import look_until
from .watch import Watch

#: How long OCP may take to answer a takeover, and to begin one that it did not answer, in seconds: it may check each
#: proxy before. For each call, and for each proxy of it.
ANSWER_WITHIN = (60, 2)
#: How often to retry a conflict (409) that OCP does not explain.
CONFLICTS = 5


class Submission:
    """The POSTs of a takeover into one cluster.

    watch: checks the proxies. interval: the longest pause between two checks, in seconds. progress: gets the lines to
    show (see progress.py). wait: whether there is time to try again.
    """

    def __init__(self, watch: Watch, interval: float, progress: Progress, wait: bool = True) -> None:
        self._watch = watch
        self._client = watch.client
        self._interval = interval
        self._progress = progress
        self._conflicts_left = CONFLICTS if wait else 0
        #: The error of a POST with an unknown result.
        self.unanswered: Optional[OcpError] = None
        #: OCP's last refusal because something else uses a host.
        self.busy: Optional[OcpError] = None

    def post(self, free: List[Proxy]) -> None:
        """Posts free proxies, all in one call, unless OCP refuses that because of one of them."""
        groups = [free] if free else []
        looked = False
        while groups:
            group = [proxy for proxy in groups.pop(0) if proxy.state is State.FREE]
            if not group:
                continue
            try:
                # At most half of the run's time. The rest is needed to look for what was not answered.
                timeout = min(answer_within(group), self._client.limit.remaining / 2)
                raws = api.take_over(self._client, self._watch.cluster_id, group, timeout)
            except OcpError as error:
                if error.unanswered:
                    self._search(group, error)
                elif not error.busy:
                    groups.insert(0, group)
                    self._refused(group, error)
                elif not looked:
                    looked = True
                    groups.insert(0, group)
                    self._watch.look()
                    if all(proxy.state is State.FREE for proxy in group):
                        groups[:1] = self._without_busy(group, error)
                else:
                    groups[:0] = self._without_busy(group, error)
            else:
                _assign(group, [self._watch.tasks.add(raw) for raw in raws])

    def _without_busy(self, group: List[Proxy], error: OcpError) -> List[List[Proxy]]:
        """What to post after OCP refused a group because something else uses a host: each half, until the host is
        found."""
        self.busy = error
        if len(group) > 1:
            middle = len(group) // 2
            return [group[:middle], group[middle:]]
        proxy = group[0]
        proxy.move(State.BUSY)
        self._watch.find_running([proxy])
        error.host = proxy.host
        self._progress.say("%s Waiting until the host of %s is free." % (error.message, proxy.label))
        return []

    def _refused(self, group: List[Proxy], error: OcpError) -> None:
        """Checks once after a refusal. Returns if there is a reason to continue, and raises the error otherwise."""
        if not error.maybe_done and error.kind not in ("conflict", "rejected"):
            raise error
        self._watch.look()
        if self._watch.new_tasks():
            for proxy in self._watch.find_running([proxy for proxy in group if proxy.state is State.FREE]):
                proxy.move(State.BUSY)
        if any(proxy.state is not State.FREE for proxy in group):
            return
        if error.kind == "conflict" and self._conflicts_left > 0 and not self._client.limit.expired:
            self._conflicts_left -= 1
            self._progress.say("%s Trying again in %d s." % (error.message, self._interval))
            self._client.limit.pause(self._interval)
            return
        error.next = error.next or "OCP has not taken over any proxy. Fix what it names, then run this again."
        raise error

    def _search(self, group: List[Proxy], error: OcpError) -> None:
        """Looks for a takeover that was posted without an answer: it may run anyway, or begin later."""
        for proxy in group:
            proxy.move(State.UNANSWERED)
        self._progress.say("%s Checking whether the takeover has started." % error.message)
        try:
            look_until(lambda: self._all_seen(group), self._client.limit, answer_within(group), self._interval)
        except OcpError as later:
            raise _unknown(error, later) from None
        unseen = [proxy for proxy in group if proxy.state is State.UNANSWERED]
        if unseen:
            labels = named([proxy.label for proxy in unseen])
            error.message += " OCP does not show yet that the takeover of %s has started; it may still begin." % labels
            error.host = unseen[0].host
            error.next = (
                "Check these proxies in OCP, or run this again after a while. It checks OCP first, and takes over "
                "only what is neither managed nor being taken over by then."
            )
            self.unanswered = error

    def _all_seen(self, group: List[Proxy]) -> bool:
        """Checks OCP once. Returns whether it shows what happened to each proxy."""
        self._watch.look()
        unseen = [proxy for proxy in group if proxy.state is State.UNANSWERED]
        if unseen and self._watch.new_tasks():
            for proxy in self._watch.find_running(unseen):
                proxy.move(State.POSTED)
                unseen.remove(proxy)
        return not unseen


def answer_within(group: List[Proxy]) -> float:
    """How long OCP may take to answer the takeover of these proxies, or to begin it, in seconds."""
    return ANSWER_WITHIN[0] + ANSWER_WITHIN[1] * len(group)


def _assign(group: List[Proxy], tasks: List[Task]) -> None:
    """Gives each proxy its task: the one of its host, or the only one there is. Nothing goes by position."""
    of_host: Dict[Optional[int], List[Task]] = {}
    for task in tasks:
        of_host.setdefault(task.host_id, []).append(task)
    for proxy in group:
        proxy.move(State.POSTED)
        mine = of_host.get(proxy.host_id)
        if mine:
            # Two proxies of one host have a task each.
            proxy.task = mine.pop() if len(mine) > 1 else mine[0]
        elif len(tasks) == 1:
            proxy.task = tasks[0]


def _unknown(error: OcpError, later: OcpError) -> OcpError:
    """The error of a search that failed itself, together with the lost answer."""
    later.message = "%s It is unknown whether the takeover has started: %s" % (error.message, later.message)
    later.next = " ".join(filter(None, [later.next, "Run this again. It checks OCP before it takes over anything."]))
    return later
