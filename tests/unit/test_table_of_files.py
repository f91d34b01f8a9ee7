# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide "How it works" names every file that holds logic, and none that is gone."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "how-it-works.md").read_text()
#: A folder's heading, and the rows of its table.
SECTION = re.compile(r"^### `(plugins/[\w/]+)`.*?$(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
NAMED = {folder: re.findall(r"^\| `(\w+)` \|", rows, re.MULTILINE) for folder, rows in SECTION.findall(GUIDE)}
FOLDERS = sorted(
    {
        str(file.parent.relative_to(ROOT))
        for where in ("module_utils", "plugin_utils")
        for file in (ROOT / "plugins" / where).rglob("*.py")
    }
)


def test_every_folder_with_logic_has_a_table_and_no_other():
    assert sorted(NAMED) == FOLDERS, "each needs a heading like: ### `plugins/module_utils/_ocp`: talking to OCP"


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folders_table_names_each_of_its_files_once(folder):
    there = [file.stem for file in (ROOT / folder).glob("*.py") if file.stem != "__init__"]
    named = NAMED.get(folder, [])
    missing = sorted(set(there) - set(named))
    assert not missing, f"docs/how-it-works.md has no row for these files of {folder}: {', '.join(missing)}"
    gone = sorted(set(named) - set(there))
    assert not gone, f"docs/how-it-works.md has rows for files that are not in {folder}: {', '.join(gone)}"
    assert len(named) == len(set(named))
