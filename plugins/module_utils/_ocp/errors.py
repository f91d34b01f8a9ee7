# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What can go wrong with OCP: one exception that is a message for people and data for playbooks."""

from typing import Any, Dict, Optional

from .codes import BUSY, cure

#: Each value that `failure.kind` of a failed result can have.
KINDS = (
    "connection",  # OCP cannot be reached, closed the connection, or answered with an unexplained server error (5xx)
    "tls",  # the certificate is not trusted, or TLS could not be agreed on
    "authentication",  # OCP does not accept the user or key (401)
    "permission",  # the user may not do this (403)
    "not_found",  # OCP has no such cluster, host, proxy or task
    "conflict",  # something else prevents it: another cluster's proxy, another task (409)
    "rejected",  # an option or a request is refused for its content (400)
    "task_failed",  # OCP's task ended as FAILED
    "timeout",  # a time limit was reached before the result was known
    "protocol",  # the answer is not from OCP's API
)


class OcpError(Exception):
    """A failure that has been understood well enough to say what to do about it.

    kind: one of KINDS. message: names the object, what was found and what was expected. host, task, subtask: dicts with
    what is known of them. log: the end of the failed subtask's log. next: what to do; by default, the cure for `code`
    (see codes.py). code: OCP's error.code as a string. status: the HTTP status. result: the partial result, to be
    returned with the failure. maybe_done: true for a write that OCP may have carried out: its answer never came (see
    `unanswered`), or OCP refused it with a server error (5xx) and a code, and may have begun before.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        host: Optional[Dict[str, Any]] = None,
        task: Optional[Dict[str, Any]] = None,
        subtask: Optional[Dict[str, Any]] = None,
        log: Optional[str] = None,
        next: Optional[str] = None,
        code: Optional[str] = None,
        status: Optional[int] = None,
        maybe_done: bool = False,
    ) -> None:
        super().__init__(message)
        if kind not in KINDS:
            raise ValueError("no such kind of failure: %r" % (kind,))
        self.kind = kind
        self.message = message
        self.host = host
        self.task = task
        self.subtask = subtask
        self.log = log
        self.next = next or cure(code)
        self.code = code
        self.status = status
        self.maybe_done = maybe_done
        self.result: Dict[str, Any] = {}

    @property
    def unanswered(self) -> bool:
        """Whether this is a write that OCP may have carried out without an answer that says so."""
        return self.maybe_done and self.kind in ("connection", "protocol")

    @property
    def busy(self) -> bool:
        """Whether something else is using the host, so that the request can be repeated later."""
        return self.code in BUSY

    @property
    def failure(self) -> Dict[str, Any]:
        """The `failure` of a module's result: always with the same keys."""
        return {
            "kind": self.kind,
            "message": self.message,
            "host": self.host,
            "task": self.task,
            "subtask": self.subtask,
            "log": self.log,
            "next": self.next,
        }

    def __str__(self) -> str:
        """Everything a user needs in one text: what failed, the end of the log, what to do."""
        parts = [self.message]
        if self.log:
            parts.append("The end of its log:\n" + self.log)
        if self.next:
            parts.append(self.next)
        return "\n".join(parts) if self.log else " ".join(parts)
