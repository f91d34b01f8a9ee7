# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""After an upgrade, the new version is running with the old version's password. The old version is kept."""

from __future__ import annotations

import pymysql

OLD, NEW = "obproxy-1.9.1.1", "obproxy-3.2.3.5"


def test_the_new_version_runs_and_the_symlink_leads_to_it(host):
    assert host.check_output("readlink /opt/taobao/install/obproxy") == NEW
    proxies = host.check_output("ps -o args= -C obproxy")
    assert f"/{NEW}/bin/obproxy" in proxies
    assert OLD not in proxies


def test_the_old_version_is_kept(host):
    packages = host.check_output("rpm -qa %s --queryformat '%%{NAME}-%%{VERSION} '", "obproxy").split()
    assert sorted(packages) == [OLD, NEW]
    assert host.file(f"/opt/taobao/install/{OLD}/bin/obproxy").exists


def test_the_password_went_along(address):
    connection = pymysql.connect(host=address, port=2883, user="root@proxysys", password="geheim", connect_timeout=5)
    with connection, connection.cursor() as cursor:
        cursor.execute("SHOW PROXYINFO BINARY")
        assert "3.2.3.5" in str(cursor.fetchall())
