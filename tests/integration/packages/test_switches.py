# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The switches with which tests make the stand-in misbehave."""

from .proxy import SUCCESS, until

FILE = "/etc/obproxy-standin.conf"


def test_it_starts_slowly(proxy):
    proxy.start(environment={"OBPROXY_STANDIN_START_SECONDS": "2"})
    assert not until(lambda: proxy.ports(), 1)
    assert proxy.settle()


def test_it_never_listens(proxy):
    proxy.start(environment={"OBPROXY_STANDIN_NEVER_LISTENS": "1"})
    assert not until(lambda: proxy.ports(), 2)
    assert proxy.processes()
    assert SUCCESS not in proxy.log()


def test_it_dies_after_a_start(proxy):
    proxy.start(environment={"OBPROXY_STANDIN_DIES_AFTER": "1"})
    assert proxy.settle()
    assert until(lambda: not proxy.processes(), 30)


def test_it_refuses_every_login_as_long_as_a_file_says_so(proxy):
    proxy.host.shell(f"echo OBPROXY_STANDIN_REFUSES_LOGIN=1 > {FILE}")
    proxy.start()
    assert proxy.settle()
    assert "1045" in proxy.query("SHOW PROXYCONFIG")["text"]
    proxy.host.check("rm", FILE)
    assert "rows" in proxy.query("SHOW PROXYCONFIG")


def test_it_fails_without_a_word_as_a_real_one_now_and_then_does(proxy):
    proxy.start("-p", "2883", environment={"OBPROXY_STANDIN_LOSES_LOG": "1"})
    assert not proxy.settle()
    assert "succ to init logger" in proxy.log()
    assert "fail" not in proxy.log()


def test_a_slow_start_makes_the_daemon_launch_more(proxy):
    proxy.host.shell(f"echo OBPROXY_STANDIN_START_SECONDS=3 > {FILE}")
    proxy.start_by_obproxyd()
    assert until(lambda: int(proxy.log("obproxyd.launches") or 0) > 1, 30)
    assert proxy.comes_up()
