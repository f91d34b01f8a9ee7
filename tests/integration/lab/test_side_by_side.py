# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Labs and checkouts on the same machine are independent, and leave nothing behind."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.lab import image, process
from tests.lab import lab as labs
from tests.lab.hosts import containers
from tests.lab.places import CACHE, LABS, PREFIX, ROOT
from tests.lab.podman import podman

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def other_checkout(tmp_path):
    """Another checkout of the project on this machine, with the same environment but without a lab."""
    root = tmp_path / "checkout"
    for part in ("tests/lab", "tests/packages", "tests/simulator"):
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    (root / ".cache").mkdir()
    (root / ".cache/venv").symlink_to(CACHE / "venv")
    return root


def test_two_labs_at_once_have_hosts_of_their_own_and_end_alone(on_host):
    try:
        with ThreadPoolExecutor() as pool:
            one, two = pool.map(lambda name: labs.up(name, 1, simulator=True), ("t-one", "t-two"))
        for key in ("address", "port", "host_key"):
            assert one["hosts"][0][key] != two["hosts"][0][key]
        assert one["simulator"]["url"] != two["simulator"]["url"]
        labs.down("t-one")
        assert on_host(two, 1, "true").returncode == 0
        assert process.alive(two["simulator"])
        assert not process.alive(one["simulator"])
        assert not containers("t-one")
        assert not (LABS / "t-one").exists()
    finally:
        labs.down("t-one")
        labs.down("t-two")
    assert not containers("t-two")


def test_ending_something_that_does_not_exist_is_no_error(lab_command):
    assert lab_command("down", "t-never-was").returncode == 0


def test_two_checkouts_do_not_disturb_each_other(other_checkout: Path, lab_command, on_host):
    """Both have a lab of the same name. With LAB_IMAGE, the other checkout builds its image from that of this one."""
    mine = labs.up("t-same", 1)
    ours = image.name()
    try:
        result = lab_command("up", "t-same", "--hosts", "1", cwd=other_checkout, LAB_IMAGE=ours)
        assert result.returncode == 0, result.stderr
        theirs = json.loads(result.stdout)
        assert theirs["hosts"][0]["container"] != mine["hosts"][0]["container"]
        assert theirs["gateway"] != mine["gateway"]
        reached = lab_command("ssh", "t-same", "1", "hostname", "-i", cwd=other_checkout, LAB_IMAGE=ours)
        assert reached.stdout.strip() == theirs["hosts"][0]["address"]

        assert lab_command("clean", cwd=other_checkout).returncode == 0
        assert on_host(mine, 1, "true").returncode == 0
        assert podman("images", "--quiet", ours).strip()
        their_prefix = theirs["hosts"][0]["container"].removesuffix("-t-same-1")
        assert their_prefix != PREFIX
        assert their_prefix not in podman("ps", "--all", "--format", "{{.Names}}")
        assert their_prefix not in podman("network", "ls")
        assert their_prefix not in podman("images")
    finally:
        lab_command("clean", cwd=other_checkout)
        labs.down("t-same")
