# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the pages of the site from the texts that GitHub shows: the guides, README.md and the role's README.md.

The comment `<!-- page: NAME -->` above a heading makes its section a page of its own, to which a line links. Links
lead from page to page; whatever is no page is linked to the repository.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from posixpath import normpath

import yaml
from markdown_it import MarkdownIt
from mdit_py_plugins.anchors.index import slugify

ROOT = Path(__file__).parents[2]
REPOSITORY = yaml.safe_load((ROOT / "galaxy.yml").read_text())["repository"]
NAVIGATION = Path(__file__).with_name("navigation.md")
# The name of the page that each text becomes.
TEXTS = {
    "README.md": "index",
    "roles/obproxy/README.md": "role",
    **{f"docs/{guide.name}": guide.stem for guide in sorted((ROOT / "docs").glob("*.md"))},
}
PAGE = re.compile(r"<!-- page: ([\w-]+) -->")
LINK = re.compile(r"\]\((?![a-z]+:)([^)#\s]*)(?:#([^)\s]*))?\)")


@dataclass
class Heading:
    line: int
    level: int
    title: str

    @property
    def anchor(self):
        return slugify(self.title.replace("`", ""))


class BrokenText(Exception):
    """A text from which no page can be made."""


def headings(lines):
    """What begins a section, with the anchor that GitHub gives it. Comments in code look the same and do not count."""
    tokens = MarkdownIt("commonmark").parse("\n".join(lines))
    return [
        Heading(token.map[0], int(token.tag[1:]), tokens[place + 1].content)
        for place, token in enumerate(tokens)
        if token.type == "heading_open"
    ]


def split(name, text):
    """The pages of a text by name, and where its anchors are now: (page, anchor) by anchor."""
    lines = text.splitlines()
    found = headings(lines)
    owner = [name] * len(lines)
    promoted = {}
    for number, line in enumerate(lines):
        if mark := PAGE.fullmatch(line):
            place, head = next(((i, h) for i, h in enumerate(found) if h.line > number), (0, None))
            if head is None or any(lines[number + 1 : head.line]):
                raise BrokenText(f"{name}: {line!r} is not directly above a heading")
            end = next((h.line for h in found[place + 1 :] if h.level <= head.level), len(lines))
            owner[head.line : end] = [mark[1]] * (end - head.line)
            promoted[mark[1]] = head
            lines[number] = f"See also [{head.title}](#{head.anchor}).\n"
    for head in found:
        if top := promoted.get(owner[head.line]):
            lines[head.line] = lines[head.line][top.level - 1 :]
    pages = {
        page: "\n".join(line for line, of in zip(lines, owner, strict=True) if of == page) + "\n"
        for page in dict.fromkeys(owner)
    }
    tops = [head.line for head in promoted.values()]
    anchors = {head.anchor: (owner[head.line], "" if head.line in tops else head.anchor) for head in found}
    return pages, anchors


def site():
    """All pages by name."""
    texts = {path: split(name, (ROOT / path).read_text()) for path, name in TEXTS.items()}
    pages, dead = {}, []
    for path, (parts, _anchors) in texts.items():

        def lead(link, path=path):
            leads_to = target(texts, path, *link.groups())
            if leads_to is None:
                dead.append(f"{path}: the link {link[0][2:-1]} leads to nothing")
            return f"]({leads_to})"

        for page, text in parts.items():
            if page in pages:
                raise BrokenText(f"{path}: there is a page {page} already")
            pages[page] = LINK.sub(lead, text)
    if dead:
        raise BrokenText("\n".join(dead))
    pages["index"] += NAVIGATION.read_text()
    return pages


def target(texts, path, file, anchor):
    """Where a link of a text leads on the site; None if it leads nowhere."""
    file = normpath(f"{path}/../{file}") if file else path
    if file in texts:
        anchors = texts[file][1]
        page, anchor = anchors.get(anchor, (None, None)) if anchor else (TEXTS[file], "")
        place = page and f"{page}.md"
    elif Path(file).suffix == ".png":
        place = Path(file).name
    else:
        place = f"{REPOSITORY}/blob/main/{file}" if (ROOT / file).exists() else None
    return place and place + (f"#{anchor}" if anchor else "")


def main(folder):
    try:
        pages = site()
    except BrokenText as e:
        sys.exit(str(e))
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
