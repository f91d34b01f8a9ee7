# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role's messages about a proxy that is not ready, that OCP would refuse, or whose package was not installed."""

import pytest
from ansible_collections.obops.oceanbase.plugins.plugin_utils._faults import faults, package_failure

VARIABLES = {
    "obproxy_user": "admin",
    "obproxy_sql_port": 2883,
    "obproxy_configure": True,
    "obproxy_start_timeout": 600,
}
LOG = {"path": "/opt/obproxy/log/obproxy.log", "lines": ["fail to get local addr list", "exit"]}
DENIED = {"outcome": "denied", "message": "Access denied", "password_given": True}


def blockers(*names):
    return [{"name": name, "text": f"{name}: something is wrong. Correct it."} for name in names]


def host(ready=True, logs=(), login=None, refused=(), old=()):
    return {
        "readiness": {"ready": ready, "message": "it ended at its start", "logs": list(logs)},
        "todo": {"version": "4.2.3.0-1", "home": "/opt/obproxy", "old_packages": list(old)},
        "login": login,
        "takeover_blockers": blockers(*refused),
    }


def test_a_proxy_that_is_ready_and_fits_has_no_fault():
    fine = {"outcome": "ok", "message": None, "password_given": True}
    assert faults(host(login=fine), VARIABLES) == []


def test_a_proxy_that_is_not_ready_comes_with_its_log():
    assert faults(host(ready=False, logs=[LOG], refused=["no_process"]), VARIABLES, started=True) == [
        "OBProxy 4.2.3.0-1 does not answer on port 2883 (obproxy_sql_port, obproxy_start_timeout 600 s): it ended at "
        "its start.",
        "From /opt/obproxy/log/obproxy.log:",
        "fail to get local addr list",
        "exit",
        "This run started it.",
    ]


def test_a_proxy_without_a_line_in_its_log_says_where_there_is_none():
    _what, logs, whose = faults(host(ready=False), VARIABLES)
    assert logs.startswith("The logs in /opt/obproxy/log have no lines since the start")
    assert whose == "It was running before this run and was left alone."


def test_what_ocp_would_refuse_is_in_one_line():
    assert faults(host(refused=["wrong_user", "wrong_port"]), VARIABLES) == [
        "OBProxy is running, but OCP would not take it over. wrong_user: something is wrong. Correct it. wrong_port: "
        "something is wrong. Correct it."
    ]


@pytest.mark.parametrize(
    ("found", "variables"),
    [
        (host(refused=["several_packages"], old=[{"nevra": "obproxy-3.2.3.5-2"}]), {}),
        (host(refused=["wrong_user"]), {"obproxy_user": "proxy"}),
    ],
)
def test_what_the_variables_ask_for_is_no_fault(found, variables):
    assert faults(found, {**VARIABLES, **variables}) == []


def test_a_password_that_does_not_work_is_a_fault_unless_this_run_has_set_it():
    refused = host(login=DENIED, refused=["wrong_password"])
    (fault,) = faults(refused, VARIABLES)
    assert "root@proxysys cannot log in with obproxy_proxysys_password on port 2883: Access denied." in fault
    assert faults(refused, VARIABLES, configured=True) == []
    assert faults(refused, {**VARIABLES, "obproxy_configure": False}) == []


def test_without_a_password_no_log_in_is_expected():
    assert faults(host(login={**DENIED, "password_given": False}, refused=["password_needed"]), VARIABLES) == []


@pytest.mark.parametrize(
    ("result", "text"),
    [
        ({"msg": "Failed to download"}, "Failed to download."),
        ({"msg": "Depsolve failed", "failures": ["no package nc"]}, "Depsolve failed no package nc."),
        ({"msg": "non-zero return code", "stderr": "Error: conflicts\n"}, "Error: conflicts."),
        ({}, "no reason is given."),
        (
            {"msg": "Failed to validate GPG signature for obproxy"},
            "Failed to validate GPG signature for obproxy. If the package is intentionally unsigned, set "
            "obproxy_disable_gpg_check.",
        ),
        (
            {"msg": "The dnf action failed to execute in the expected time frame (180) and was terminated"},
            "The dnf action failed to execute in the expected time frame (180) and was terminated. The package manager "
            "had 180 s (obproxy_package_timeout) and may still be running.",
        ),
    ],
)
def test_a_package_failure_has_its_reason_and_what_to_do(result, text):
    assert package_failure(result, 180) == text
