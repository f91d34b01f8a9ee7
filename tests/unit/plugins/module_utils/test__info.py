# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which of OCP's hosts are meant."""

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._errors import OcpError
from ansible_collections.obops.oceanbase.plugins.module_utils._info import find_hosts, host

HOSTS = [
    {"id": 1, "innerIpAddress": "10.0.0.1", "name": "a"},
    {"id": 2, "innerIpAddress": "10.0.0.11", "name": "b"},
    {"id": 3, "innerIpAddress": "10.0.0.3", "name": "same"},
    {"id": 4, "innerIpAddress": "10.0.0.4", "name": "same"},
    {"id": 5, "innerIpAddress": "10.0.0.5", "name": "1"},
]


@pytest.mark.parametrize(
    "wanted, ids",
    [
        (["10.0.0.1"], [1]),
        (["b", "10.0.0.1"], [2, 1]),
        (["2"], [2]),
        (["1"], [5]),  # a name counts before an id
        (["same"], [3, 4]),
        (["a", "10.0.0.1"], [1]),
        ([], []),
    ],
)
def test_hosts_are_found_by_what_is_exactly_the_same(wanted, ids):
    assert [raw["id"] for raw in find_hosts(HOSTS, wanted)] == ids


@pytest.mark.parametrize("wanted", ["10.0.0", "10.0.0.111", "A", "9", ""])
def test_what_is_only_alike_is_not_found(wanted):
    with pytest.raises(OcpError) as caught:
        find_hosts(HOSTS, ["a", wanted])
    assert caught.value.kind == "not_found"
    assert f"OCP knows no host {wanted}. It has 5: 10.0.0.1 (1), 10.0.0.11 (2)" in caught.value.message


def test_all_that_are_unknown_are_named():
    with pytest.raises(OcpError, match=r"no host x, y\. It has 0: none"):
        find_hosts([], ["x", "y"])


def test_a_host_of_which_ocp_tells_nothing_but_the_id():
    told = host({"id": "7"})
    assert told["id"] == 7
    assert told["services"] == []
    assert told["address"] is None
