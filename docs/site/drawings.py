# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Draws the `mermaid` blocks of the guides while the site is built: a page needs neither a network nor a script."""

import re

import mermaidx
from docutils import nodes
from sphinx.util.docutils import SphinxDirective


class Drawing(SphinxDirective):
    has_content = True

    def run(self):
        try:
            svg = mermaidx.Diagram("\n".join(self.content), theme="neutral").svg()
        except RuntimeError as e:
            raise self.error(str(e)) from e
        # Styles and arrowheads are found by ids, and a page may have several drawings.
        svg = svg.replace("my-svg", f"drawing-{self.env.new_serialno('drawing')}")
        # On a phone it scrolls rather than shrink to what nobody can read.
        svg = re.sub(r"max-width: ([\d.]+)px;", r"\g<0> min-width: calc(\1px * 0.6);", svg, count=1)
        return [nodes.raw("", f'<div class="drawing">{svg}</div>', format="html")]


def setup(app):
    app.add_directive("mermaid", Drawing)
    return {"parallel_read_safe": True}
