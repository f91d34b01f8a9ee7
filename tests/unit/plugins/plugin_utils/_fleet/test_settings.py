# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import pytest
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.settings import same


@pytest.mark.parametrize(
    "one, other",
    [
        ("3G", "3072MB"),
        ("3g", "3072"),
        ("2048k", "2M"),
        ("True", "true"),
        ("60s", "1m"),
        ("1d", "24h"),
        ("1000ms", "1s"),
        (" 5s", "5S"),
        ("007", "7"),
        ("CRITICAL", "critical"),
        ("", ""),
    ],
)
def test_two_ways_to_write_one_value_are_the_same(one, other):
    assert same(one, other)
    assert same(other, one)


@pytest.mark.parametrize(
    "one, other",
    [("3G", "2G"), ("True", "False"), ("True", "1"), ("60s", "2m"), ("1m", "1"), ("5m", "5k"), ("a,b", "a"), ("", "0")],
)
def test_values_that_mean_different_things_differ(one, other):
    assert not same(one, other)
    assert not same(other, one)


def test_the_default_of_a_setting_says_if_a_bare_number_is_a_time_or_a_size():
    assert same("60", "1m", hint="10s")
    assert not same("60", "1m", hint="16MB")
    assert same("1", "1m", hint="16MB")
    # Nothing shows whether this is a time or a size, so a difference is reported rather than hidden.
    assert not same("60", "1m")
