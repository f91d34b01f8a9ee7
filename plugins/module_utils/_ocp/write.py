# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A write that happens at most once: after a lost answer, its effect is looked for and nothing is posted again."""

from typing import Any, Callable

from .client import Client
from .errors import OcpError
from .progress import Progress
from .wait import look_until

#: How long OCP may take, in seconds, to show a write that it has accepted, and one that it never answered.
SHOWN_WITHIN = 10
SEARCH_FOR = 30


def write_once(
    call: Callable[[], Any], shown: Callable[[], bool], client: Client, progress: Progress, interval: float
) -> None:
    """Carries out a write and checks until OCP shows it.

    call: the write. shown: checks OCP and returns whether it shows the effect of the write. Raises the error of a write
    that OCP does not show, or that it refused.
    """
    within = SHOWN_WITHIN
    lost = None
    try:
        call()
    except OcpError as error:
        if not error.maybe_done:
            raise
        lost = error
        # After a refusal with a server error, OCP is checked once. After a lost answer, OCP may begin later.
        within = SEARCH_FOR if error.unanswered else 0
        if error.unanswered:
            progress.say("%s Checking whether OCP does it anyway." % error.message)
    if look_until(shown, client.limit, within, interval):
        return
    if lost is None:
        raise OcpError(
            "protocol",
            "OCP accepted a change, but has not shown it for %d s." % within,
            next="Check it in OCP, then run this again.",
        )
    if lost.unanswered:
        lost.message += " OCP does not show that it was done."
        lost.next = "Run this again. It checks OCP first, and does only what is still missing."
    raise lost
