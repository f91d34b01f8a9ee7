# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils import _host_arguments as arguments

URL = "http://ocp:8080/services?Action=GetObProxyConfig&User_ID=alibaba&UID=x&ObproxyClusterName=demo"
OCPS_LINE = [
    *["-p", "2883", "-n", "demo", "-o"],
    "prometheus_sync_interval=1s,obproxy_config_server_url="
    + URL
    + ",prometheus_listen_port=2994,proxy_mem_limited=2G",
]


def test_ocps_own_line_is_understood():
    assert arguments.parse_arguments(OCPS_LINE) == {
        "app_name": "demo",
        "start_mode": "config_url",
        "told_ports": {"sql": 2883, "prometheus": 2994, "rpc": None},
    }


def test_an_empty_url_leaves_the_root_server_list():
    line = ["-p", "2883", "-c", "ob", "-r", "10.0.0.1:2881;10.0.0.2:2881", "-o", "obproxy_config_server_url=,a=b"]
    assert arguments.parse_arguments(line)["start_mode"] == "rs_list"


def test_two_quotes_as_the_url_make_the_proxy_ignore_the_list():
    line = ["-r", "10.0.0.1:2881", "-o", "obproxy_config_server_url='',a=b"]
    assert arguments.parse_arguments(line)["start_mode"] == "config_url"


def test_without_arguments_nothing_is_claimed():
    assert arguments.parse_arguments([]) == {
        "app_name": None,
        "start_mode": None,
        "told_ports": {"sql": None, "prometheus": None, "rpc": None},
    }


@pytest.mark.parametrize("line", [["-p2999"], ["-p", "2999"], ["--listen_port", "2999"], ["--listen_port=2999"]])
def test_a_port_is_read_however_it_is_written(line):
    assert arguments.parse_arguments(line)["told_ports"]["sql"] == 2999


@pytest.mark.parametrize("line", [["-p"], ["-o"], ["--listen_port"], ["-"], ["--"], ["-o", ",=,"], ["-p", "x"], ["-n"]])
def test_a_broken_line_does_not_upset_the_look(line):
    assert arguments.parse_arguments(line)["told_ports"]["sql"] is None


def test_the_daemons_letters_are_its_own():
    line = ["-c", "checkalive", "-p", "2883", "-n", "demo", "-r", "-t", "10.0.0.1:2881", "-s", "ob"]
    assert arguments.parse_daemon_arguments(line) == {
        "app_name": "demo",
        "start_mode": "rs_list",
        "told_ports": {"sql": 2883, "prometheus": None, "rpc": None},
    }
    assert arguments.parse_daemon_arguments(["-c", "checkalive", "-u", URL])["start_mode"] == "config_url"
    assert arguments.parse_daemon_arguments(["-c", "checkalive", "-e", "private"])["start_mode"] is None
