# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands and files of the README and the guides, run as a new user would, in the order of the text."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import requests
import yaml

from tests.integration.documents import PAGES, ROOT, blocks, commands, files
from tests.lab import lab

README = ROOT / "README.md"
DEMO = ["make demo", "make demo-down"]
BUILD = [line for line in commands(README) if line.startswith("ansible-galaxy")]
SITE = [line for line in commands(README) if line.startswith(("export OCP_URL", "ansible-playbook"))]
GUIDES = [ROOT / "docs" / f"{name}.md" for name in ("first-takeover", "fleet", "security")]
BARE_FLEET = ROOT / "docs" / "bare-fleet.md"


def run(command, **kwargs):
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "ANSIBLE_NOCOLOR": "1", **kwargs.pop("env", {})}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        env=env,
        # The input for a command that prompts for a secret.
        input="aaAA11__",
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
    if page not in [README, *GUIDES, BARE_FLEET]:
        assert commands(page) == [], "no test here runs this page"


def test_every_command_of_the_readme_is_run_here():
    assert [line for line in commands(README) if line not in DEMO + BUILD + SITE] == []
    assert len(BUILD) == 2
    assert len(SITE) == 4


def demo():
    """Run the demo and return the output of each of its playbooks. The last one includes the demo's final message."""
    code, output = run(DEMO[0], cwd=ROOT)
    assert code == 0, output
    parts = re.split(r"^demo: \d of 4: ", output, flags=re.MULTILINE)[1:]
    assert len(parts) == 4, output
    return parts


def settings_of(host):
    """Return the settings of the proxy on a host of the demo, as the proxy itself shows them."""
    look = "obops.oceanbase.obproxy_info -a 'settings=true proxysys_password_sha1=\"\"'"
    code, output = run(f"ansible {host} -o -i .cache/lab/demo/inventory.yml -m {look}", cwd=ROOT)
    assert code == 0, output
    return {entry["name"]: entry["value"] for entry in json.loads(output.partition("=>")[2])["obproxy"]["settings"]}


def test_the_demo_shows_a_whole_night_and_its_second_run_takes_over_what_was_blocked_in_the_first():
    if "demo" in lab.names():
        pytest.skip("a demo is running in this checkout; end it with make demo-down to have it tested")
    try:
        _prepare, found, preflight, takeover = demo()
        assert len(re.findall(r"demo-\d .* fits +demo", found)) == 2, found
        previews = re.findall(r"^  (\w+): (\S+) -> (\w+).*: 2 proxies \(demo-1, demo-2\)$", preflight, re.MULTILINE)
        assert ("work_thread_num", "8", "64") in previews, preflight
        assert "Wave 2: 1 proxy (1 into demo): demo-2" in preflight
        assert re.findall(r"demo-\d .* 2883 .* ([12]) +taken_over +\w+ +33", takeover) == ["1", "2"], takeover
        assert re.search(r"demo-3 .* blocked .* host_not_in_ocp", takeover), takeover
        # OCP made exactly the changes that the preview showed.
        now = settings_of("demo-1")
        assert {name: now[name] for name, _before, _after in previews} == {name: after for name, _, after in previews}
        assert settings_of("demo-3")["work_thread_num"] == "8"
        report = re.search(r"^  report +(\S+)$", takeover, re.MULTILINE)[1]
        assert "work_thread_num" in (ROOT / report).read_text()
        cure = re.search(r"^  (OCP_URL=.*\n.*)$", takeover, re.MULTILINE)[1]
        code, added = run(cure, cwd=ROOT)
        assert code == 0, added
        prepare, _found, _preflight, takeover = demo()
        assert len(re.findall(r"demo-\d .* 2883 .* already_managed", takeover)) == 2, takeover
        assert len(re.findall(r"demo-3 .* 2883 .* taken_over +\w+ +33", takeover)) == 1, takeover
        # Hosts without a problem are not changed again. demo-1 is the host that calls OCP for its whole cluster.
        unchanged = re.findall(r"^demo-[12] +: .*changed=0 ", prepare, re.MULTILINE)
        unchanged += re.findall(r"^demo-2 +: .*changed=0 ", takeover, re.MULTILINE)
        assert len(unchanged) == 3, prepare + takeover
    finally:
        code, output = run(DEMO[1], cwd=ROOT)
    assert code == 0, output
    assert "demo" not in lab.names()


class Reader:
    """A user with two hosts, an OCP and the collection who follows the pages in a directory."""

    def __init__(self, folder, found):
        self.folder = folder
        self.group = yaml.safe_load(Path(found["inventory"]).read_text())["all"]["children"]["obproxy"]
        self.ocp = found["simulator"]

    def write(self, page):
        """Write the page's files. The inventory gets the connection variables of the lab's hosts."""
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
    assert len(re.findall(r"proxy-\d .* taken_over +\w+ +33", output)) == 2, output
    assert len(re.findall(r"proxy-\d .* already_managed", output)) == 2, output


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.stem)
def test_a_guide_can_be_followed(reader, page):
    """Follow a guide for proxies that OCP already manages. Commands that the README has run are not run again."""
    reader.write(README)
    reader.write(page)
    assert reader.run(*(line for line in commands(page) if line not in SITE))


@pytest.fixture
def bare(reader):
    """A reader with two hosts that OCP does not know and an OCP without an OBProxy cluster."""
    try:
        found = lab.up("bare", 2, simulator=True)
        ocp = found["simulator"]
        state = {
            "users": [{"username": ocp["username"], "password": ocp["password"]}],
            "hosts": [],
            "obproxy_clusters": [],
            "host_types": [{"name": "proxies"}],
            "credentials": [{"name": "root of proxies"}],
        }
        requests.put(f"{ocp['url']}/_simulator/state", json=state, timeout=10).raise_for_status()
        yield Reader(reader.folder, found)
    finally:
        lab.down("bare")


def test_a_bare_fleet_gets_to_ocp_by_one_playbook(bare):
    bare.write(BARE_FLEET)
    look, estate, preflight, whole, again = [line for line in commands(BARE_FLEET) if line not in SITE]
    assert re.search(r"localhost .* changed=2 ", bare.run(look))
    assert re.search(r"localhost .* changed=2 ", bare.run(estate))
    assert len(re.findall(r"proxy-\d .* would_take_over", bare.run(preflight))) == 2
    output = bare.run(whole)
    assert len(re.findall(r"proxy-\d .* taken_over +install +33", output)) == 2, output
    output = bare.run(again)
    assert len(re.findall(r"proxy-\d .* already_managed", output)) >= 2, output
    assert set(re.findall(r"changed=(\d+)", output)) == {"0"}, output
