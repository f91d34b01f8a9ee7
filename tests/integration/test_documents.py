# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands and files of README and guides, run as a new user would: in the order in which they stand there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.integration.documents import PAGES, ROOT, blocks, commands, files
from tests.lab import lab

README = ROOT / "README.md"
DEMO = ["make demo", "make demo-down"]
BUILD = [line for line in commands(README) if line.startswith("ansible-galaxy")]
SITE = [line for line in commands(README) if line.startswith(("export OCP_URL", "ansible-playbook"))]
GUIDES = [ROOT / "docs" / f"{name}.md" for name in ("first-takeover", "fleet", "security")]


def run(command, **kwargs):
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "ANSIBLE_NOCOLOR": "1", **kwargs.pop("env", {})}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **kwargs,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_is_run_by_a_test_or_says_why_not(page):
    for block in blocks(page):
        if block.is_shell and block.mark:
            elsewhere = re.fullmatch(r"run by (\S+)", block.mark)
            assert elsewhere or re.fullmatch(r"not run: .+", block.mark), block
            assert not elsewhere or page.name in (ROOT / elsewhere[1]).read_text(), block
    if page not in [README, *GUIDES]:
        assert commands(page) == [], "no test here runs this page"


def test_every_command_of_the_readme_is_run_here():
    assert [line for line in commands(README) if line not in DEMO + BUILD + SITE] == []
    assert len(BUILD) == 2
    assert len(SITE) == 4


def test_the_demo_takes_over_two_hosts_and_then_changes_nothing():
    if "demo" in lab.names():
        pytest.skip("a demo is running in this checkout; end it with make demo-down to have it tested")
    try:
        code, output = run(DEMO[0], cwd=ROOT)
        assert code == 0, output
        assert len(re.findall(r"demo-\d .* 2883  taken_over  33", output)) == 2, output
        code, output = run(DEMO[0], cwd=ROOT)
        assert code == 0, output
        assert len(re.findall(r"demo-\d .* 2883  already_managed", output)) == 2, output
        assert re.findall(r"changed=(\d+)", output) == ["0", "0"], output
    finally:
        code, output = run(DEMO[1], cwd=ROOT)
    assert code == 0, output
    assert "demo" not in lab.names()


class Reader:
    """Somebody with two hosts, an OCP and the collection, who does in a folder what the pages tell."""

    def __init__(self, folder, found):
        self.folder = folder
        self.group = yaml.safe_load(Path(found["inventory"]).read_text())["all"]["children"]["obproxy"]
        self.ocp = found["simulator"]

    def write(self, page):
        """The page's files; its inventory with the connection to the lab's hosts in place of one's own."""
        for name, text in files(page).items():
            if name == "hosts.yml":
                written = yaml.safe_load(text)["obproxy"]
                written["vars"].update(self.group["vars"])
                for host, connection in zip(written["hosts"].values(), self.group["hosts"].values(), strict=True):
                    host.update(connection)
                text = yaml.safe_dump({"obproxy": written})
            (self.folder / name).write_text(text)

    def run(self, *lines):
        export = SITE[0].replace("http://ocp.example.com:8080", self.ocp["url"])
        code, output = run(
            "\n".join([export.replace("=...", f"={self.ocp['password']}"), *lines]),
            cwd=self.folder,
            env={"ANSIBLE_COLLECTIONS_PATH": str(self.folder / "collections"), "ANSIBLE_INJECT_FACT_VARS": "false"},
        )
        assert code == 0, output
        return output


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reader")
    build = "\n".join(BUILD).replace(" dist", f" {folder}/dist")
    code, output = run(build, cwd=ROOT, env={"ANSIBLE_COLLECTIONS_PATH": str(folder / "collections")})
    assert code == 0, output
    try:
        yield Reader(folder, lab.up("readme", 2, simulator=True))
    finally:
        lab.down("readme")


def test_ones_own_ocp_with_the_files_of_the_readme(reader):
    reader.write(README)
    output = reader.run(*SITE[1:])
    assert len(re.findall(r"proxy-\d .* would_take_over", output)) == 2, output
    assert len(re.findall(r"proxy-\d .* taken_over  33", output)) == 2, output
    assert len(re.findall(r"proxy-\d .* already_managed", output)) == 2, output


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.stem)
def test_a_guide_can_be_followed(reader, page):
    """For proxies that OCP manages by then: what the README has run is not run again."""
    reader.write(README)
    reader.write(page)
    assert reader.run(*(line for line in commands(page) if line not in SITE))
