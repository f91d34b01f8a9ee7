# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a user may meet is in the guides."""

import re
from pathlib import Path

from ansible_collections.obops.oceanbase.plugins.module_utils import _blockers
from ansible_collections.obops.oceanbase.plugins.module_utils._errors import KINDS
from ansible_collections.obops.oceanbase.plugins.plugin_utils import _preconditions

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "when-a-takeover-fails.md").read_text()
ROWS = re.findall(r"^\| `(\w+)` \|", GUIDE, re.MULTILINE)


def test_every_kind_of_failure_is_explained_and_no_other():
    assert set(KINDS) == set(ROWS)


def test_every_blocker_is_in_the_roles_readme_in_the_words_of_the_code():
    readme = (ROOT / "roles" / "obproxy" / "README.md").read_text()
    rows = [line for line in readme.splitlines() if re.match(r"\| `\w+` \| .* \| .* \| .* \|$", line)]
    expected = [row(name, *texts) for name, texts in {**_blockers.TEXTS, **_preconditions.TEXTS}.items()]
    assert rows == expected, "these are the rows:\n" + "\n".join(expected)


def row(name, *texts):
    """What is filled in stands in italics."""
    cells = (re.sub(r"\{(\w+)\}", r"*\1*", text) for text in texts)
    return f"| `{name}` | " + " | ".join(cells) + " |"
