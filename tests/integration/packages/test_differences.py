# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The comparison used by test_side_by_side.py finds the differences that it must find."""

from .differences import compare

VERSION, REAL = "1.9.1.1-1919579.el7", "4.2.3.0 OBProxy built from public source"
SAME = {"answer statement 'SELECT 1'": {"eof": "fe00000000"}}


def test_an_unexplained_difference_is_reported():
    standin = {"answer statement 'SELECT 1'": {"ok": "00000000000000"}}
    unexplained, _ = compare(standin, SAME, VERSION, REAL)
    assert list(unexplained) == ["answer statement 'SELECT 1'"]


def test_an_answer_that_is_missing_is_reported():
    unexplained, _ = compare({}, SAME, VERSION, REAL)
    assert unexplained["answer statement 'SELECT 1'"]["stand-in"] == "nothing"


def test_a_setting_may_be_missing_but_not_be_another():
    real = {"answer config 'listen_port'": ["2883", "true", "SYS"]}
    assert compare({}, real, VERSION, REAL)[0] == {}
    assert compare({"answer config 'listen_port'": ["2881", "true", "SYS"]}, real, VERSION, REAL)[0] != {}


def test_what_came_with_a_release_may_only_differ_between_releases():
    old, new = {"answer greeting 'charset'": 83}, {"answer greeting 'charset'": 46}
    assert compare(old, new, VERSION, REAL)[0] == {}
    assert compare(old, new, "4.2.3.0-1.el7", REAL)[0] != {}


def test_a_line_that_no_difference_needs_is_reported():
    _, unneeded = compare(SAME, SAME, VERSION, REAL)
    assert any("charset" in line.about for line in unneeded)
    _, unneeded = compare(SAME, SAME, "4.2.3.0-1.el7", "4.2.3.0 OBProxy")
    assert not any("charset" in line.about for line in unneeded)
