# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The site that `make docs` builds, as seen on a desktop and on a phone, without a network."""

import html
import importlib.util
import re
import subprocess

import pytest
from docutils.core import publish_doctree
from docutils.parsers.rst import directives
from docutils.utils import SystemMessage

from tests.integration import browser
from tests.integration.documents import ROOT

SITE = ROOT / ".cache" / "docs" / "html"
PICTURES = ROOT / ".cache" / "docs" / "pictures"
SOURCES = ["README.md", "galaxy.yml", "docs", "plugins", "roles", "tools/setup/docs"]
SCREEN, PHONE = 1280, 390
# Smaller text can be guessed, but not read.
SMALLEST_TEXT = 9

LOOK = r"""
const shown = node => node.getClientRects().length > 0;
const name = node => `${node.tagName.toLowerCase()}.${[...node.classList].join(".")}`;
const all = [...document.querySelectorAll("body *")].filter(shown);
const article = document.querySelector("article");
const scrolls = node => ["auto", "scroll", "hidden"].includes(getComputedStyle(node).overflowX);
const inside = node => {
  for (let outer = node.parentElement; outer !== article; outer = outer.parentElement) if (scrolls(outer)) return true;
  return false;
};
const said = (node, part) => getComputedStyle(node, part).content;
return {
  errors: all.filter(node => node.matches(".system-message, .problematic, .error, .error-icon")
    || /error/i.test(said(node, "::before") + said(node, "::after"))).map(name),
  diagram_text: article.innerText.match(/^\s*(flowchart|graph|sequenceDiagram|stateDiagram\S*)\b.*/m)?.[0] ?? null,
  drawings: [...article.querySelectorAll(".drawing > svg")].filter(shown).map(svg => ({
    height: svg.getBoundingClientRect().height,
    labels: [...svg.querySelectorAll(".nodeLabel")].map(label => label.innerText.trim()),
    smallest: Math.min(...[...svg.querySelectorAll(".nodeLabel p")].map(
      label => parseFloat(getComputedStyle(label).fontSize) * svg.getScreenCTM().a)),
  })),
  wider_than_page: document.documentElement.scrollWidth > innerWidth ? ["html"]
    : [...article.querySelectorAll("*")].filter(shown)
      .filter(node => node.getBoundingClientRect().right > innerWidth + 1 && !inside(node)).map(name),
  from_elsewhere: [...performance.getEntriesByType("resource").map(entry => entry.name),
    ...[...document.querySelectorAll("[src], link[rel=stylesheet]")].map(node => node.src || node.href)]
    .filter(address => !/^(file|data):/.test(address)),
};
"""


def newest(path):
    files = path.rglob("*") if path.is_dir() else [path]
    return max(file.stat().st_mtime for file in files if file.is_file() and file.suffix != ".pyc")


