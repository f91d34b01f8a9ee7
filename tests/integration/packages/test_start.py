# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Successful and failed starts of the stand-in's bin/obproxy."""

import pytest

from .proxy import OPTIONS, ROOT_SERVERS, Proxy, until
from .scratch_host import ScratchHost


def test_a_start_returns_at_once_and_leaves_a_process_named_obproxy(proxy):
    result = proxy.start()
    assert result.returncode == 0
    assert result.stdout == ""
    assert "rs list: 127.0.0.1:2881" in result.stderr
    assert proxy.settle()
    ((_, parent, user, name, _),) = proxy.processes()
    assert (parent, user, name) == (1, "admin", "obproxy")
    assert proxy.ports() == ["0.0.0.0:2883", "0.0.0.0:2884"]


def test_its_log_and_its_settings_lie_below_its_working_directory(proxy):
    proxy.start()
    assert proxy.settle()
    files = proxy.files()
    assert {"etc/obproxy_config.bin", "etc/proxyconfig.db", "log/obproxy.log"} <= set(files)
    assert "log/obproxy_diagnosis.log" not in files
    assert proxy.host.read("/home/admin/logs/obproxy/log/obproxy.log") == proxy.log()


def test_obproxy_root_is_used_instead_of_the_working_directory(proxy):
    proxy.start(environment={"OBPROXY_ROOT": "/home/admin/elsewhere"})
    assert until(lambda: "0.0.0.0:2883" in proxy.ports(), 30)
    proxy.home = "/home/admin/elsewhere"
    assert "etc/obproxy_config.bin" in proxy.files()


def test_a_start_without_arguments_uses_the_saved_settings(proxy):
    proxy.start("-p", "2999", *ROOT_SERVERS[2:], "-o", OPTIONS)
    assert proxy.settle()
    proxy.host.run("pkill", "-x", "obproxy")
    assert until(lambda: not proxy.processes(), 15)
    proxy.host.run("bin/obproxy", user="admin", folder=proxy.home)
    assert until(lambda: "0.0.0.0:2999" in proxy.ports(), 30)


def test_sigterm_ends_it_and_not_at_once(proxy):
    proxy.start()
    assert proxy.settle()
    proxy.host.run("pkill", "-TERM", "-x", "obproxy")
    assert proxy.processes()
    assert until(lambda: not proxy.processes(), 15)


FAILURES = {
    "no start mode": ["-p", "2883", "-o", OPTIONS],
    "root servers separated by commas": ["-p", "2883", "-r", "127.0.0.1:2881,127.0.0.1:2882", "-o", OPTIONS],
    "a root server by name": ["-p", "2883", "-r", "localhost:2881", "-o", OPTIONS],
    "a root server without a port": ["-p", "2883", "-r", "127.0.0.1", "-o", OPTIONS],
    "too little memory": [*ROOT_SERVERS, "-o", OPTIONS + ",proxy_mem_limited=99M"],
    "a kernel that is not EL's": [*ROOT_SERVERS, "-o", "obproxy_config_server_url="],
}


@pytest.mark.parametrize("arguments", FAILURES.values(), ids=FAILURES)
def test_a_start_that_fails_exits_with_0_and_says_so_only_in_the_log(proxy, arguments):
    assert proxy.start(*arguments).returncode == 0
    assert not proxy.settle()
    assert "obproxy init failed" in proxy.log()
    assert proxy.ports() == []


@pytest.mark.parametrize("arguments", [["-p", "80"], ["-p", "1024"], ["-x"], ["--no-such"], ["-V"], ["-h"], ["-R"]])
def test_nothing_is_started_or_written_by(proxy, arguments):
    result = proxy.start(*arguments)
    assert (result.returncode, result.stdout) == (0, "")
    assert proxy.processes() == []
    assert proxy.files() == []


def test_a_port_that_is_taken_ends_the_second_proxy_and_leaves_the_first(proxy):
    proxy.start()
    assert proxy.settle()
    ((first, *_),) = proxy.processes()
    assert proxy.start().returncode == 0
    assert until(lambda: "fail to listen" in proxy.log(), 30)
    assert until(lambda: [process[0] for process in proxy.processes()] == [first], 15)


def test_a_taken_port_for_prometheus_only_warns(proxy):
    proxy.host.shell("python3 -m http.server 2884 >/dev/null 2>&1 &")
    assert until(lambda: proxy.ports() == ["0.0.0.0:2884"], 30)
    proxy.start()
    assert proxy.settle()
    assert "fail to start prometheus" in proxy.log()


def test_a_folder_that_cannot_be_written_ends_a_start_without_a_word(proxy):
    proxy.host.check("chown", "root", proxy.home)
    assert proxy.start().returncode == 0
    assert until(lambda: not proxy.processes(), 15)
    assert proxy.log() == ""


def test_a_host_with_no_address_but_127_cannot_start_it(repository, needs_scratch_hosts):
    with ScratchHost(repository, address="") as lonely:
        lonely.check("useradd", "--create-home", "admin")
        proxy = Proxy(lonely, *repository.glob("obproxy-1.9*.rpm"), repository)
        proxy.start()
        assert not proxy.settle()
        assert "fail to get local addr list" in proxy.log()


def test_a_config_server_is_asked_as_a_proxy_asks_it(proxy):
    proxy.host.shell("mkdir /web; cd /web; python3 -u -m http.server 8080 >/dev/null 2>/web/log &")
    assert until(lambda: proxy.ports() == ["0.0.0.0:8080"], 30)
    url = "http://10.99.0.2:8080/services?Action=GetObProxyConfig&ObproxyClusterName=demo"
    proxy.start("-p", "2883", "-n", "demo", "-o", f"obproxy_config_server_url={url},enable_strict_kernel_release=false")
    assert proxy.settle()
    asked = "GET /services?Action=GetObProxyConfig&ObproxyClusterName=demo"
    assert until(lambda: f"{asked} HTTP" in proxy.host.read("/web/log"), 30)
    assert f"{asked}&VersionOnly=true HTTP" in proxy.host.read("/web/log")
