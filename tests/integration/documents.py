# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands and files in the pages of the documentation.

A line before a block can state how it is tested: `<!-- run by tests/integration/… -->` names the test file that runs
the block instead of test_documents.py, and `<!-- not run: needs AWX -->` gives the reason why no test can run it.
"""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "roles").glob("*/README.md"))]
SHELL = ("console", "sh", "shell", "bash")


@dataclass
class Block:
    mark: str
    kind: str
    text: str

    @property
    def is_shell(self):
        return self.kind in SHELL


def blocks(page):
    """Return all fenced blocks of a page, in order."""
    pattern = r"^(?:<!-- ([^\n]*) -->\n+)?```(\w*)\n(.*?)^```$"
    found = [Block(*parts) for parts in re.findall(pattern, page.read_text(), re.MULTILINE | re.DOTALL)]
    shell = len(re.findall(rf"```(?:{'|'.join(SHELL)})\b", page.read_text()))
    assert shell == sum(block.is_shell for block in found), f"{page}: a block of commands does not begin its line"
    return found


def commands(page):
    """Return the lines of a page that test_documents.py runs."""
    return [line for block in blocks(page) if block.is_shell and not block.mark for line in block.text.splitlines()]


def files(page):
    """Return the files that a page asks the reader to write, by name. They are YAML blocks that begin with `# NAME`."""
    texts = [block.text for block in blocks(page) if block.kind == "yaml"]
    return {named[1]: text for text in texts if (named := re.match(r"# (\S+\.yml)\n", text))}
