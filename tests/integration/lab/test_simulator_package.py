# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of docs/molecule.md, run with the files that a release publishes and without this checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import datetime, timezone

import pytest
import requests

from tests.integration.documents import blocks
from tests.lab import image, repository
from tests.lab.hosts import REPOSITORY
from tests.lab.places import ROOT
from tests.lab.podman import CONFIGURATION, podman
from tools.release import artefact, simulator

pytestmark = pytest.mark.timeout(600)
IMAGE = "localhost/ones-own-image"
PAGE = ROOT / "docs" / "molecule.md"


class Reader:
    """A reader of docs/molecule.md, with the two files of a release in a folder and an empty Python environment."""

    def __init__(self, folder):
        self.folder = folder
        released = datetime(2026, 1, 1, tzinfo=timezone.utc)
        artefact.build(ROOT, folder, released)
        simulator.build(ROOT, folder, released)
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
        own = ("ANSIBLE_", "OCP_", "MOLECULE_", "PYTHON")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
        self.environment = {
            **kept,
            "PATH": f"{folder / 'venv' / 'bin'}:/usr/bin:/bin:/usr/sbin:/sbin",
            "HOME": str(folder),
            "NO_COLOR": "1",
            "MOLECULE_COMMAND_BORDERS": "false",
            "CONTAINERS_CONF": str(CONFIGURATION),
        }

    def run(self, commands):
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout


@pytest.fixture(scope="module")
def commands():
    """The command blocks of the page, by purpose."""
    install, start, prepare, test = (block.text for block in blocks(PAGE) if block.is_shell)
    return {"install": install, "start": start, "prepare": prepare, "test": test}


@pytest.fixture(scope="module")
def reader(tmp_path_factory, commands):
    reader = Reader(tmp_path_factory.mktemp("reader"))
    reader.run(commands["install"])
    return reader


@pytest.fixture
def ones_own_image(tmp_path):
    """An image whose repositories contain the stand-in package."""
    name = "ones-own-image"
    packages = repository.ensure(repository.STAND_IN)
    podman("create", "--name", name, image.ensure(), "/sbin/init")
    try:
        podman("cp", str(packages), f"{name}:/srv/packages")
        (tmp_path / "lab.repo").write_text(REPOSITORY)
        podman("cp", str(tmp_path / "lab.repo"), f"{name}:/etc/yum.repos.d/lab.repo")
        podman("commit", "--quiet", name, IMAGE)
        yield IMAGE
    finally:
        podman("rm", "--force", name)
        podman("rmi", "--force", IMAGE, check=False)


def test_one_command_starts_it(reader, commands):
    command = commands["start"].replace("127.0.0.1:8080", "127.0.0.1:0").split()
    command[0] = str(reader.folder / "venv" / "bin" / command[0])
    with subprocess.Popen(command, cwd=reader.folder, env=reader.environment, stdout=subprocess.PIPE, text=True) as ocp:
        try:
            line = ocp.stdout.readline()
            url, user, password = re.fullmatch(
                r"OCP simulator at (\S+) \(user (\w+), password (\S+)\)\n", line
            ).groups()
            found = requests.get(f"{url}/api/v2/obproxy/clusters", auth=(user, password), timeout=10)
            assert [cluster["name"] for cluster in found.json()["data"]["contents"]] == ["demo"]
        finally:
            ocp.terminate()


def test_the_scenario_takes_over_the_proxies_of_ones_own_image(reader, commands, ones_own_image):
    reader.run(commands["prepare"])
    given = commands["test"].replace("registry.example.com/el9-systemd", ones_own_image)
    output = reader.run(given.replace("4.2.3.0-3.el7", "1.9.1.1-1919579"))
    assert len(re.findall(r"proxy-\d .* taken_over +install +33", output)) == 2, output
    assert len(re.findall(r"proxy-\d .* already_managed", output)) == 2, "the second run of the playbook"
    assert podman("ps", "--all", "--quiet", "--filter", "name=^proxy-[12]$") == ""


def test_the_package_needs_what_its_tests_have():
    """The simulator's dependencies have the same versions as in the environment in which it is tested."""
    mine = re.findall(r'^  ("\w.* >=.*"),$', (ROOT / "tests/simulator/pyproject.toml").read_text(), re.MULTILINE)
    assert len(mine) == 5
    assert [needed for needed in mine if f"  {needed},\n" not in (ROOT / "pyproject.toml").read_text()] == []
