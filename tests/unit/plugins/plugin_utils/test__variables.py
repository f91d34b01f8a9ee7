# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Invalid variables of the role are reported with the expected values."""

import pytest
from ansible_collections.obops.oceanbase.plugins.plugin_utils._variables import root_servers, variables_problems

URL = "http://ocp:8080/services?Action=GetObProxyConfig&ObproxyClusterName=demo"
WITH_URL = {"obproxy_rs_list": [], "obproxy_ob_cluster": ""}
VALUE = "values without spaces, commas, quotes and backslashes"
CASES = {
    "package-name-in-version": ({"obproxy_package_version": "obproxy-1.9.1.1-1"}, "is 'obproxy-1.9.1.1-1'"),
    "version-to-remove": ({"obproxy_state": "absent", "obproxy_package_version": ""}, "the version to remove"),
    "relative-path": ({"obproxy_package_source": "obproxy.rpm"}, "obproxy_package_source is 'obproxy.rpm'"),
    "checksum-of-a-repository": ({"obproxy_package_checksum": "sha256:" + "0" * 64}, "for the path or URL of an RPM"),
    "checksum-without-algorithm": (
        {"obproxy_package_checksum": "0" * 64, "obproxy_package_source": "/srv/obproxy.rpm"},
        "ALGORITHM:HEX",
    ),
    "low-port": ({"obproxy_sql_port": 1024}, "obproxy_sql_port is 1024"),
    "same-ports": ({"obproxy_exporter_port": "2883"}, "two different ports from 1025 to 65535"),
    "both-modes": ({"obproxy_config_url": URL}, "obproxy_config_url is set, and so is obproxy_rs_list"),
    "url-with-quote": ({"obproxy_config_url": URL + "'", **WITH_URL}, "without spaces, commas, quotes"),
    "url-with-backslash": ({"obproxy_config_url": URL + "\\", **WITH_URL}, "without spaces, commas, quotes"),
    "no-cluster": ({"obproxy_ob_cluster": ""}, "obproxy_rs_list is '10.1.1.1:2881' and obproxy_ob_cluster is ''"),
    "cluster-alone": ({"obproxy_rs_list": []}, "obproxy_rs_list is '' and obproxy_ob_cluster is 'ob'"),
    "host-name": ({"obproxy_rs_list": ["ob1:2881"]}, "root servers as IP:PORT"),
    "no-port": ({"obproxy_rs_list": ["10.1.1.1"]}, "root servers as IP:PORT"),
    "app-name": ({"obproxy_app_name": "my proxy"}, "obproxy_app_name is 'my proxy'"),
    "environment": ({"obproxy_environment": "a;b"}, "obproxy_environment is 'a;b'"),
    "password": ({"obproxy_extra_options": {"observer_sys_password": "abc987"}}, "sets observer_sys_password"),
    "own-variable": ({"obproxy_extra_options": {"prometheus_listen_port": 1}}, "sets prometheus_listen_port"),
    "comma": ({"obproxy_extra_options": {"a": "1,b=2"}}, VALUE),
    "quote": ({"obproxy_extra_options": {"a": "'x'"}}, VALUE),
    "space": ({"obproxy_extra_options": {"a": "1 2"}}, VALUE),
    "option-name": ({"obproxy_extra_options": {"a-b": 1}}, "names of letters, digits and '_'"),
}
FINE = {
    "as-it-is": {},
    "no-version": {"obproxy_package_version": ""},
    "list-as-text": {"obproxy_rs_list": "10.1.1.1:2881;10.1.1.2:2881"},
    "ipv6": {"obproxy_rs_list": ["[fd00::1]:2881"]},
    "url": {"obproxy_config_url": URL, **WITH_URL},
    "options": {"obproxy_extra_options": {"proxy_mem_limited": "4G", "enable_qos": True, "work_thread_num": 8}},
    "no-environment": {"obproxy_environment": ""},
    "checksum-of-a-url": {
        "obproxy_package_source": "https://example.com/obproxy.rpm",
        "obproxy_package_checksum": "sha256:https://example.com/SHA256SUMS",
    },
}


VALID = {
    "obproxy_state": "started",
    "obproxy_package_version": "1.9.1.1-1919579",
    "obproxy_package_source": "repository",
    "obproxy_package_checksum": "",
    "obproxy_sql_port": 2883,
    "obproxy_exporter_port": 2884,
    "obproxy_config_url": "",
    "obproxy_rs_list": ["10.1.1.1:2881"],
    "obproxy_ob_cluster": "ob",
    "obproxy_app_name": "demo",
    "obproxy_environment": "private",
    "obproxy_extra_options": {},
}


def problems(**changed):
    return variables_problems({**VALID, **changed})


@pytest.mark.parametrize("name", CASES)
def test_a_variable_that_cannot_be_right_is_named_with_what_it_should_be(name):
    changed, text = CASES[name]
    (problem,) = problems(**changed)
    assert problem["name"] == "variables"
    assert text in problem["text"]
    assert "abc987" not in problem["text"]


@pytest.mark.parametrize("name", FINE)
def test_valid_variables_are_accepted(name):
    assert problems(**FINE[name]) == []


def test_root_servers_may_be_a_list_or_a_text():
    assert (
        root_servers(["1.1.1.1:1", "2.2.2.2:2"]) == root_servers("1.1.1.1:1, 2.2.2.2:2") == ["1.1.1.1:1", "2.2.2.2:2"]
    )


@pytest.mark.parametrize("value", ["abc", 5, ["x"], {"x": 1}, None, True])
@pytest.mark.parametrize("name", VALID)
def test_a_value_of_another_type_is_left_to_the_argument_specs(name, value):
    assert isinstance(problems(**{name: value}), list)
