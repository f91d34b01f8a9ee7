# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A host on which the role has started a proxy: its state, and that another run changes nothing."""

import json
import re

import pytest

from .hosts import HOME

FALSE_FRIENDS = r"""
cp /bin/sleep /usr/local/bin/obstat2
cp /bin/sleep /usr/local/bin/vim
setsid /usr/local/bin/obstat2 300 > /dev/null 2>&1 < /dev/null &
setsid bash -c 'exec -a "obstat2 -c test323 __obproxy__" sleep 300' > /dev/null 2>&1 < /dev/null &
setsid tail -f /home/admin/logs/obproxy/log/obproxy.log > /dev/null 2>&1 < /dev/null &
setsid bash -c 'sleep 300; : obproxyd.sh obproxy' > /dev/null 2>&1 < /dev/null &
sleep 0.3
"""


def test_what_the_package_does_not_do_is_done(proxy_host):
    assert proxy_host.run("readlink -f /opt/taobao/install/obproxy") == HOME
    logs = "/home/admin/logs/obproxy"
    owners = proxy_host.run(f"stat -c %U {HOME} {HOME}/bin/obproxy /home/admin {logs}/log {logs}/minidump")
    assert set(owners.split()) == {"admin"}


def test_arguments_reach_the_proxy_without_quotes(proxy_host):
    (pid,) = proxy_host.pids()
    arguments = proxy_host.run(f"tr '\\0' '\\n' < /proc/{pid}/cmdline").splitlines()
    assert arguments[arguments.index("-r") + 1] == "10.1.1.1:2881"
    assert arguments[arguments.index("-c") + 1] == "ob"
    options = arguments[arguments.index("-o") + 1]
    assert options.startswith("obproxy_config_server_url=,")
    assert "prometheus_listen_port=2884" in options
    assert "enable_strict_kernel_release=false" in options
    assert not re.search("['\"]", " ".join(arguments))


def test_a_second_run_changes_nothing_and_starts_nothing(proxy_host):
    before = proxy_host.processes()
    run = proxy_host.role("-vvv").ok()
    assert run.count("changed") == 0
    assert proxy_host.processes() == before
    # One check, and another one only if the proxy has been up for less than 10 s (SETTLED_SECONDS).
    assert run.modules() in (["obproxy_info"], ["obproxy_info"] * 2)


def test_check_mode_on_a_running_proxy_predicts_no_change(proxy_host):
    assert proxy_host.role("--check", "--diff").ok().count("changed") == 0


def test_the_version_may_be_spelled_with_its_dist_tag_or_without_its_release(proxy_host):
    for version in ("1.9.1.1-1919579.el7", "1.9.1.1"):
        proxy_host.role("--tags", "obproxy_preflight", obproxy_package_version=version).ok()


@pytest.mark.parametrize("tag", ["obproxy_install", "obproxy_start", "obproxy_verify"])
def test_each_phase_runs_by_its_tag(proxy_host, tag):
    assert proxy_host.role("--tags", tag).ok().count("changed") == 0


def test_false_friends_are_not_seen_and_the_proxy_is(proxy_host):
    before = [process["pid"] for process in proxy_host.info()["processes"]]
    proxy_host.run(FALSE_FRIENDS)
    try:
        assert [process["pid"] for process in proxy_host.info()["processes"]] == before
        assert proxy_host.role().ok().count("changed") == 0
    finally:
        proxy_host.run("pkill -x obstat2; pkill -x sleep; pkill -x tail", check=False)


def test_the_requested_paths_are_described(proxy_host):
    paths = proxy_host.info(paths=["/opt/taobao/install/obproxy", HOME, "/no/such"])["paths"]
    assert paths["/opt/taobao/install/obproxy"]["target"] == "obproxy-1.9.1.1"
    assert (paths[HOME]["type"], paths[HOME]["owner"]) == ("directory", "admin")
    assert paths["/no/such"]["exists"] is False


def test_the_log_in_of_root_at_proxysys_is_tried_on_demand(proxy_host):
    assert proxy_host.info()["login"] is None
    login = proxy_host.info(proxysys_password="wrong-one")["login"]
    assert login["outcome"] == "denied"
    assert "wrong-one" not in json.dumps(login)


def test_stopping_an_installation_would_end_its_processes_and_no_others(proxy_host):
    ours = {int(pid) for pid, _user, _name in proxy_host.processes()}
    stopped = proxy_host.module("obproxy_stop", "--check", home=HOME)
    assert (stopped["changed"], set(stopped["pids"])) == (True, ours)
    stopped = proxy_host.module("obproxy_stop", home="/opt/taobao/install/obproxy-3.2.3.5")
    assert (stopped["changed"], stopped["pids"]) == (False, [])
    assert {int(pid) for pid, _user, _name in proxy_host.processes()} == ours
