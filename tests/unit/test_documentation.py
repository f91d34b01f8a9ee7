# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that a user may encounter is documented in the guides."""

import re
from pathlib import Path

from ansible_collections.obops.oceanbase.plugins.module_utils._blockers import ocp, texts
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.errors import KINDS
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.plan import TRANSITIONS, State
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet import blockers

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "when-a-takeover-fails.md").read_text()
ROWS = re.findall(r"^\| `(\w+)` \|", GUIDE, re.MULTILINE)


def test_every_kind_of_failure_is_explained_and_no_other():
    assert set(KINDS) == set(ROWS)


def test_every_blocker_is_in_the_roles_readme_in_the_words_of_the_code():
    readme = (ROOT / "roles" / "obproxy" / "README.md").read_text()
    rows = [line for line in readme.splitlines() if re.match(r"\| `\w+` \| .* \| .* \| .* \|$", line)]
    tables = (texts.ROLE, texts.TAKEOVER, ocp.TEXTS)
    expected = [row(name, *entry) for table in tables for name, entry in table.items()]
    assert rows == expected, "these are the rows:\n" + "\n".join(expected)


def test_every_blocker_of_a_fleet_is_in_the_guide_in_the_words_of_the_code():
    guide = (ROOT / "docs" / "fleet.md").read_text()
    rows = [line for line in guide.splitlines() if re.match(r"\| `\w+` \| .* \| .* \| .* \|$", line)]
    assert rows == [row(name, *entry) for name, entry in blockers.TEXTS.items()]


def test_each_name_is_of_one_blocker():
    assert not (texts.ROLE.keys() | texts.TAKEOVER.keys() | ocp.TEXTS.keys()) & blockers.TEXTS.keys()
    assert not texts.ROLE.keys() & texts.TAKEOVER.keys()
    assert not (texts.ROLE.keys() | texts.TAKEOVER.keys()) & ocp.TEXTS.keys()


def row(name, *entry):
    """Return a row of a table, with placeholders in italics."""
    cells = (re.sub(r"\{(\w+)\}", r"*\1*", text) for text in entry)
    return f"| `{name}` | " + " | ".join(cells) + " |"


def test_the_diagram_of_a_takeovers_states_shows_the_transitions_of_the_code():
    drawn = re.findall(r"^ +(\w+) --> (\w+)", (ROOT / "docs" / "how-it-works.md").read_text(), re.MULTILINE)
    names = set(State.__members__)
    allowed = {(state.name, then.name) for state, following in TRANSITIONS.items() for then in following}
    assert {(start, end) for start, end in drawn if start in names} == allowed
