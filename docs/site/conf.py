# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The site of guides and reference; `make docs` brings the pages together, see tests/setup/docs."""

import re
from pathlib import Path

import yaml
from docutils import nodes

# Sphinx reads this file from its place in the tree.
ABOUT = yaml.safe_load(Path(__file__).parents[2].joinpath("galaxy.yml").read_text())
TREE = f"{ABOUT['repository']}/blob/main/"

ANSIBLE = {
    "action_plugins": "plugins/action",
    "ansible_configuration_settings": "reference_appendices/config",
    "common_return_values": "reference_appendices/common_return_values",
}

project = f"{ABOUT['namespace']}.{ABOUT['name']}"
copyright = ABOUT["authors"][0]
release = ABOUT["version"]
html_title = f"{project} {release}"
html_theme = "furo"
html_copy_source = False
html_show_sphinx = False

extensions = ["myst_parser", "sphinx_antsibull_ext", "sphinxcontrib.mermaid"]
# The same headings' addresses as in the pages on GitHub, and the same drawings.
myst_heading_anchors = 3
myst_fence_as_directive = ["mermaid"]


def setup(app):
    app.connect("source-read", link_to_tree)
    app.connect("missing-reference", link_to_ansible)


def link_to_tree(_app, docname, source):
    """What a guide names of the rest of the tree is no page here: it is linked to where the tree is."""
    source[0] = re.sub(r"\]\(\.\./([^)]*)\)", rf"]({TREE}\1)", source[0])


def link_to_ansible(_app, _env, node, content):
    """What the reference names of Ansible's own documentation."""
    plugin = re.fullmatch(r"ansible_collections\.ansible\.builtin\.(\w+)", node["reftarget"])
    page = f"collections/ansible/builtin/{plugin[1]}" if plugin else ANSIBLE.get(node["reftarget"])
    if page is None:
        return None
    return nodes.reference(
        "", "", content, internal=False, refuri=f"https://docs.ansible.com/ansible/latest/{page}.html"
    )