@pytest.fixture(scope="module")
def site():
    """The pages by name. They are built only if they are outdated, since `make test` builds them beforehand."""
    built = SITE / "index.html"
    if not built.exists() or built.stat().st_mtime < max(newest(ROOT / source) for source in SOURCES):
        done = subprocess.run(["tools/setup/docs"], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    pages = {str(file.relative_to(SITE).with_suffix("")): file for file in SITE.rglob("*.html")}
    assert "index" in pages
    return pages


@pytest.fixture(scope="module")
def seen(site, tmp_path_factory):
    """The result of LOOK, by page and width."""
    if browser.missing():
        pytest.skip(f"{' and '.join(browser.missing())} missing: tools/setup/system --tests installs it")
    found = {}
    with browser.started(tmp_path_factory.mktemp("profile")) as chromium:
        for page, file in site.items():
            chromium.open(file)
            for width in (SCREEN, PHONE):
                chromium.resize(width)
                look = found[page, width] = chromium.run(LOOK)
                if page == "index" or look["drawings"] or look["errors"] or look["wider_than_page"]:
                    PICTURES.mkdir(exist_ok=True)
                    (PICTURES / f"{page.replace('/', '-')}-{width}.png").write_bytes(chromium.picture())
    return found


def that_show(seen, key):
    return {where: look[key] for where, look in seen.items() if look[key]}


def test_no_page_shows_an_error_box(seen):
    assert that_show(seen, "errors") == {}


def test_nothing_is_wider_than_the_page(seen):
    assert that_show(seen, "wider_than_page") == {}


def test_every_diagram_is_drawn_and_can_be_read(seen):
    assert that_show(seen, "diagram_text") == {}
    sources = {guide.stem: guide.read_text().count("```mermaid") for guide in (ROOT / "docs").glob("*.md")}
    for (page, width), look in seen.items():
        assert len(look["drawings"]) == sources.get(page, 0), page
        for drawing in look["drawings"]:
            assert drawing["height"] > 100, (page, width)
            assert len(drawing["labels"]) > 1 and all(drawing["labels"]), (page, width)
            assert drawing["smallest"] >= SMALLEST_TEXT, (page, width)
    assert any(look["drawings"] for look in seen.values())


def test_no_page_needs_the_network(seen):
    assert that_show(seen, "from_elsewhere") == {}


def text(page):
    return html.unescape(re.sub(r"<[^>]*>", "", page.read_text()))


def cells(page):
    """Return the first cell of each row of a page's tables."""
    return [
        html.unescape(re.sub(r"<[^>]*>", "", row)) for row in re.findall(r"<tr[^>]*><td>(.*?)</td>", page.read_text())
    ]


def test_the_first_page_installs_and_starts(site):
    first = text(site["index"])
    assert "ansible-galaxy collection install" in first
    assert "import_playbook: obops.oceanbase.takeover" in first


def test_the_navigation_has_playbooks_role_blockers_and_every_guide(site):
    links = re.findall(r'<a class="(?:current )?reference internal" href="([\w/-]+)\.html">', site["index"].read_text())
    guides = {guide.stem for guide in (ROOT / "docs").glob("*.md")}
    assert guides | {"playbooks", "role", "blockers", "reference/index"} <= set(links)


def table(file, header):
    """Return the first cells of the rows below a header."""
    rows = (ROOT / file).read_text().split(f"| {header} |")[1].split("\n\n")[0]
    return [re.sub(r"[`\[\]]|\(.*?\)", "", name) for name in re.findall(r"^\| (.*?) \|", rows, re.MULTILINE)]


def test_the_page_of_playbooks_has_the_variables_of_the_readme(site):
    variables = table("README.md", "variable")
    assert cells(site["playbooks"]) == variables
    assert "obproxy_cluster, obproxy_cluster_id" in variables
    assert "obproxy_cluster, obproxy_cluster_id" not in cells(site["index"])


def test_the_page_of_blockers_has_those_of_the_role(site):
    blockers = table("roles/obproxy/README.md", "blocker")
    assert cells(site["blockers"]) == blockers
    assert "no_process" in blockers
    assert "no_process" not in cells(site["role"])


def part(name):
    """Import a module of docs/site, which is not a package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / "site" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pages():
    return part("pages")


def test_links_to_a_section_with_a_page_of_its_own_lead_there(pages):
    readme = "# Top\n\n<!-- page: more -->\n## More\n\n### Least\n\n```yaml\n# no heading\n```\n\n## End\n"
    parts, anchors = pages.split("index", readme)
    assert parts == {
        "index": "# Top\n\nSee also [More](#more).\n\n## End\n",
        "more": "# More\n\n## Least\n\n```yaml\n# no heading\n```\n\n",
    }
    texts = {"README.md": (parts, anchors), "docs/guide.md": ({}, {})}
    assert pages.target(texts, "docs/guide.md", "../README.md", "more") == "more.md"
    assert pages.target(texts, "docs/guide.md", "../README.md", "least") == "more.md#least"
    assert pages.target(texts, "README.md", "", "end") == "index.md#end"
    assert pages.target(texts, "README.md", "LICENSE", None).endswith("/blob/main/LICENSE")


def test_a_link_to_nothing_is_found(pages):
    texts = {"README.md": ({}, {"top": ("index", "top")})}
    assert pages.target(texts, "docs/guide.md", "../README.md", "gone") is None
    assert pages.target(texts, "docs/guide.md", "../gone.md", None) is None


def test_a_mark_that_is_not_above_a_heading_is_an_error(pages):
    with pytest.raises(pages.BrokenText, match="not directly above a heading"):
        pages.split("index", "# Top\n\n<!-- page: more -->\nText\n\n## More\n")


def test_a_diagram_that_cannot_be_drawn_is_an_error():
    directives.register_directive("mermaid", part("drawings").Drawing)
    with pytest.raises(SystemMessage, match="Parse error on line 2"):
        publish_doctree(
            ".. mermaid::\n\n   flowchart LR\n   a --> --> b\n",
            settings_overrides={"halt_level": 3, "report_level": 5},
        )
