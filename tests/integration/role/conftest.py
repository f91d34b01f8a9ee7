# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures for the tests of the role. They share one host, since resetting it is faster than creating a new one."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.lab import lab as labs
from tests.lab import repository
from tests.lab.hosts import ensure_network

from .hosts import INSTALL, LAB, Host


@pytest.fixture(scope="session")
def _host():
    found = labs.up(LAB, count=1, simulator=False, packages="stand-in")
    yield Host(found["hosts"][0], found["inventory"])
    labs.down(LAB)


@pytest.fixture
def host(_host):
    """A host without any trace of OBProxy."""
    return _host.fresh()


@pytest.fixture(scope="module")
def proxy_host(_host):
    """A host on which the role has started a proxy, for tests that do not change it."""
    _host.fresh().role().ok()
    return _host


@pytest.fixture(scope="module")
def _installed_host(_host):
    _host.fresh().role(*INSTALL).ok()
    return _host


@pytest.fixture
def stopped_host(_installed_host):
    """A host on which OBProxy is installed and has never run."""
    return _installed_host.stopped()


@pytest.fixture(scope="module")
def web():
    """The package repository over HTTP, at the address where hosts reach this machine."""
    handler = partial(SimpleHTTPRequestHandler, directory=repository.ensure("stand-in"))
    server = ThreadingHTTPServer((ensure_network(), 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{server.server_address[0]}:{server.server_address[1]}"
    server.shutdown()
