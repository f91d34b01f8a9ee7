# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import sys

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._host import sockets

HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
TCP = HEAD + (
    "   0: 00000000:0B43 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1001        0 31337 1 0 100\n"
    "   1: 0100007F:0B44 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 31338 1 0 100\n"
    "   2: 0100007F:0B43 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 31339 1 0 20\n"
)
TCP6 = HEAD + (
    "   0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A 00000000:00000000"
    " 00:00000000 00000000     0        0 15 1 0 100\n"
)


@pytest.mark.skipif(sys.byteorder != "little", reason="the sample is of a little-endian machine")
def test_listening_sockets_are_listed_and_connections_are_not():
    assert sockets.parse_table(TCP) == [
        {"address": "0.0.0.0", "port": 2883, "inode": 31337},
        {"address": "127.0.0.1", "port": 2884, "inode": 31338},
    ]


def test_ipv6_is_understood():
    assert sockets.parse_table(TCP6) == [{"address": "::", "port": 22, "inode": 15}]


def test_a_cut_line_is_passed_over():
    assert sockets.parse_table(HEAD + "   0: 00000000:0B43 0000") == []


def test_a_wildcard_is_reached_over_loopback():
    assert [sockets.reachable(item) for item in ("0.0.0.0", "::", "10.1.2.3")] == ["127.0.0.1", "::1", "10.1.2.3"]


@pytest.mark.parametrize(
    ("address", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.3.2.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("::1234", False),
    ],
)
def test_a_loopback_address_is_known_in_each_spelling(address, loopback):
    assert sockets.is_loopback(address) is loopback
