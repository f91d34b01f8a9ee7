# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""obproxy_state: absent removes one proxy and everything that belongs to it, after asking OCP."""

from .hosts import HOME, UNIT, wait_for

ABSENT = {"obproxy_state": "absent"}
FORCED = {**ABSENT, "obproxy_force": True}
# Starts a second proxy from another directory and on other ports, without the files that the first one writes.
ANOTHER = f"""
rm -rf /data; mkdir /data; chown admin: /data; cd /data
find {HOME} -mindepth 1 -maxdepth 1 ! -name etc ! -name .conf ! -name log -exec cp -a {{}} . \\;
runuser -u admin -- ./bin/obproxy -p 3883 -n mine -r 10.1.1.1:2881 -c ob \\
  -o enable_strict_kernel_release=false,prometheus_listen_port=3884
"""


def test_nothing_is_removed_without_an_ocp(proxy_host):
    before = proxy_host.processes()
    message = proxy_host.role(**ABSENT).message()
    assert f"{proxy_host.name}: OBProxy 1.9.1.1-1919579 is not removed, since ocp_url is not set" in message
    assert "Set ocp_url and the login" in message
    assert "or set obproxy_force" in message
    assert proxy_host.processes() == before


def test_only_this_proxy_is_removed_and_the_logs_are_kept_by_default(host):
    host.role(obproxy_service=True).ok()
    host.run(ANOTHER)
    wait_for(lambda: host.info(sql_port=3883)["readiness"]["ready"])
    before = host.processes()
    assert host.role("--check", **FORCED).ok().count("changed") >= 4
    assert host.processes() == before

    host.role(**FORCED).ok()
    obproxy = host.info(sql_port=3883, paths=["/opt/taobao/install/obproxy", HOME, UNIT])
    assert [process["home"] for process in obproxy["processes"]] == ["/data"]
    assert obproxy["readiness"]["ready"]
    assert obproxy["packages"] == []
    assert not any(path["exists"] for path in obproxy["paths"].values())
    assert host.run("systemctl is-enabled obproxy 2>/dev/null || true") in ("", "not-found")
    assert host.run("ls /home/admin/logs/obproxy/log/obproxy.log")

    # A second run has nothing to do, so it does not ask OCP.
    assert host.role(**ABSENT).ok().count("changed") == 0
    # Another proxy may still write to the logs.
    assert host.role(**ABSENT, obproxy_remove_logs=True).ok().count("changed") == 0
    host.run("pkill -x obproxy; rm -rf /data")
    wait_for(lambda: host.processes() == [])
    assert host.role(**ABSENT, obproxy_remove_logs=True).ok().count("changed") == 1
    assert host.run("ls /home/admin/logs/obproxy") == ""
