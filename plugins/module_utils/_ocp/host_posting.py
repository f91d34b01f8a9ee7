# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Posts hosts to OCP so that each is posted at most once.

After a lost answer, the hosts are looked for and not posted again. If OCP refuses one host, it refuses the whole call,
so the others are posted without it.
"""

import re
from typing import Any, Callable, Dict, List, Optional

from . import api
from .client import Client
from .errors import OcpError
from .host_plan import NewHost, State
from .messages import named
from .progress import Progress
from .tasks import Tasks
from .wait import look_until

#: The maximum number of hosts in one call.
MOST = 50
#: How long OCP may take to answer a call, and to show hosts that it did not answer for, in seconds: it may log in to
#: each host before. For each call, and for each host of it.
ANSWER_WITHIN = (60, 2)
#: The codes with which OCP refuses a call because of one of its hosts.
OF_ONE_HOST = frozenset(
    each.format(number)
    for number in (7002, 7015, 7016, 7017, 7018, 7020, 7021, 7022, 7023, 7026, 7036)
    for each in ("{}", "CMP0{}")
)
EXISTS = ("7001", "CMP07001")
#: After this many refused hosts, the others are not tried, since they would fail for the same reason.
MOST_REFUSED = 10


class Posting:
    """The POSTs of hosts. body: the common part of OCP's calls. look: reads OCP's hosts."""

    def __init__(
        self,
        client: Client,
        body: Dict[str, Any],
        tasks: Tasks,
        look: Callable[[], None],
        progress: Progress,
        interval: float,
    ) -> None:
        self._client = client
        self._body = body
        self._tasks = tasks
        self._look = look
        self._progress = progress
        self._interval = interval
        self._refused = 0
        #: The error of a POST with an unknown result.
        self.unanswered: Optional[OcpError] = None

    def post(self, free: List[NewHost]) -> None:
        """Posts hosts that OCP does not have."""
        groups = [free[at : at + MOST] for at in range(0, len(free), MOST)]
        while groups:
            group = [host for host in groups.pop(0) if host.state is State.FREE]
            if not group:
                continue
            data = [{"innerIpAddress": host.word} for host in group]
            body = dict(self._body, hostBasicDataList=data)
            timeout = min(answer_within(group), self._client.limit.remaining / 2)
            try:
                raws = api.add_hosts(self._client, body, timeout)
            except OcpError as error:
                if error.unanswered:
                    self._search(group, error)
                else:
                    groups[:0] = self._without_refused(group, error)
            else:
                for raw in raws:
                    self._tasks.add(raw)
                for host in group:
                    host.move(State.POSTED)

    def _without_refused(self, group: List[NewHost], error: OcpError) -> List[List[NewHost]]:
        """What to post after a refusal: the group without the hosts that it concerns."""
        if error.code in EXISTS or error.maybe_done:
            self._look()
            left = [host for host in group if host.state is State.FREE]
            if len(left) < len(group):
                return [left]
        if error.code not in OF_ONE_HOST:
            raise error
        words = set(re.findall(r"[0-9.]*[0-9]", error.message))
        bad = [host for host in group if host.word in words]
        if bad and len(bad) < len(group):
            self._refuse(bad, error)
            return (
                [[host for host in group if host not in bad]] if self._refused < MOST_REFUSED else self._give_up(group)
            )
        if len(group) > 1 and self._refused < MOST_REFUSED:
            middle = len(group) // 2
            return [group[:middle], group[middle:]]
        self._refuse(group, error)
        return []

    def _give_up(self, group: List[NewHost]) -> List[List[NewHost]]:
        last = next(host.refusal for host in group if host.refusal)
        self._refuse([host for host in group if host.state is State.FREE], last)
        return []

    def _refuse(self, hosts: List[NewHost], error: OcpError) -> None:
        self._refused += len(hosts)
        for host in hosts:
            host.move(State.FAILED)
            host.refusal = error

    def _search(self, group: List[NewHost], error: OcpError) -> None:
        """Looks for hosts that were posted without an answer: OCP may add them anyway, or later."""
        for host in group:
            host.move(State.UNANSWERED)
        self._progress.say("%s Checking whether OCP adds the hosts." % error.message)

        def unseen() -> List[NewHost]:
            return [host for host in group if host.state is State.UNANSWERED]

        def all_seen() -> bool:
            self._look()
            return not unseen()

        if look_until(all_seen, self._client.limit, answer_within(group), self._interval):
            return
        left = unseen()
        error.message += " OCP does not show %s yet; it may still add them." % named([host.word for host in left])
        error.host = left[0].as_host
        error.next = (
            "Run this again after a while. It checks OCP first, and adds only the hosts that are still missing."
        )
        self.unanswered = error


def answer_within(group: List[NewHost]) -> float:
    """How long OCP may take to answer the call for these hosts, or to begin it, in seconds."""
    return ANSWER_WITHIN[0] + ANSWER_WITHIN[1] * len(group)
