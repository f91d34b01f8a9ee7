# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The hosts to add to OCP, and the state of each. Pure: sends no requests to OCP."""

from enum import Enum
from ipaddress import IPv4Address
from typing import Any, Dict, Iterable, List, Optional

from .errors import OcpError
from .objects import DELETING, Host, hosts_called
from .task import Task
from .values import comparable

#: The status of a host that OCP is adding, or has failed to add.
NEW = "NEW"
ONLINE = "ONLINE"


class State(Enum):
    """The state of a host."""

    FREE = "OCP does not have it, so that it may be posted"
    POSTED = "this run posted it, and OCP is adding it"
    UNANSWERED = "this run posted it and got no answer; OCP may add it, now or later"
    JOINED = "OCP is adding it already, at the call of an earlier run or of someone else"
    THERE = "OCP has it"
    FAILED = "OCP refused it, or its task failed or was rolled back"


#: The states in which OCP adds a host, or may do so.
UNDER_WAY = (State.POSTED, State.UNANSWERED, State.JOINED)


class NewHost:
    """A host that should be in OCP."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.state = State.FREE
        self.host: Optional[Host] = None
        self.task: Optional[Task] = None
        #: OCP's refusal of this host.
        self.refusal: Optional[OcpError] = None
        #: Whether OCP was adding it at any time of this run.
        self.taken = False

    def move(self, state: State) -> None:
        self.state = state
        self.taken = self.taken or state in UNDER_WAY

    def read(self, hosts: List[Host]) -> None:
        """Notes what OCP's hosts show about it. Raises an error if OCP is deleting it."""
        found = hosts_called(hosts, self.word)
        if len(found) > 1:
            raise OcpError(
                "rejected",
                "hosts: %s matches %d hosts in OCP." % (self.word, len(found)),
                next="Specify it by its address.",
            )
        self.host = found[0] if found else None
        if self.host is None:
            return
        if self.host.status == DELETING:
            raise OcpError(
                "conflict",
                "OCP is deleting the host %s." % self.host.label,
                host=self.as_host,
                next="Wait until it is gone, then run this again.",
            )
        if self.state is State.FAILED:
            return
        if self.host.status != NEW:
            self.move(State.THERE)
        elif self.state is State.FREE:
            self.move(State.JOINED)
        elif self.state is State.UNANSWERED:
            self.move(State.POSTED)

    @property
    def address(self) -> str:
        return (self.host.address if self.host else None) or self.word

    @property
    def outcome(self) -> str:
        if self.state is State.THERE:
            return "added" if self.taken else "already_added"
        return "submitted" if self.state in UNDER_WAY else "failed"

    @property
    def as_host(self) -> Dict[str, Any]:
        """The host as part of a failure."""
        host = self.host
        return {"host_id": host.id if host else None, "address": self.address, "name": host.name if host else None}


def named_hosts(words: Iterable[str]) -> List[NewHost]:
    """The hosts that are named, each once."""
    by_key = {comparable(word): word.strip() for word in reversed(list(words))}
    if None in by_key:
        raise OcpError("rejected", "hosts: an entry is empty.", next="Remove it.")
    found = [NewHost(word) for word in reversed(list(by_key.values()))]
    if not found:
        raise OcpError("rejected", "hosts is empty.", next="Specify at least one host.")
    return found


def check_addresses(hosts: Iterable[NewHost]) -> None:
    """Raises an error for hosts that OCP cannot add, since it accepts only IPv4 addresses."""
    wrong = [host.word for host in hosts if not _is_ipv4(host.word)]
    if wrong:
        raise OcpError(
            "rejected",
            "hosts: %s is not an IPv4 address, and OCP has no host of this name." % ", ".join(wrong),
            next="OCP adds hosts by IPv4 address. Specify each new host by its IPv4 address.",
        )


def _is_ipv4(word: str) -> bool:
    try:
        return bool(IPv4Address(word))
    except ValueError:
        return False


def lines_of(hosts: Iterable[NewHost], predicted: bool = False) -> List[str]:
    """The hosts that OCP has, for a diff. predicted: the hosts that it will have."""
    lines = []
    for host in hosts:
        if predicted and host.state is not State.THERE:
            lines.append("%s (%s)" % (host.address, ONLINE))
        elif host.host:
            lines.append("%s (%s)" % (host.address, host.host.status))
    return sorted(lines)
