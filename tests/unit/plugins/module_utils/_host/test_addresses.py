# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses that a proxy would find on its host. The expected results are those of a real OBProxy 4.2.3."""

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._host import addresses


@pytest.mark.parametrize(
    "devices, name, found",
    [
        (["127.0.0.1", "10.0.0.11"], ["10.0.0.11"], ["10.0.0.11"]),
        # OBProxy starts if the name resolves only to loopback or not at all, as long as a device has an address.
        (["127.0.0.1", "10.0.0.11"], ["127.0.0.1"], ["10.0.0.11"]),
        (["127.0.0.1", "10.0.0.11"], [], ["10.0.0.11"]),
        # OBProxy also starts if only the name resolves to an address.
        (["127.0.0.1"], ["10.0.0.11"], ["10.0.0.11"]),
        # OBProxy exits at startup.
        (["127.0.0.1"], ["127.0.1.1"], []),
        (["127.0.0.1"], [], []),
    ],
)
def test_an_address_of_a_device_or_of_the_name_will_do(monkeypatch, devices, name, found):
    monkeypatch.setattr(addresses, "of_devices", lambda: devices)
    monkeypatch.setattr(addresses, "of_name", lambda asked: name)
    assert addresses.find_addresses() == found


def test_this_machines_loopback_device_is_among_its_devices():
    assert "127.0.0.1" in addresses.of_devices()


def test_a_name_that_does_not_resolve_has_no_address():
    assert addresses.of_name("no-such-host.invalid") == []
