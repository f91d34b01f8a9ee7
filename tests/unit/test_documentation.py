# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a user may meet is in the guides."""

import re
from pathlib import Path

from ansible_collections.obops.oceanbase.plugins.module_utils._errors import KINDS

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "when-a-takeover-fails.md").read_text()
ROWS = re.findall(r"^\| `(\w+)` \|", GUIDE, re.MULTILINE)


def test_every_kind_of_failure_is_explained():
    assert set(KINDS) <= set(ROWS)


def test_every_blocker_is_explained_and_no_other():
    sources = [
        ROOT / "plugins" / "module_utils" / "_blockers.py",
        ROOT / "plugins" / "plugin_utils" / "_preconditions.py",
    ]
    names = {name for file in sources for name in re.findall(r"blocker\(\s*\"(\w+)\"", file.read_text())}
    assert len(names) > 15
    assert names == set(ROWS) - set(KINDS)
