# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTML page of a report in a real browser, without a network, at the widths of a phone and of a desktop."""

import os
import subprocess
import sys

import pytest

from tests.simulator.launcher import ROOT

from .browser import missing, started

pytestmark = pytest.mark.skipif(bool(missing()), reason=f"this machine has no {' and no '.join(missing())}")

#: Writes the page as the installed collection renders it.
RENDER = """
import sys
from pathlib import Path
from ansible_collections.obops.oceanbase.plugins.filter.takeover_summary import takeover_summary
from ansible_collections.obops.oceanbase.plugins.plugin_utils._report import html
from tests.unit.plugins.plugin_utils._report.nights import BEGAN, night

told = takeover_summary(night(), began=BEGAN.isoformat())["report"]
Path(sys.argv[1]).write_text(html.render({**told, "about": {"Started by": "alice"}}))
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    file = tmp_path_factory.mktemp("report") / "tonight.html"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / ".cache" / "installed")}
    subprocess.run([sys.executable, "-c", RENDER, file], cwd=ROOT, env=environment, check=True)
    with started(tmp_path_factory.mktemp("profile")) as opened:
        opened.open(file)
        yield opened


@pytest.mark.parametrize("width", [390, 1280])
def test_it_can_be_read_at_any_width(page, width):
    page.resize(width)
    assert page.run("return document.documentElement.scrollWidth") <= width
    assert page.run("return document.querySelectorAll('tbody tr').length") >= 300
    assert len(page.picture()) > 10_000


def test_tables_have_headers_and_pictures_have_names(page):
    assert page.run("return [...document.querySelectorAll('table')].every(t => t.querySelector('th[scope]'))")
    assert page.run("return [...document.querySelectorAll('svg')].every(s => s.getAttribute('aria-label'))")
    assert page.run("return document.querySelectorAll('svg').length") >= 2
    assert page.run("return document.documentElement.lang") == "en"


def test_it_works_without_scripts_and_without_a_network(page):
    assert page.run("return document.scripts.length") == 0
    assert page.run("return performance.getEntriesByType('resource').length") == 0
