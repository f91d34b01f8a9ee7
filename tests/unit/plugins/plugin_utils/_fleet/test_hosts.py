# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Host patterns: the hosts that they match, and the patterns that are refused."""

import pytest
from ansible import constants as C
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.hosts import check, matching

GROUPS = {"all": ["a", "b"], "ungrouped": [], "obproxy": ["a", "b"], "empty": []}


@pytest.mark.parametrize("mismatch", ["ignore", "error"])
@pytest.mark.parametrize(
    "pattern, hosts",
    [("obproxy", ["a", "b"]), ("nobody", []), ("nobody,b", ["b"]), ("obproxy:!a", ["b"]), ("empty", [])],
)
def test_what_the_inventory_does_not_have_is_left_out_without_a_warning(monkeypatch, capsys, mismatch, pattern, hosts):
    monkeypatch.setattr(C, "HOST_PATTERN_MISMATCH", mismatch, raising=False)
    assert matching(pattern, GROUPS) == hosts
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "pattern, limit, words",
    [
        ("nobody,a", "", "no group or host nobody. Its groups are: empty, obproxy."),
        ("empty", "", "empty matches no host of the inventory."),
        ("a", "b", "a and the limit b have no host in common."),
    ],
)
def test_a_play_without_hosts_is_refused(pattern, limit, words):
    with pytest.raises(ValueError, match=words):
        check(pattern, GROUPS, limit)
