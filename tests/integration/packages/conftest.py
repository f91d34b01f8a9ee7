# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import pathlib
import subprocess

import pytest

from . import scratch_host
from .proxy import Proxy

BUILD = scratch_host.ROOT / "tests" / "packages" / "build"


def build(folder, *arguments):
    """Run tests/packages/build for a folder, and return its packages by name."""
    subprocess.run([str(BUILD), str(folder), *arguments], check=True, capture_output=True, text=True)
    return {path.name: path for path in pathlib.Path(folder).glob("*.rpm")}


@pytest.fixture(scope="session")
def repository(tmp_path_factory):
    """A folder with the stand-in packages and their repository."""
    folder = tmp_path_factory.mktemp("repository")
    build(folder)
    return folder


@pytest.fixture(scope="session")
def needs_scratch_hosts():
    reason = scratch_host.missing()
    if reason:
        pytest.skip(reason)


@pytest.fixture
def host(repository, needs_scratch_hosts):
    """A host with the user admin and the repository, on which nothing is installed yet."""
    with scratch_host.ScratchHost(repository) as fresh:
        fresh.check("useradd", "--create-home", "admin")
        yield fresh


@pytest.fixture
def proxy(host, repository):
    """The older stand-in, installed with its dependencies but not started."""
    return Proxy(host, repository / "obproxy-1.9.1.1-1919579.el7.x86_64.rpm", repository)
