# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._host import cmdline as arguments

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
        "proxysys_private_only": None,
        "start_mode": "config_url",
        "config_url": URL,
        "ob_clusters": [],
        "options": {
            "prometheus_sync_interval": "1s",
            "obproxy_config_server_url": URL,
            "prometheus_listen_port": "2994",
            "proxy_mem_limited": "2G",
        },
        "told_ports": {"sql": 2883, "prometheus": 2994, "rpc": None},
    }


def test_a_proxy_with_root_servers_serves_the_one_ob_cluster():
    found = arguments.parse_arguments(["-c", "ob", "-r", "10.0.0.1:2881"])
    assert (found["start_mode"], found["ob_clusters"], found["config_url"]) == ("rs_list", ["ob"], None)


def test_secrets_are_not_shown():
    hash_ = "e6c2f8b1d0a94c7e8f1234567890abcdefabcdef"
    url = "http://me:hush@ocp:8080/services?User_ID=u&token=hush2&ObproxyClusterName=demo"
    options = f"observer_sys_password={hash_},obproxy_config_server_url={url},a=b"
    found = arguments.parse_arguments(["-o", options])
    assert not any(secret in repr(found) for secret in (hash_, "hush"))
    assert found["options"]["a"] == "b"
    assert found["config_url"] == "http://********@ocp:8080/services?User_ID=u&token=********&ObproxyClusterName=demo"


SAVED = {
    "listen_port": "2993",
    "app_name": "saved",
    "obproxy_config_server_url": URL,
    "rootservice_list": "",
    "rootservice_cluster_name": "undefined",
    "obproxy_sys_password": "e6c2f8b1d0a94c7e8f12",
}


def test_the_saved_settings_complete_the_arguments():
    found = arguments.parse_arguments([], SAVED)
    assert (found["start_mode"], found["config_url"], found["app_name"]) == ("config_url", URL, "saved")
    assert found["told_ports"]["sql"] == 2993
    assert "e6c2f8b1d0a94c7e8f12" not in repr(found)


@pytest.mark.parametrize("value, closed", [("False", True), ("false", True), ("True", False), ("", None)])
def test_it_shows_whether_root_at_proxysys_is_accepted_from_anywhere(value, closed):
    found = arguments.parse_arguments(["-o", f"skip_proxy_sys_private_check={value}"])
    assert found["proxysys_private_only"] is closed


def test_the_arguments_count_before_what_is_saved():
    line = ["-p", "2883", "-c", "ob", "-r", "10.0.0.1:2881", "-o", "obproxy_config_server_url=,a=b"]
    found = arguments.parse_arguments(line, SAVED)
    assert (found["start_mode"], found["ob_clusters"], found["told_ports"]["sql"]) == ("rs_list", ["ob"], 2883)


def test_an_empty_url_leaves_the_root_server_list():
    line = ["-p", "2883", "-c", "ob", "-r", "10.0.0.1:2881;10.0.0.2:2881", "-o", "obproxy_config_server_url=,a=b"]
    assert arguments.parse_arguments(line)["start_mode"] == "rs_list"


def test_two_quotes_as_the_url_make_the_proxy_ignore_the_list():
    line = ["-r", "10.0.0.1:2881", "-o", "obproxy_config_server_url='',a=b"]
    assert arguments.parse_arguments(line)["start_mode"] == "config_url"


def test_without_arguments_nothing_is_claimed():
    found = arguments.parse_arguments([])
    assert found.pop("told_ports") == {"sql": None, "prometheus": None, "rpc": None}
    assert not any(found.values())


@pytest.mark.parametrize("line", [["-p2999"], ["-p", "2999"], ["--listen_port", "2999"], ["--listen_port=2999"]])
def test_a_port_is_read_however_it_is_written(line):
    assert arguments.parse_arguments(line)["told_ports"]["sql"] == 2999


@pytest.mark.parametrize("line", [["-p"], ["-o"], ["--listen_port"], ["-"], ["--"], ["-o", ",=,"], ["-p", "x"], ["-n"]])
def test_a_broken_line_does_not_upset_the_look(line):
    assert arguments.parse_arguments(line)["told_ports"]["sql"] is None


def test_the_daemons_letters_are_its_own():
    line = ["-c", "checkalive", "-p", "2883", "-n", "demo", "-r", "-t", "10.0.0.1:2881", "-s", "ob"]
    found = arguments.parse_daemon_arguments(line)
    assert (found["app_name"], found["start_mode"], found["ob_clusters"]) == ("demo", "rs_list", ["ob"])
    assert found["told_ports"] == {"sql": 2883, "prometheus": None, "rpc": None}
    assert arguments.parse_daemon_arguments(["-c", "checkalive", "-u", URL])["start_mode"] == "config_url"
    assert arguments.parse_daemon_arguments(["-c", "checkalive", "-e", "private"])["start_mode"] is None
