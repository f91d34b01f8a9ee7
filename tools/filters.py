# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""List expressions with more than three filters: `python -m tools.filters [PATH…]`.

Such an expression is a program. It belongs in a Python function with a unit test (CONTRIBUTING.md).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import jinja2
import yaml
from jinja2 import nodes

ROOT = Path(__file__).parents[1]
WHERE = ["roles", "playbooks", "extensions"]
MOST = 3
#: Keywords that Ansible evaluates without braces.
CONDITIONS = {"when", "failed_when", "changed_when", "until", "that"}
JINJA = jinja2.Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])


def too_many(text: str) -> list[tuple[int, int]]:
    """Return the line and the number of filters of each expression in a YAML text that has too many filters."""
    found = []
    for document in yaml.compose_all(text, Loader=yaml.SafeLoader):
        for line, template in templates(document):
            found += [(line + more, count) for more, count in counted(template) if count > MOST]
    return found


def templates(node: yaml.Node | None, condition: bool = False) -> Iterator[tuple[int, str]]:
    """Yield the templates below a node, with their lines."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from templates(value, getattr(key, "value", None) in CONDITIONS)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from templates(value, condition)
    elif isinstance(node, yaml.ScalarNode) and (condition or "{{" in node.value or "{%" in node.value):
        yield node.start_mark.line + 1, f"{{{{ {node.value} }}}}" if condition else node.value


def counted(template: str) -> Iterator[tuple[int, int]]:
    """Yield the line and the number of filters of each expression, which is the text between a pair of braces."""
    waiting: list[nodes.Node] = [JINJA.parse(template)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.Expr):
            here = [node] if isinstance(node, nodes.Filter) else []
            yield node.lineno - 1, len([*here, *node.find_all(nodes.Filter)])
        else:
            waiting += node.iter_child_nodes()


def main(paths: list[str]) -> int:
    count = 0
    for path in paths or WHERE:
        for file in sorted((ROOT / path).rglob("*.yml")):
            for line, number in too_many(file.read_text()):
                print(f"{file.relative_to(ROOT)}:{line}: {number} filters in one expression: make it a Python function")
                count += 1
    if count:
        print(f"filters: {count} expressions with more than {MOST}")
    return int(count > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
