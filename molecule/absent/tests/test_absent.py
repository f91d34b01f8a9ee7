# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""After a removal, only the proxy's logs and its user are left."""

from __future__ import annotations

import pytest


def test_no_process_is_left(host):
    assert host.run("ps -C obproxy,obproxyd.sh").rc != 0


def test_no_package_is_left(host):
    assert host.check_output("rpm -qa 'obproxy*'") == ""


@pytest.mark.parametrize("path", ["/opt/taobao/install/obproxy", "/opt/taobao/install/obproxy-1.9.1.1"])
def test_neither_directory_nor_symlink_is_left(host, path):
    assert not host.file(path).exists


def test_the_logs_and_the_user_stay(host):
    assert host.file("/home/admin/logs/obproxy/log/obproxy.log").exists
    assert host.user("admin").exists
