# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make release` in copies of the checkout, and signatures as the documentation describes them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.lab.places import CACHE, ROOT

pytestmark = pytest.mark.timeout(180)
NAME = "obops-oceanbase-7.8.9.tar.gz"
WHEEL = "obops_ocp_simulator-7.8.9-py3-none-any.whl"


def run(*command, cwd, check=True, **env):
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, **env}
    done = subprocess.run(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert not check or done.returncode == 0, done.stdout
    return done


def copy(target):
    """Copy the files of this checkout that git knows into a new checkout."""
    run(ROOT / "tools/setup/tree", target, cwd=ROOT)
    run("git", "init", "--quiet", target, cwd=target)
    (target / ".cache").mkdir()
    (target / ".cache/venv").symlink_to(CACHE / "venv")
    return target


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """A copy of the checkout in which version 7.8.9 was released."""
    root = copy(tmp_path_factory.mktemp("release") / "checkout")
    # Do not rebuild the environment, which belongs to this checkout. Its programs would then refer to the copy.
    run("make", "--old-file=.cache/venv/.ready", "release", "VERSION=7.8.9", cwd=root)
    return root


def test_it_makes_changelog_artefact_checksum_and_bill(released):
    files = {NAME, f"{NAME}.sha256", f"{NAME}.cdx.json", WHEEL, f"{WHEEL}.sha256"}
    assert {file.name for file in (released / "dist").iterdir()} == files
    assert "## v7\\.8\\.9" in (released / "CHANGELOG.md").read_text()
    assert not list((released / "changelogs/fragments").glob("*.yml"))
    run("sha256sum", "--check", f"{NAME}.sha256", f"{WHEEL}.sha256", cwd=released / "dist")
    run("ansible-galaxy", "collection", "install", "--offline", NAME, "-p", "../.cache/there", cwd=released / "dist")
    there = released / ".cache/there/ansible_collections/obops/oceanbase"
    assert json.loads((there / "MANIFEST.json").read_text())["collection_info"]["version"] == "7.8.9"
    assert "v7\\.8\\.9" in (there / "CHANGELOG.md").read_text()


def test_the_bill_of_materials_names_the_artefact_and_what_it_needs(released):
    text = (released / f"dist/{NAME}.cdx.json").read_text()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    bill = json.loads(text)
    assert bill["metadata"]["component"]["version"] == "7.8.9"
    assert bill["metadata"]["component"]["hashes"][0]["content"] in (released / f"dist/{NAME}.sha256").read_text()
    assert [needed["name"] for needed in bill["components"]] == ["ansible-core", "requests"]


def test_two_releases_of_the_same_sources_are_the_same_bytes(released, tmp_path):
    """The second release has another folder, other file times and another order of the files on disk."""
    root = copy(tmp_path / "other")
    shutil.rmtree(root / "plugins")
    plugins = [file for file in (ROOT / "plugins").rglob("*") if file.suffix in (".py", ".j2")]
    for file in sorted(plugins, reverse=True):
        (root / file.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, root / file.relative_to(ROOT))
    # The date comes from the changelog, in case midnight has passed.
    for file in ("CHANGELOG.md", "changelogs/changelog.yaml"):
        shutil.copyfile(released / file, root / file)
    for fragment in (root / "changelogs/fragments").glob("*.yml"):
        fragment.unlink()
    # Do not rebuild the environment, which belongs to this checkout. Its programs would then refer to the copy.
    run("make", "--old-file=.cache/venv/.ready", "release", "VERSION=7.8.9", cwd=root)
    for file in (released / "dist").iterdir():
        assert (root / "dist" / file.name).read_bytes() == file.read_bytes(), file.name


def test_a_version_of_another_form_is_refused(released):
    done = run("make", "--old-file=.cache/venv/.ready", "release", "VERSION=v1", cwd=released, check=False)
    assert done.returncode != 0
    assert "VERSION: v1 is not of the form x.y.z" in done.stdout
    assert "Traceback" not in done.stdout


def test_signed_as_documented_it_is_verified_and_a_signature_of_something_else_is_not(released):
    if not shutil.which("gpg"):
        pytest.skip("there is no gpg to sign with")
    page = (ROOT / "docs/developing.md").read_text().replace("1.0.0", "7.8.9")
    sign, verify = re.findall(r"^```console\n([^`]*gpg .*?)^```", page, re.MULTILINE | re.DOTALL)
    # gpg's sockets need a short path.
    with tempfile.TemporaryDirectory() as home:
        own = {"GNUPGHOME": home, "ANSIBLE_COLLECTIONS_PATH": f"{home}/there"}
        key = ("gpg", "--batch", "--passphrase", "", "--quick-generate-key", "obops@example.com", "ed25519", "sign")
        try:
            run(*key, cwd=home, **own)
            run("bash", "-ec", sign, cwd=released / "dist", **own)
            (released / "dist/obops.gpg").write_bytes(
                subprocess.run(["gpg", "--export"], env={**os.environ, **own}, capture_output=True, check=True).stdout
            )
            done = run("bash", "-ec", verify, cwd=released / "dist", **own)
            assert "Successfully verified that checksums for 'obops.oceanbase:7.8.9'" in done.stdout
            (Path(home) / "MANIFEST.json").write_text("{}")
            other = f"gpg --yes --detach-sign --armor --output MANIFEST.json.asc {home}/MANIFEST.json"
            run("bash", "-ec", other, cwd=released / "dist", **own)
            done = run("bash", "-ec", verify, cwd=released / "dist", check=False, **own)
            assert "Signature verification failed for 'obops.oceanbase'" in done.stdout
        finally:
            run("gpgconf", "--kill", "all", cwd=home, **own)
