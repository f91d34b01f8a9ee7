# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OBProxy is launched with the role's variables, and with the options that OCP and the host's kernel need."""

import pytest
from ansible_collections.obops.oceanbase.plugins.plugin_utils._launch import SCRIPT, launch, options_text

URL = "http://ocp:8080/services?Action=GetObProxyConfig&ObproxyClusterName=demo"
GIVEN = {
    "obproxy_app_name": "demo",
    "obproxy_sql_port": 2883,
    "obproxy_exporter_port": 2884,
    "obproxy_environment": "private",
    "obproxy_config_url": "",
    "obproxy_rs_list": ["10.1.1.1:2881", "10.1.1.2:2881"],
    "obproxy_ob_cluster": "ob",
    "obproxy_extra_options": {},
}
EL7, EL9 = "3.10.0-1160.el7.x86_64", "5.14.0-427.el9.x86_64"
#: Without this option, OCP could not log in.
ANY_ADDRESS = "skip_proxy_sys_private_check=true"


def options(kernel=EL7, **changes):
    return launch({**GIVEN, **changes}, kernel)["environment"]["OBPROXY_EXTRA_OPT"]


def test_root_servers_are_passed_on_as_obproxyd_takes_them():
    wanted = {
        "APPNAME": "demo",
        "OBPROXY_PORT": "2883",
        "OBPROXY_EXTRA_OPT": f"prometheus_listen_port=2884,{ANY_ADDRESS}",
        "ENABLE_ROOT_SERVER": "true",
        "ROOT_SERVER_LIST": "10.1.1.1:2881;10.1.1.2:2881",
        "ROOT_SERVER_CLUSTER_NAME": "ob",
    }
    assert launch(GIVEN, EL7)["environment"] == wanted
    assert launch({**GIVEN, "obproxy_rs_list": "10.1.1.1:2881, 10.1.1.2:2881"}, EL7)["environment"] == wanted


def test_a_config_url_takes_the_place_of_root_servers_and_is_not_shown():
    given = {"obproxy_config_url": URL, "obproxy_rs_list": [], "obproxy_ob_cluster": ""}
    environment = launch({**GIVEN, **given}, EL7)["environment"]
    assert sorted(environment) == ["APPNAME", "OBPROXY_EXTRA_OPT", "OBPROXY_PORT"]
    assert URL not in environment.values()


def test_an_environment_is_given_only_if_there_is_one():
    assert launch(GIVEN, EL7)["arguments"] == ["-n", "demo", "-p", "2883", "-e", "private"]
    assert launch({**GIVEN, "obproxy_environment": ""}, EL7)["arguments"] == ["-n", "demo", "-p", "2883"]


@pytest.mark.parametrize(
    ("kernel", "told"),
    [(EL7, False), ("4.19.91-26.alios7.x86_64", False), (EL9, True), ("6.1.0-18-amd64", True)],
)
def test_a_kernel_that_the_proxy_does_not_know_is_no_obstacle(kernel, told):
    assert ("enable_strict_kernel_release=false" in options(kernel)) is told


def test_ones_own_options_come_last_and_beat_the_roles():
    own = {"work_thread_num": 8, "skip_proxy_sys_private_check": False}
    assert options(obproxy_extra_options=own) == (
        "prometheus_listen_port=2884,skip_proxy_sys_private_check=false,work_thread_num=8"
    )


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({}, ""),
        ({"proxy_mem_limited": "4G", "work_thread_num": 8}, "proxy_mem_limited=4G,work_thread_num=8"),
        ({"strict_check": False, "enable_reroute": "True"}, "strict_check=false,enable_reroute=true"),
        ({"app_name": "Truest"}, "app_name=Truest"),
    ],
)
def test_options_are_written_as_the_command_line_takes_them(given, text):
    assert options_text(given) == text


def test_the_script_can_be_used_in_the_unit():
    assert not set("'\\\n") & set(SCRIPT)
