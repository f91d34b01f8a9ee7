# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Posting a takeover so that each proxy is posted at most once.

An answer that never came is looked for, not posted again. A refusal that turns out to be somebody else's takeover or
task is joined or waited out.
"""

from . import _api, _plan
from ._answer import TASK_IN_PROGRESS
from ._errors import OcpError
from ._wait import named

#: How long, in seconds, a takeover that was posted and not answered is looked for.
SEARCH_FOR = 30
#: How often a conflict (409) with a code that is not documented, and of which nothing is to be seen, is tried again.
CONFLICTS = 5


class Submission:
    """The POSTs of a takeover (a _takeover.Takeover). lost: the error of proxies whose POST came to nothing."""

    def __init__(self, takeover, wait):
        self._takeover = takeover
        self._client = takeover.client
        self._wait = wait
        self.lost = None
        self._conflicts_left = CONFLICTS

    def post(self, free):
        """Has OCP take over the proxies that nothing concerns yet."""
        if not free:
            return
        proxies = [(proxy.host_id, proxy.sql_port, proxy.password) for proxy in free]
        try:
            raws = _api.take_over(self._client, self._takeover.cluster_id, proxies)
        except OcpError as error:
            if error.maybe_done:
                for proxy in free:
                    proxy.submitted = True  # until it is known better
                try:
                    self._search(free, error)
                except OcpError as later:
                    raise _unknown(error, later) from None
            elif error.kind in ("conflict", "rejected"):
                self._refused(free, error)
            else:
                raise
        else:
            self._assign(free, [self._takeover.tasks.add(raw) for raw in raws])

    def check(self):
        """Without a wait, a proxy on whose host something else runs cannot be taken over: an error says so."""
        for proxy in self._takeover.left:
            if proxy.task and not proxy.submitted and not proxy.status:
                raise OcpError(
                    "conflict",
                    "Another task is in progress on the host of %s: %d (%s)."
                    % (proxy.label, proxy.task.id, proxy.task.name),
                    host=proxy.host,
                    task=self._takeover.tasks.reference(proxy.task),
                    next="Run again when it has ended, or with wait: true.",
                )

    def _assign(self, free, tasks):
        """Gives each proxy its task: the one of its host, or the only one there is. Nothing goes by position."""
        of_host = {}
        for task in tasks:
            of_host.setdefault(task.host_id, []).append(task)
        for proxy in free:
            proxy.submitted = True
            mine = of_host.get(proxy.host_id)
            if mine:
                # Two proxies of one host have a task each.
                proxy.task = mine.pop() if len(mine) > 1 else mine[0]
            elif len(tasks) == 1:
                proxy.task = tasks[0]

    def _search(self, free, error):
        """Looks for a takeover that was posted and not answered: it may run all the same."""
        limit, pause = self._client.limit, 0.5
        self._takeover.progress.say("%s Looking whether the takeover has started." % error.message)
        until = limit.elapsed + SEARCH_FOR
        while True:
            clusters = _api.clusters(self._client)
            self._takeover.read_states(clusters)
            unseen = [proxy for proxy in free if not proxy.status]
            if unseen and len(_api.running_tasks(self._client)) > _plan.being_taken_over(clusters):
                self._takeover.join(unseen)
            unseen = [proxy for proxy in unseen if not proxy.task]
            if not unseen or limit.elapsed > until or limit.expired:
                break
            limit.pause(pause)
            pause = min(pause * 2, self._takeover.interval)
        for proxy in free:
            proxy.submitted = proxy not in unseen
        self._takeover.join([proxy for proxy in free if proxy.status == _plan.TAKING_OVER and not proxy.task])
        for proxy in unseen:
            proxy.outcome = "failed"
        if unseen:
            error.message += " Nothing in OCP shows that the takeover of %s has started." % named(
                [proxy.label for proxy in unseen]
            )
            error.host = unseen[0].host
            error.next = "Run the same again: it looks once more, and takes over what is not managed by then."
            self.lost = error

    def _refused(self, free, error):
        """Goes on after a refusal when somebody else's takeover or task was faster; otherwise raises it."""
        limit = self._client.limit
        self._takeover.read_states(_api.clusters(self._client))
        if error.kind == "conflict" and _api.running_tasks(self._client):
            self._takeover.join([proxy for proxy in free if not proxy.managed])
        if any(proxy.status or proxy.task for proxy in free):
            return
        # From V4.2.2 on the code of "another task is in progress" is a string that is not documented.
        known = error.code == TASK_IN_PROGRESS
        self._conflicts_left -= error.kind == "conflict" and not known
        if not (known or (error.kind == "conflict" and self._conflicts_left > 0)) or not self._wait or limit.expired:
            error.next = error.next or "OCP has taken over nothing: mend what it names, then run the same again."
            raise error
        self._takeover.progress.say("%s Trying again in %d s." % (error.message, self._takeover.interval))
        limit.pause(self._takeover.interval)


def _unknown(error, later):
    """The error of a search that failed itself: neither it nor the lost answer may be left untold."""
    later.message = "%s Whether the takeover has started could not be found out: %s" % (error.message, later.message)
    later.next = " ".join(filter(None, [later.next, "Run the same again: it looks before it takes anything over."]))
    return later
