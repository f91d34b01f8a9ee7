# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of each host after the playbook, and what OCP shows about it."""

from __future__ import annotations

import re
import socket
from typing import Any

import pymysql
import pytest

OBPROXY = "/opt/taobao/install/obproxy"
SQL, PROMETHEUS = 2883, 2884


def running(host: Any, name: str) -> list[dict[str, str]]:
    """Return the processes with this kernel name, since other processes may have a similar command line."""
    result = host.run("ps -o pid=,ppid=,user= -C %s", name)
    fields = ("pid", "ppid", "user")
    return [dict(zip(fields, line.split(), strict=True)) for line in result.stdout.splitlines()]


def test_exactly_the_wanted_package_is_installed(host, wanted):
    found = host.check_output("rpm --query --queryformat '%%{VERSION} %%{RELEASE}\\n' %s", wanted.name).splitlines()
    assert len(found) == 1
    version, release = found[0].split()
    assert version == wanted.version
    assert re.fullmatch(re.escape(wanted.release) + r"(\.[A-Za-z]+\d\w*)?", release)


def test_the_package_belongs_to_admin(host, wanted):
    assert host.user("admin").exists
    for path in (wanted.home, f"{wanted.home}/bin/obproxy", f"{wanted.home}/bin/obproxyd.sh"):
        assert host.file(path).user == "admin", path


def test_the_link_without_a_version_leads_to_the_wanted_one(host, wanted):
    assert host.file(OBPROXY).is_symlink
    assert host.check_output("readlink --canonicalize %s", OBPROXY) == wanted.home


def test_nc_is_there_for_obproxyd(host):
    assert host.exists("nc")


def test_one_proxy_runs_as_admin_and_obproxyd_watches_it(host, wanted):
    proxies = running(host, "obproxy")
    assert [proxy["user"] for proxy in proxies] == ["admin"]
    executable = host.check_output("readlink /proc/%s/exe", proxies[0]["pid"])
    command = host.file(f"/proc/{proxies[0]['pid']}/cmdline").content_string
    # The proxy of a stand-in package is a script. Its executable is Python, and its file is the first argument.
    assert wanted.home in executable or wanted.home in command or OBPROXY in command
    daemons = running(host, "obproxyd.sh")
    assert daemons and {daemon["user"] for daemon in daemons} == {"admin"}


def test_the_proxy_was_started_once_only(host, lab, wanted):
    """Without nc, or if it is started too early, obproxyd.sh starts further proxies that exit at once."""
    if lab["packages"] == "real":
        pytest.skip("a real obproxyd.sh does not count its starts")
    count = host.file(f"{wanted.home}/log/obproxyd.launches")
    assert count.content_string.strip() == "1"


@pytest.mark.parametrize("port", [SQL, PROMETHEUS])
def test_the_proxy_owns_its_ports(host, port):
    (proxy,) = running(host, "obproxy")
    listening = host.check_output("ss --no-header --listening --numeric --tcp --processes 'sport = :%s'", str(port))
    assert f"pid={proxy['pid']}," in listening


def test_the_proxy_greets_as_obproxy_does(address):
    with socket.create_connection((address, SQL), timeout=5) as connection:
        greeting = connection.recv(4096)
    assert greeting[4] == 10
    assert greeting[5:].split(b"\0")[0] == b"5.6.25"


def test_the_proxy_is_of_the_wanted_version(address, wanted):
    connection = pymysql.connect(host=address, port=SQL, user="root@proxysys", password="", connect_timeout=5)
    with connection, connection.cursor() as cursor:
        cursor.execute("SHOW PROXYINFO BINARY")
        rows = cursor.fetchall()
    assert any(wanted.version in str(column) for row in rows for column in row), rows


def test_the_proxy_was_started_with_the_config_url_of_its_cluster(address, lab, ocp):
    connection = pymysql.connect(host=address, port=SQL, user="root@proxysys", password="", connect_timeout=5)
    with connection, connection.cursor() as cursor:
        cursor.execute("SHOW PROXYCONFIG LIKE 'obproxy_config_server_url'")
        row = cursor.fetchone()
    (cluster,) = ocp("/api/v2/obproxy/clusters")["data"]["contents"]
    assert row is not None
    assert row[1] == cluster["configUrl"]


def test_ocp_manages_each_proxy(lab, ocp):
    (cluster,) = ocp("/api/v2/obproxy/clusters")["data"]["contents"]
    managed = {proxy["ip"]: proxy["status"] for proxy in cluster["obproxies"]}
    assert managed == {host["address"]: "RUNNING" for host in lab["hosts"]}


def test_ocp_was_asked_once_for_all(lab, ocp):
    """The playbook ran in check mode before and again afterwards. Both runs may have sent only GET requests."""
    writes = [request for request in ocp("/_simulator/requests") if request["method"] not in ("GET", "HEAD")]
    assert [request["path"].rsplit("/", 1)[1] for request in writes] == ["takeOver"]
    accepted = [(takeover["address"], takeover["sql_port"]) for takeover in ocp("/_simulator/takeovers")]
    assert sorted(accepted) == sorted((host["address"], SQL) for host in lab["hosts"])


def test_every_task_of_a_takeover_succeeded(ocp):
    # Tasks of other users are still running.
    tasks = ocp("/api/v2/tasks/instances?size=100&name=obproxy")["data"]["contents"]
    assert tasks
    assert {task["status"] for task in tasks} == {"SUCCESSFUL"}
