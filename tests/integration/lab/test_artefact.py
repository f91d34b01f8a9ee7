# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The built artefact, which users get, installs and works on its own outside the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile

import pytest

from tests.lab.places import CACHE, ROOT

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def artefact():
    subprocess.run([ROOT / "tools/setup/build"], check=True, capture_output=True)
    (file,) = (CACHE / "build/artefact").glob("*.tar.gz")
    return file


def test_it_holds_the_collection_and_none_of_its_tools(artefact):
    with tarfile.open(artefact) as archive:
        names = set(archive.getnames())
    for there in (
        "README.md",
        "LICENSE",
        "LICENSES/GPL-3.0-or-later.txt",
        "meta/runtime.yml",
        "playbooks/takeover.yml",
        "roles/obproxy/tasks/main.yml",
    ):
        assert there in names
    top = {name.split("/")[0] for name in names}
    ours = {"tests", "tools", "molecule", "Makefile", "pyproject.toml", "ansible.cfg"}
    assert not top & {*ours, ".cache", ".config", ".ci", ".env.yml"}
    assert not [name for name in names if "__pycache__" in name]


def test_installed_elsewhere_its_documentation_and_playbook_are_found(artefact, tmp_path, ansible_environment):
    environment = {**ansible_environment, "ANSIBLE_COLLECTIONS_PATH": str(tmp_path / "collections")}

    def run(*command):
        result = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    run("ansible-galaxy", "collection", "install", "--offline", str(artefact), "-p", str(tmp_path / "collections"))
    modules = json.loads(run("ansible-doc", "--json", "--list", "obops.oceanbase"))
    assert {"obops.oceanbase.ocp_obproxy_takeover", "obops.oceanbase.obproxy_info"} <= set(modules)
    assert "obops.oceanbase.takeover" not in modules
    # --list-tasks runs nothing, but loads the playbook and everything that it imports.
    listed = run(
        "ansible-playbook", "-i", "proxy-1,", "-e", "obproxy_hosts=all", "obops.oceanbase.takeover", "--list-tasks"
    )
    assert "Take over a wave" in listed


def test_an_unchanged_source_is_not_built_again(artefact):
    before = artefact.stat().st_mtime_ns
    subprocess.run([ROOT / "tools/setup/build"], check=True, capture_output=True)
    assert artefact.stat().st_mtime_ns == before


def test_a_changed_source_is_built_again(tmp_path):
    """Use a separate checkout, because other tests use the collection installed in this one."""
    root = tmp_path / "checkout"
    subprocess.run([ROOT / "tools/setup/tree", root], check=True, capture_output=True)
    subprocess.run(["git", "init", "--quiet", root], check=True)
    (root / ".cache").mkdir()
    (root / ".cache/venv").symlink_to(CACHE / "venv")
    home = tmp_path / "home"
    home.mkdir()
    readme = root / ".cache/installed/ansible_collections/obops/oceanbase/README.md"
    for text in ("# One\n", "# Another\n"):
        (root / "README.md").write_text(text)
        environment = {**os.environ, "HOME": str(home)}
        subprocess.run([root / "tools/setup/build"], env=environment, check=True, capture_output=True)
        assert readme.read_text() == text
    assert list(home.iterdir()) == []
