# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables that cannot be right are told before the host is asked anything. All of them in one run, a host each."""

import json
import re

import pytest

from .hosts import VARIABLES, run_role

URL = "http://ocp:8080/services?Action=GetObProxyConfig&ObproxyClusterName=demo"
CASES = {
    "package-name-in-version": (
        {"obproxy_package_version": "obproxy-1.9.1.1-1919579"},
        "obproxy_package_version is 'obproxy-1.9.1.1-1919579'. It has to be VERSION-RELEASE",
    ),
    "relative-path": ({"obproxy_package_source": "obproxy.rpm"}, "obproxy_package_source is 'obproxy.rpm'"),
    "checksum-of-a-repository": (
        {"obproxy_package_checksum": "sha256:" + "0" * 64},
        "goes with the path or the URL of an RPM in obproxy_package_source",
    ),
    "low-port": ({"obproxy_sql_port": 1024}, "obproxy_sql_port is 1024"),
    "same-ports": ({"obproxy_exporter_port": 2883}, "OBProxy needs two different ports from 1025 to 65535"),
    "both-modes": ({"obproxy_config_url": URL}, "obproxy_config_url is set, and so is obproxy_rs_list"),
    "url-with-quote": (
        {"obproxy_config_url": URL + "'", "obproxy_rs_list": [], "obproxy_ob_cluster": ""},
        "without spaces, commas and quotes",
    ),
    "url-with-backslash": (
        {"obproxy_config_url": URL + "\\", "obproxy_rs_list": [], "obproxy_ob_cluster": ""},
        "without spaces, commas and quotes",
    ),
    "no-cluster": ({"obproxy_ob_cluster": ""}, "obproxy_rs_list is '10.1.1.1:2881' and obproxy_ob_cluster is ''"),
    "cluster-alone": ({"obproxy_rs_list": []}, "obproxy_rs_list is '' and obproxy_ob_cluster is 'ob'"),
    "host-name": ({"obproxy_rs_list": ["ob1:2881"]}, "root servers as IP:PORT"),
    "no-port": ({"obproxy_rs_list": ["10.1.1.1"]}, "root servers as IP:PORT"),
    "app-name": ({"obproxy_app_name": "my proxy"}, "obproxy_app_name is 'my proxy'"),
    "environment": ({"obproxy_environment": "a;b"}, "obproxy_environment is 'a;b'"),
    "password": (
        {"obproxy_extra_options": {"observer_sys_password": "abc987"}},
        "obproxy_extra_options must not set observer_sys_password",
    ),
    "own-variable": (
        {"obproxy_extra_options": {"prometheus_listen_port": 1}},
        "obproxy_extra_options must not set prometheus_listen_port",
    ),
    "comma": ({"obproxy_extra_options": {"a": "1,b=2"}}, "a value has no spaces, commas, quotes and backslashes"),
    "quote": ({"obproxy_extra_options": {"a": "'x'"}}, "a value has no spaces, commas, quotes and backslashes"),
    "space": ({"obproxy_extra_options": {"a": "1 2"}}, "a value has no spaces, commas, quotes and backslashes"),
    "option-name": ({"obproxy_extra_options": {"a-b": 1}}, "A name is made of letters, digits and '_'"),
    "missing-version": ({"obproxy_package_version": None}, "obproxy_package_version"),
}
# These are fine, so the run gets as far as the host, which nobody reaches.
FINE = {
    "list-as-text": {"obproxy_rs_list": "10.1.1.1:2881;10.1.1.2:2881"},
    "list": {"obproxy_rs_list": ["10.1.1.1:2881", "10.1.1.2:2881"]},
    "url": {"obproxy_config_url": URL, "obproxy_rs_list": [], "obproxy_ob_cluster": ""},
    "options": {"obproxy_extra_options": {"proxy_mem_limited": "4G", "enable_qos": True, "work_thread_num": 8}},
}


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    hosts = {}
    for name, changed in {**{name: case[0] for name, case in CASES.items()}, **FINE}.items():
        variables = {**VARIABLES, **changed}
        hosts[name] = {key: value for key, value in variables.items() if value is not None}
        # Whatever gets past the variables ends here.
        hosts[name].update(ansible_connection="ssh", ansible_host="127.0.0.1", ansible_port=1)
    inventory = tmp_path_factory.mktemp("inventory") / "hosts.json"
    inventory.write_text(json.dumps({"all": {"hosts": hosts}}))
    run = run_role(["all"], inventory, "-f", "2")
    assert "Traceback" not in run.output, run.output
    return run.output


def messages(output, name):
    """The lines from this host's failure on to the next one's."""
    found = re.search(rf"^(fatal|failed): \[{name}\].*$", output, re.MULTILINE)
    assert found, output
    return found.group(0).replace("\\n", "\n")


@pytest.mark.parametrize("name", CASES)
def test_a_variable_that_cannot_be_right_is_named_with_what_it_should_be(output, name):
    message = messages(output, name)
    assert CASES[name][1] in message
    assert "UNREACHABLE" not in message
    assert "undefined" not in message


@pytest.mark.parametrize("name", FINE)
def test_variables_that_are_right_get_past_the_check(output, name):
    assert "UNREACHABLE" in messages(output, name)


def test_a_password_in_the_options_is_not_repeated(output):
    assert "abc987" not in output
