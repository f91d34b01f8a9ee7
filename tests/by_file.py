# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A pytest-xdist plugin for `make test` (`-p tests.by_file`) that groups tests and decides which start first.

The tests of a file share hosts, so one worker runs them in order. (xdist's own `--dist loadgroup` could group them by
marks, but xdist 3.8 does not find the marks with pytest 9.2.)
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

#: Each test in these files has its own hosts.
ALONE = ("tests/integration/lab/test_molecule.py",)

#: Takes minutes. If it started last, the other workers would be idle.
FIRST = "tests/integration/test_documents.py"


class ByFile(LoadFileScheduling):
    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return nodeid if file in ALONE else file


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(FIRST))


def pytest_xdist_make_scheduler(config: Any, log: Any) -> ByFile:
    return ByFile(config, log)
