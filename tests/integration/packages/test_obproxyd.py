# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The obproxyd.sh script of the stand-in."""

import pytest

from .proxy import until

URL = "http://127.0.0.1:9/services?Action=GetObProxyConfig&User_ID=a&ObproxyClusterName=demo"


def launches(proxy):
    return int(proxy.log("obproxyd.launches") or 0)


def daemons(proxy):
    return proxy.host.run("ps", "-C", "obproxyd.sh", "-o", "args=").stdout.splitlines()


def test_start_leaves_a_daemon_and_a_proxy_and_returns_0(proxy):
    result = proxy.start_by_obproxyd()
    assert result.returncode == 0
    assert "obproxy started" in result.stdout
    assert proxy.comes_up()
    (daemon,) = daemons(proxy)
    assert daemon.startswith("/bin/bash ./bin/obproxyd.sh -c checkalive ")
    assert until(lambda: launches(proxy) >= 1, 30)
    assert until(lambda: len(proxy.processes()) == 1, 30)


def test_it_refuses_to_start_without_e(proxy):
    result = proxy.obproxyd("-c", "start", "-n", "demo", "-p", "2883", "-u", URL)
    assert result.returncode != 0
    assert "-e" in result.stdout
    assert daemons(proxy) == []


def test_start_returns_0_whether_or_not_the_proxy_comes_up(proxy):
    assert proxy.obproxyd("-c", "start", "-e", "private", "-n", "demo").returncode == 0
    assert until(lambda: launches(proxy) >= 2, 30)
    assert not proxy.ports()


def test_a_second_start_finds_the_daemon_there(proxy):
    proxy.start_by_obproxyd()
    assert proxy.comes_up()
    result = proxy.start_by_obproxyd()
    assert (result.returncode, len(daemons(proxy))) == (0, 1)
    assert "already started" in result.stdout


def test_status_exits_with_0_either_way(proxy):
    stopped = proxy.obproxyd("-c", "status")
    proxy.start_by_obproxyd()
    assert proxy.comes_up()
    running = proxy.obproxyd("-c", "status")
    assert (stopped.returncode, running.returncode) == (0, 0)
    assert "stopped" in stopped.stdout
    assert "running" in running.stdout


@pytest.mark.parametrize("arguments", [[], ["-c", "no-such"], ["-c", "start", "-x"]])
def test_what_it_does_not_know_is_255(proxy, arguments):
    assert proxy.obproxyd(*arguments).returncode == 255


def test_a_killed_proxy_is_back_within_seconds_and_counted(proxy):
    proxy.start_by_obproxyd()
    assert proxy.comes_up()
    before = launches(proxy)
    first = proxy.processes()[0][0]
    proxy.host.check("kill", "-9", str(first))
    assert until(lambda: [process[0] for process in proxy.processes()] not in ([], [first]), 30)
    assert until(lambda: launches(proxy) > before, 30)


def test_stop_kills_every_obproxy_of_the_host(proxy):
    proxy.start_by_obproxyd()
    assert proxy.comes_up()
    proxy.host.shell("cp /bin/sleep /tmp/obproxy; /tmp/obproxy 100 >/dev/null 2>&1 &")
    assert until(lambda: len(proxy.processes()) == 2, 15)
    assert proxy.obproxyd("-c", "stop", user="root").returncode == 0
    assert (proxy.processes(), daemons(proxy)) == ([], [])


def test_without_nc_it_launches_a_proxy_every_second_while_the_first_one_serves(proxy):
    proxy.host.check("rpm", "--erase", "nmap-ncat")
    proxy.start_by_obproxyd()
    assert proxy.comes_up()
    first = proxy.processes()[0][0]
    assert until(lambda: launches(proxy) >= 3, 30)
    assert "fail to listen" in proxy.log()
    assert first in [process[0] for process in proxy.processes()]


def test_options_reach_the_proxy_through_the_environment(proxy):
    proxy.start_by_obproxyd(environment={"OBPROXY_EXTRA_OPT": "prometheus_listen_port=2999"})
    assert proxy.comes_up()
    assert "0.0.0.0:2999" in proxy.ports()


@pytest.mark.parametrize("by", ["option", "environment"])
def test_a_config_url_reaches_the_proxy_whole(proxy, by):
    arguments, environment = (["-u", URL], {}) if by == "option" else ([], {"OBPROXY_CONFIG_SERVER_URL": URL})
    proxy.obproxyd("-c", "start", "-e", "private", "-n", "demo", *arguments, environment=environment)
    assert proxy.comes_up()
    ((_, kept, *_),) = proxy.query("SHOW PROXYCONFIG LIKE 'obproxy_config_server_url'")["rows"]
    assert kept == URL


def test_start_obproxy_sh_starts_as_well(proxy):
    result = proxy.host.run("./start_obproxy.sh", "-e", "private", "-u", URL, user="admin", folder=proxy.home)
    assert result.returncode == 0
    assert proxy.comes_up()
