# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Invalid variables are reported before the host is checked. One run covers all of them, with one host each."""

import json
import re

import pytest

from .hosts import VARIABLES, run_role

CASES = {
    "port": ({"obproxy_sql_port": 1024}, "obproxy_sql_port is 1024"),
    "text-for-a-list": ({"obproxy_rs_list": "ob1:2881"}, "obproxy_rs_list is 'ob1:2881'"),
    "password": (
        {"obproxy_extra_options": {"observer_sys_password": "abc987"}},
        "obproxy_extra_options sets observer_sys_password",
    ),
    "version-to-remove": (
        {"obproxy_state": "absent", "obproxy_package_version": ""},
        "needed: the version to remove. Set obproxy_package_version.",
    ),
    "state": ({"obproxy_state": "running"}, "value of obproxy_state must be one of: started, absent"),
}
# These are valid, so the run gets as far as connecting to the host, which is unreachable.
FINE = {
    "as-it-is": {},
    "no-version": {"obproxy_package_version": ""},
    "list-as-text": {"obproxy_rs_list": "10.1.1.1:2881;10.1.1.2:2881"},
}


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    hosts = {}
    for name, changed in {**{name: case[0] for name, case in CASES.items()}, **FINE}.items():
        variables = {**VARIABLES, **changed}
        hosts[name] = {key: value for key, value in variables.items() if value is not None}
        # A host whose variables pass the check is unreachable.
        hosts[name].update(ansible_connection="ssh", ansible_host="127.0.0.1", ansible_port=1)
    inventory = tmp_path_factory.mktemp("inventory") / "hosts.json"
    inventory.write_text(json.dumps({"all": {"hosts": hosts}}))
    run = run_role(["all"], inventory, "-f", "2")
    assert "Traceback" not in run.output, run.output
    return run.output


def messages(output, name):
    """Return the failure message of this host, with its line breaks."""
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
