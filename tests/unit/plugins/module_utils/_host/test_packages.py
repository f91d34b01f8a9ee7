# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._host import packages

OUTPUT = (
    "P\tobproxy\t(none)\t1.9.1.1\t1919579.el7\tx86_64\t/opt/taobao/install\t/opt/taobao/install\t88772009\n"
    "F\t/opt/taobao/install/obproxy-1.9.1.1\n"
    "F\t/opt/taobao/install/obproxy-1.9.1.1/bin\n"
    "F\t/opt/taobao/install/obproxy-1.9.1.1/bin/obproxy\n"
    "F\t/opt/taobao/install/obproxy-1.9.1.1/bin/obproxyd.sh\n"
    "P\tobproxy-debuginfo\t(none)\t1.9.1.1\t1919579.el7\tx86_64\t(none)\t(none)\t4711\n"
    "F\t/usr/lib/debug/x\n"
    "P\tobproxy-ce\t0\t4.2.1.0\t11.el7\tx86_64\t(none)\t(none)\t4711\n"
    "F\t/home/admin/obproxy-4.2.1.0/bin/obproxy\n"
)


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        ("1919579.el7", "1919579"),
        ("20220310201314.el7", "20220310201314"),
        ("11.el8_10", "11"),
        ("11.el7.centos", "11"),
        ("2.an8", "2"),
        ("2.oe2203", "2"),
        ("2.ky10", "2"),
        ("1919579", "1919579"),
        ("1.2", "1.2"),
        ("1.rc1.el7", "1.rc1"),
    ],
)
def test_the_dist_tag_is_left_off(release, expected):
    assert packages.without_dist_tag(release) == expected


def test_packages_are_listed_with_their_directory():
    obproxy, community = packages.parse_packages(OUTPUT, ["obproxy", "obproxy-ce"])
    assert obproxy == {
        "name": "obproxy",
        "epoch": 0,
        "version": "1.9.1.1",
        "release": "1919579.el7",
        "release_without_dist_tag": "1919579",
        "arch": "x86_64",
        "nevra": "obproxy-1.9.1.1-1919579.el7.x86_64",
        "prefix": "/opt/taobao/install",
        "size": 88772009,
        "home": "/opt/taobao/install/obproxy-1.9.1.1",
    }
    # A package that is not relocatable has no prefix. Its files show where it is installed.
    assert (community["prefix"], community["home"]) == ("/home/admin", "/home/admin/obproxy-4.2.1.0")


def test_packages_of_other_names_are_left_out():
    assert [item["name"] for item in packages.parse_packages(OUTPUT, ["obproxy"])] == ["obproxy"]


def test_no_package_is_no_package():
    assert packages.parse_packages("", ["obproxy"]) == []
