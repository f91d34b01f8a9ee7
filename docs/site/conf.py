# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The site of guides and reference; `make docs` brings the pages together, see tools/setup/docs."""

import re
import sys
from pathlib import Path

import yaml
from docutils import nodes

# Sphinx reads this file from its place in the tree.
HERE = Path(__file__).parent
ABOUT = yaml.safe_load((HERE / "../../galaxy.yml").read_text())
sys.path.insert(0, str(HERE))

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
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_use_index = False

# The reference has the colours of the page, light or dark: static/site.css has them.
antsibull_ext_color_scheme = "none"
extensions = ["myst_parser", "sphinx_antsibull_ext", "drawings"]
# The same headings' addresses as in the pages on GitHub, and the same drawings.
myst_heading_anchors = 3
myst_fence_as_directive = ["mermaid"]


def setup(app):
    app.connect("doctree-read", leave_contents_to_the_theme)
    app.connect("doctree-read", shorten_title, priority=900)  # after Sphinx has read it
    app.connect("missing-reference", link_to_ansible)


def leave_contents_to_the_theme(_app, doctree):
    """The reference has a table of contents on each page. So has the theme, which calls a second one an error."""
    for topic in [node for node in doctree.findall(nodes.topic) if "contents" in node["classes"]]:
        topic.parent.remove(topic)


def shorten_title(app, _doctree):
    """In the navigation, a page of the reference has the name of its plugin and not what the plugin does."""
    entry = next(app.env.tocs[app.env.docname].findall(nodes.reference))
    short = re.fullmatch(rf"{re.escape(project)}\.(\w+ \w+) \S+ .*", entry.astext())
    if short:
        entry[:] = [nodes.Text(short[1])]


def link_to_ansible(_app, _env, node, content):
    """What the reference names of Ansible's own documentation."""
    plugin = re.fullmatch(r"ansible_collections\.ansible\.builtin\.(\w+)", node["reftarget"])
    page = f"collections/ansible/builtin/{plugin[1]}" if plugin else ANSIBLE.get(node["reftarget"])
    if page is None:
        return None
    return nodes.reference(
        "", "", content, internal=False, refuri=f"https://docs.ansible.com/ansible/latest/{page}.html"
    )
