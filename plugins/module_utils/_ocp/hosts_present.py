# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Adds hosts to OCP, exactly once, whatever breaks.

Steps: check which hosts OCP has; post the others, in one call for up to 50 of them; wait for the tasks; check again
until no host is NEW. A host that is already NEW is being added by an earlier run or by someone else: its task is
joined, and retried once if it has failed.
"""

from typing import Any, Dict, List, Optional, Set

from . import api
from .client import Client
from .errors import OcpError
from .host_plan import NEW, NewHost, State, check_addresses, lines_of, named_hosts
from .host_posting import Posting
from .messages import count, failure_of, named
from .progress import HEARTBEAT, Progress
from .resources import find_idc, find_resource
from .task import FAILED, ROLLBACK, Task
from .tasks import Tasks
from .values import id_of
from .wait import follow

#: For so many hosts at a time OCP is asked for their tasks, and so often, in seconds, where that has shown nothing.
LOOKUPS = 10
ASK_AGAIN = 60
#: How often a host whose task has ended may still be NEW before that counts as an error.
CONFIRMATIONS = 5


class HostsPresent:
    """Hosts that should be in OCP. client: its limit applies to the whole run. options: those of ocp_host."""

    def __init__(self, client: Client, options: Dict[str, Any], progress: Progress, interval: float = 5) -> None:
        self.tasks = Tasks(client)
        self._client = client
        self._options = options
        self._progress = progress
        self._interval = interval
        self._hosts: List[NewHost] = []
        self._before: List[str] = []
        self._check = False
        self._made_idc = False
        self._retried: Set[int] = set()
        self._asked: Set[NewHost] = set()
        self._looks: Dict[NewHost, int] = {}
        self._ask_again = 0.0
        self._said = 0.0
        self._started = client.limit.elapsed

    def run(self, check: bool = False, wait: bool = True) -> Dict[str, Any]:
        """The result of ocp_host. An OcpError contains the partial result."""
        self._check = check
        try:
            self._hosts = named_hosts(self._options["hosts"])
            if self._options.get("alias") and len(self._hosts) > 1:
                raise OcpError(
                    "rejected", "alias is set for %d hosts, but applies to a single host only." % len(self._hosts)
                )
            if not 0 < self._options["ssh_port"] < 65536:
                raise OcpError("rejected", "ssh_port: %d is not a port (1 to 65535)." % self._options["ssh_port"])
            self._look()
            self._before = lines_of(self._hosts)
            free = self._in_state(State.FREE)
            check_addresses(free)
            body = self._body() if free else {}
            if not check:
                self._apply(body, free, wait)
        except OcpError as error:
            error.result = self.result()
            raise
        return self.result()

    def result(self) -> Dict[str, Any]:
        hosts = [
            {
                "host_id": host.host.id if host.host else None,
                "address": host.address,
                "name": host.host.name if host.host else None,
                "status": host.host.status if host.host else None,
                "outcome": "would_add" if self._check and host.state is not State.THERE else host.outcome,
                "task_id": host.task.id if host.task else None,
            }
            for host in self._hosts
        ]
        return {
            "changed": self._made_idc
            or bool(self._retried)
            or any(host.taken for host in self._hosts)
            or any(host["outcome"] == "would_add" for host in hosts),
            "hosts": hosts,
            "tasks": self.tasks.public(),
            "elapsed": round(self._client.limit.elapsed - self._started, 1),
            "diff": {"before": {"hosts": self._before}, "after": {"hosts": lines_of(self._hosts, self._check)}},
        }

    def _in_state(self, *states: State) -> List[NewHost]:
        return [host for host in self._hosts if host.state in states]

    def _look(self) -> None:
        hosts = api.hosts(self._client)
        for host in self._hosts:
            host.read(hosts)
            if host.host:
                self._progress.label(host.host.id, host.address)

    def _body(self) -> Dict[str, Any]:
        """The content of the call apart from the addresses."""
        options, client = self._options, self._client
        idc = find_idc(
            client, options["idc"], options["region"], not self._check, self._progress, self._interval, self._note_idc
        )
        body = {
            "sshPort": options["ssh_port"],
            "kind": options["kind"],
            "idcId": idc,
            "typeId": find_resource(client, "host_type", options["host_type"]),
            "credentialId": find_resource(client, "credential", options["credential"]),
        }
        body.update({key: options[key] for key in ("alias", "description") if options.get(key)})
        return body

    def _note_idc(self) -> None:
        self._made_idc = True

    def _apply(self, body: Dict[str, Any], free: List[NewHost], wait: bool) -> None:
        posting = Posting(self._client, body, self.tasks, self._look, self._progress, self._interval)
        posting.post(free)
        if free:
            self._look()
        self._announce()
        first = True
        while self._in_state(State.POSTED, State.JOINED):
            self._find_tasks()
            if first:
                self._retry_joined()
            first = False
            self._progress.looked(self.tasks)
            if not wait:
                break
            follow(self._client, self.tasks, self._interval, self._progress)
            self._look()
            self._note_failures()
            if self._in_state(State.POSTED, State.JOINED):
                self._await_status()
        self._judge(posting.unanswered)

    def _announce(self) -> None:
        parts = []
        for state, words in ((State.POSTED, "adding %s"), (State.JOINED, "waiting for %s that OCP is already adding")):
            hosts = self._in_state(state)
            if hosts:
                parts.append(words % count(hosts, "host", "hosts"))
        if parts:
            text = ", ".join(parts)
            self._progress.doing(text[0].upper() + text[1:])

    def _find_tasks(self) -> None:
        """Gives hosts their tasks: those of the answers, or for a few hosts at a time those that OCP's list shows."""
        of_host = {task.host_id: task for task in self.tasks if task.host_id is not None}
        for host in self._in_state(State.POSTED, State.JOINED):
            if host.task is None and host.host:
                host.task = of_host.get(host.host.id)
        unknown = [host for host in self._in_state(State.POSTED, State.JOINED) if host.task is None and host.host]
        fresh = [host for host in unknown if host not in self._asked]
        if not fresh:
            # OCP's list may not show them; now and then it is asked again.
            if self._client.limit.elapsed < self._ask_again:
                return
            self._asked.clear()
        self._ask_again = self._client.limit.elapsed + ASK_AGAIN
        for host in (fresh or unknown)[:LOOKUPS]:
            self._asked.add(host)
            host_id = host.host.id if host.host else 0
            newest = api.tasks_of_host(self._client, host_id)
            # Nothing but its addition can concern a host that is NEW.
            if newest:
                host.task = self.tasks.get(id_of(newest[0]) or 0) or self.tasks.add(newest[0], host_id)

    def _retry_joined(self) -> None:
        """Retries once what failed before this run, so that OCP continues with it."""
        for host in self._in_state(State.JOINED):
            task = host.task
            if task and task.status == FAILED and task.operation != ROLLBACK and task.id not in self._retried:
                self._progress.say("Task %d failed earlier. Retrying it in OCP." % task.id)
                self.tasks.retry(task)
                self._retried.add(task.id)

    def _note_failures(self) -> None:
        for host in self._in_state(State.POSTED, State.JOINED):
            if host.task and (host.task.status == FAILED or host.task.rolled_back):
                host.move(State.FAILED)

    def _await_status(self) -> None:
        """A pause before the next look at hosts that are still NEW; an error if more looks would show nothing."""
        waiting, limit = self._in_state(State.POSTED, State.JOINED), self._client.limit
        for host in waiting:
            self._looks[host] = self._looks.get(host, 0) + 1
            if host.task and host.task.ended and self._looks[host] >= CONFIRMATIONS:
                raise OcpError(
                    "protocol",
                    "OCP shows the host %s as %s, although its task %d has ended."
                    % (host.address, host.host.status if host.host else "unknown", host.task.id),
                    host=host.as_host,
                    task=self.tasks.reference(host.task),
                    next="Check the host in OCP, then run this again.",
                )
        if limit.expired:
            raise OcpError(
                "timeout",
                "After %d s (wait_timeout), OCP still shows %d of %d hosts as %s: %s."
                % (limit.seconds, len(waiting), len(self._hosts), NEW, named([host.address for host in waiting])),
                host=waiting[0].as_host,
                next="OCP continues with it. Run this again to join it, or check the hosts in OCP.",
            )
        if not self._said or limit.elapsed - self._said >= HEARTBEAT:
            self._said = limit.elapsed
            self._progress.say("OCP still shows %s as %s." % (count(waiting, "host", "hosts"), NEW))
        limit.pause(max(min(2 ** min(self._looks.values()), self._interval), self._client.pace))

    def _judge(self, unanswered: Optional[OcpError]) -> None:
        """Raises the error for what did not succeed."""
        if not self._in_state(State.UNANSWERED):
            unanswered = None
        refused = [host for host in self._hosts if host.refusal]
        tasks = [host.task for host in self._in_state(State.FAILED) if host.task]
        words = ""
        if refused:
            words = " OCP refused %s: %s." % (
                count(refused, "host", "hosts"),
                named([host.address for host in refused]),
            )
        if tasks:
            self.tasks.read_logs()
            error = failure_of(list(dict.fromkeys(tasks)), self.tasks, self._host_of)
            error.message += words
        elif refused:
            error = refused[0].refusal  # type: ignore[assignment]
            error.message += words
            error.host = refused[0].as_host
        elif unanswered:
            raise unanswered
        else:
            return
        if unanswered:
            error.message += " " + unanswered.message
        raise error

    def _host_of(self, task: Task) -> Optional[Dict[str, Any]]:
        return next((host.as_host for host in self._hosts if host.task is task), None)
