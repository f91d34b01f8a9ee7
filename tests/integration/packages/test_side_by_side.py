# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stand-in compared with a real OBProxy. Only the differences explained in differences.py are allowed.

Requires a real package, named by the variable OBPROXY_RPM.
"""

import os
import pathlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from . import observations
from .conftest import build
from .differences import compare
from .proxy import Proxy, facts
from .scratch_host import ScratchHost

OLDER = "1.9.1.1-1919579.el7"


@pytest.fixture
def real_package(needs_scratch_hosts):
    named = os.environ.get("OBPROXY_RPM")
    if not named:
        pytest.skip("no real OBProxy package: OBPROXY_RPM names none")
    return pathlib.Path(named).resolve(strict=True)


def observe(package, repository):
    with ScratchHost(repository, package.parent) as host:
        host.check("useradd", "--create-home", "admin")
        return observations.everything(Proxy(host, package, repository), package)


def test_a_stand_in_looks_like_the_real_one(real_package, tmp_path):
    """Compare a stand-in of the same release and an older one, because the table also has changes between releases."""
    releases = [facts(real_package, "%{VERSION}-%{RELEASE}"), OLDER]
    built = build(tmp_path, *[word for release in releases for word in ("--obproxy", release)])
    standins = [next(path for name, path in built.items() if name.startswith(f"obproxy-{r}")) for r in releases]
    # Most of the time is spent waiting, and each package has its own host.
    with ThreadPoolExecutor() as pool:
        real, *seen = pool.map(lambda package: observe(package, tmp_path), [real_package, *standins])

    described = facts(real_package, "%{VERSION} %{SUMMARY}")
    for release, standin in zip(releases, seen, strict=True):
        unexplained, unneeded = compare(standin, real, release, described)
        unexplained = {name: sides for name, sides in unexplained.items() if not lost_verdict(name, sides)}
        assert unexplained == {}, release
        assert unneeded == [], release


def lost_verdict(name, sides):
    """Return whether only the real proxy's verdict is missing.

    A real proxy that fails to start loses the end of its log, including the verdict, in about a third of all attempts,
    because it logs asynchronously. The stand-in never does, so only a real proxy may lack its verdict.
    """
    return name.endswith(": verdict") and sides == {"real": [], "stand-in": ["reboot failed"]}
