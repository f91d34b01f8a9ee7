# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""List words that are understandable but that no operator would use: `python -m tools.words [PATH…]`.

Without paths, the texts for users are checked: plugins, role, playbooks, guides, scenarios and the files for AWX.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
READ_BY_USERS = [
    *("CONTRIBUTING.md", "README.md", "SECURITY.md", "changelogs/fragments", "docs", "galaxy.yml"),
    *("extensions", "meta", "molecule", "playbooks", "plugins", "roles"),
]
TEXTS = {".md", ".py", ".sh", ".yaml", ".yml", ""}
#: The words, and what to write instead. A blank matches any whitespace, including a line break in a comment.
WORDS = {
    r"mend(s|ed|ing)?": "fix",
    r"(hold|holds|held|holding) against": "check against, compare with",
    r"(tell|tells|told|telling) of": "report, show",
    r"(is|are|was|were|be|been|being) told": "is reported, is shown",
    r"(see|sees|seen|saw|seeing) to": "check, ensure",
    r"(stand|stands|stood|standing) in": "be in; replace",
    r"(go|goes|went|going) before": "take precedence",
    r"(go|goes|went|gone|going) over (from|to)": "upgrade, switch to",
    r"(has|have) (OCP|systemd|Ansible|AWX) (take|start|go|do|stop|run|retry|cancel|skip)": "OCP takes, systemd starts",
    r"knows? better": "use with care",
    r"what is in the way": "blockers",
    r"somebody": "someone, you",
    r"beside": "next to, with, besides",
    r"anew": "again",
    r"told apart": "distinguished",
    r"run the same again": "run this again",
    r"asks? a statement": "run a statement",
    r"looks? whether": "check whether",
    r"(goes|go|went) on with": "continue",
    r"is no (clock time|directory|name|number|path|percentage)": "is not a …",
}
PATTERN = re.compile(
    "|".join(rf"\b(?P<w{number}>{word})\b" for number, word in enumerate(WORDS)).replace(" ", r"[ \n#*]+"),
    re.IGNORECASE,
)


def found_in(text: str) -> list[tuple[int, str, str]]:
    """Return the line of each match, the words, and what to write instead."""
    cures = list(WORDS.values())
    return [
        (
            text.count("\n", 0, match.start()) + 1,
            " ".join(re.sub("[#*]", " ", match.group()).split()),
            cures[int((match.lastgroup or "w0")[1:])],
        )
        for match in PATTERN.finditer(text)
    ]


def files(paths: list[str]) -> list[Path]:
    """Return the text files below these paths that git does not ignore, except this file."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "--", *paths]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [ROOT / name for name in listed if Path(name).suffix in TEXTS and (ROOT / name) != Path(__file__)]


def main(paths: list[str]) -> int:
    count = 0
    for file in files(paths or READ_BY_USERS):
        for line, words, cure in found_in(file.read_text()):
            print(f"{file.relative_to(ROOT)}:{line}: {words!r}: write {cure}")
            count += 1
    if count:
        print(f"words: {count} places")
    return int(count > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
