# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide "How it works" names every file that contains logic, and no file that no longer exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "how-it-works.md").read_text()
#: The heading of a folder, and the rows of its table.
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
    there = files_in(folder)
    named = NAMED.get(folder, [])
    missing = sorted(set(there) - set(named))
    assert not missing, f"docs/how-it-works.md has no row for these files of {folder}: {', '.join(missing)}"
    gone = sorted(set(named) - set(there))
    assert not gone, f"docs/how-it-works.md has rows for files that are not in {folder}: {', '.join(gone)}"
    assert len(named) == len(set(named))


#: A package of the picture, and its layers from top to bottom, as the names of their files.
PACKAGE = re.compile(r'^    subgraph (\w+)\["([\w/]+)"\]$(.*?)^    end$', re.MULTILINE | re.DOTALL)
LAYER = re.compile(r'^        \w+\["(?:<b>.*?</b><br/>)?(.*)"\]$', re.MULTILINE)
PICTURE = {
    f"plugins/{package}": [re.split(r", |<br/>", files) for files in LAYER.findall(layers)]
    for name, package, layers in PACKAGE.findall(GUIDE)
}
NAMES = {name: f"plugins/{package}" for name, package, layers in PACKAGE.findall(GUIDE)}
#: The packages that a package uses directly.
USES = {
    folder: {NAMES[to] for origin, to in re.findall(r"^    (\w+) --> (\w+)$", GUIDE, re.MULTILINE) if name == origin}
    for name, folder in NAMES.items()
}


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_picture_shows_each_file_of_a_folder_once(folder):
    drawn = [file for layer in PICTURE.get(folder, []) for file in layer]
    assert sorted(drawn) == sorted(files_in(folder))


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_file_imports_only_from_its_own_layer_and_from_lower_ones(folder):
    depth = {file: layer for layer, files in enumerate(PICTURE[folder]) for file in files}
    upwards = [
        f"{file} imports {imported}"
        for file in sorted(depth)
        for where, imported in imports(folder, file)
        if where == folder and depth[imported] < depth[file]
    ]
    assert not upwards, f"not as docs/how-it-works.md shows {folder}: {'; '.join(upwards)}"


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_package_imports_only_from_those_below_it(folder):
    below = reachable(folder)
    others = {
        f"{file} imports {where}"
        for layer in PICTURE[folder]
        for file in layer
        for where, imported in imports(folder, file)
        if where != folder and where not in below
    }
    assert not others, f"not as docs/how-it-works.md shows {folder}: {'; '.join(sorted(others))}"


def files_in(folder):
    """Return the names of the files with logic in a folder."""
    return [file.stem for file in (ROOT / folder).glob("*.py") if file.stem != "__init__"]


def imports(folder, file):
    """Return the folder and the name of each file of the collection that a file imports."""
    for node in ast.walk(ast.parse((ROOT / folder / f"{file}.py").read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = (ROOT / folder).parents[node.level - 2] if node.level > 1 else ROOT / folder
            path = base.joinpath(*(node.module or "").split("."))
            found = [path / name.name for name in node.names] if path.is_dir() else [path]
            yield from [(str(one.parent.relative_to(ROOT)), one.name) for one in found]


def reachable(folder):
    """Return the folders below one, at any distance."""
    return USES[folder] | {further for used in USES[folder] for further in reachable(used)}
