# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Counts the events that AWX would store for each host, and writes the counts to the file in AWX_EVENTS."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: awx_events
type: notification
short_description: Counts events as AWX does
description: Counts for each host what AWX makes an event of.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "awx_events"

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()

    def v2_runner_on_start(self, host: Any, task: Any) -> None:
        self.counts[host.get_name()] += 1

    def v2_runner_on_ok(self, result: Any) -> None:
        host = getattr(result, "host", None) or result._host
        self.counts[host.get_name()] += 1

    v2_runner_on_skipped = v2_runner_on_unreachable = v2_runner_on_ok
    v2_runner_item_on_ok = v2_runner_item_on_skipped = v2_runner_item_on_failed = v2_runner_retry = v2_runner_on_ok

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self.v2_runner_on_ok(result)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        Path(os.environ["AWX_EVENTS"]).write_text(json.dumps(self.counts))
