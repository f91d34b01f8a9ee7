# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory plugin, run by ansible-inventory against a simulated OCP."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml


@pytest.fixture
def inventory(runner, ocp):
    """A function that lists an inventory with the given options and returns the parsed output or the error message."""

    def list_(name="my.ocp.yml", plugin="obops.oceanbase.ocp", **options):
        file = runner.folder / name
        file.write_text(yaml.safe_dump({"plugin": plugin, **options}))
        environment = {**runner.environment(), "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true"}
        done = subprocess.run(
            [str(Path(sys.executable).parent / "ansible-inventory"), "-i", str(file), "--list", "--export"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return json.loads(done.stdout) if done.returncode == 0 else done.stderr

    ocp.reset(
        {
            "hosts": [{"address": f"10.0.0.{n}", "name": f"proxy-{n}"} for n in range(1, 5)]
            + [{"address": "10.0.0.9", "name": "{{ lookup('ansible.builtin.pipe', 'id') }}"}],
            "obproxy_clusters": [
                {"name": "demo", "obproxies": [{"host": "10.0.0.1"}, {"host": "10.0.0.2", "sql_port": 3306}]},
                {"name": "other", "work_mode": "RS_LIST", "obproxies": [{"host": "10.0.0.3"}]},
            ],
        }
    )
    return list_


def test_hosts_are_grouped_by_cluster_mode_and_status(inventory):
    found = inventory()
    assert found["ocp_cluster_demo"]["hosts"] == ["proxy-1", "proxy-2"]
    assert found["ocp_work_mode_RS_LIST"]["hosts"] == ["proxy-3"]
    assert found["ocp_obproxy"]["hosts"] == ["proxy-1", "proxy-2", "proxy-3"]
    assert len(found["ocp_status_ONLINE"]["hosts"]) == 5
    variables = found["_meta"]["hostvars"]["proxy-2"]
    assert plain(variables["ansible_host"]) == "10.0.0.2"
    assert variables["ocp_id"] == 2
    assert variables["ocp_obproxies"][0]["sql_port"] == 3306


def plain(value):
    """Return a value without the mark that prevents Ansible from templating it."""
    return value["__ansible_unsafe"] if isinstance(value, dict) and "__ansible_unsafe" in value else value


def test_texts_from_ocp_are_no_templates(inventory, runner):
    inventory()
    done = subprocess.run(
        [
            *(str(Path(sys.executable).parent / "ansible"), "10.0.0.9", "-i", str(runner.folder / "my.ocp.yml")),
            *("-m", "ansible.builtin.debug", "-a", "msg={{ ocp_name }}"),
        ],
        env=runner.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "lookup('ansible.builtin.pipe', 'id')" in done.stdout
    assert "uid=" not in done.stdout


def test_filters_prefix_names_and_composed_groups(inventory):
    found = inventory(
        filters={"cluster": ["demo"], "proxy_status": "RUNNING"},
        prefix="proxy_",
        hostnames=["address"],
        compose={"obproxy_sql_port": "proxy_obproxies[0].sql_port"},
        keyed_groups=[{"key": "proxy_obproxies | map(attribute='sql_port')", "prefix": "port"}],
        groups={"odd": "proxy_id == 1"},
    )
    assert sorted(found["_meta"]["hostvars"]) == ["10.0.0.1", "10.0.0.2"]
    # Before 2.18, the template returns a string.
    assert int(plain(found["_meta"]["hostvars"]["10.0.0.2"]["obproxy_sql_port"])) == 3306
    assert found["port_3306"]["hosts"] == ["10.0.0.2"]
    assert found["odd"]["hosts"] == ["10.0.0.1"]


def test_a_thousand_hosts_cost_two_requests(inventory, ocp):
    ocp.reset({"hosts": [{"address": f"10.1.{n // 250}.{n % 250 + 1}"} for n in range(1000)]})
    found = inventory()
    assert len(found["_meta"]["hostvars"]) == 1000
    assert [request["method"] for request in ocp.requests()] == ["GET", "GET"]


def test_a_cache_saves_the_requests(inventory, ocp, tmp_path):
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    first = inventory(**cache)
    asked = len(ocp.requests())
    assert inventory(**cache) == first
    assert len(ocp.requests()) == asked


def test_empty_variables_count_as_unset(inventory, runner):
    runner.env.update(dict.fromkeys(("OCP_VALIDATE_CERTS", "OCP_CA_PATH", "OCP_ACCESS_KEY_ID"), ""))
    assert "ocp_cluster_demo" in inventory()


def test_an_option_may_be_a_template(inventory, runner):
    secret = runner.env.pop("OCP_PASSWORD")
    runner.env["MY_PASSWORD"] = secret
    assert "ocp_cluster_demo" in inventory(ocp_password="{{ lookup('ansible.builtin.env', 'MY_PASSWORD') }}")


@pytest.mark.parametrize(
    "options, words",
    [
        ({"ocp_password": "wrong-secret"}, "did not accept the login"),
        ({"ocp_url": "http://127.0.0.1:9"}, "cannot be reached"),
        ({"filters": {"colour": ["red"]}}, "filters: colour is none of cluster, idc"),
        ({"request_timeout": "soon"}, "request_timeout"),
    ],
)
def test_all_problems_are_reported_in_one_message(inventory, options, words):
    error = inventory(**options)
    assert words in " ".join(error.split())
    assert "wrong-secret" not in error


def test_a_failed_expression_for_a_host_is_reported_if_strict(inventory):
    expression = {"x": "ocp_obproxies[0].sql_port"}
    assert "ocp_cluster_demo" in inventory(compose=expression)
    assert "undefined" in inventory(compose=expression, strict=True) or "no element" in inventory(
        compose=expression, strict=True
    )
