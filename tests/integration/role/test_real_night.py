# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The takeover of a real OBProxy: it is discovered, and OCP makes exactly the changes that the preview showed."""

import json
import re
from pathlib import Path

import pytest
import yaml

from tests.lab import lab as labs
from tests.lab import ocp

from .hosts import LAB, OF_REAL, REAL, Host, Run, ansible

pytestmark = REAL
#: Parameters of the cluster that differ from those of a fresh proxy.
PARAMETERS = {"syslog_level": "WARN", "proxy_mem_limited": "3G"}
CHANGE = re.compile(r"^  (\w+): (\S+) -> (\S+?)(?:, restart needed)?: 1 proxy \(", re.MULTILINE)


def world(hosts):
    known = ocp.world(hosts)
    known["obproxy_clusters"][0]["parameters"] = PARAMETERS
    return known


@pytest.fixture(scope="module")
def night():
    """A function that runs a playbook for a host with the real package, and that host. The cluster sets PARAMETERS."""
    name = f"{LAB}-real-night"
    try:
        found = labs.up(name, count=1, simulator=True, packages="real", world=world)
        variables = ["-e", json.dumps(OF_REAL)]

        def run(playbook, *options):
            command = ["-i", found["inventory"], *variables, *options, f"obops.oceanbase.{playbook}"]
            return Run(ansible("ansible-playbook", *command)).ok()

        yield run, Host(found["hosts"][0], found["inventory"])
    finally:
        labs.down(name)


def settings_of(host):
    return {entry["name"]: entry["value"] for entry in host.info(settings=True, proxysys_password_sha1="")["settings"]}


def test_a_real_proxy_is_found_and_its_preview_comes_true(night, tmp_path):
    run, host = night
    plan = tmp_path / "plan.yml"
    run("prepare")
    found = run("discover", "-e", f"obproxy_plan_file={plan}").output
    assert re.search(rf"^{host.name} .* admin +CONFIG_URL .* fits ", found, re.MULTILINE), found
    assert yaml.safe_load(plan.read_text())["into_demo"]["hosts"] == {host.name: {"obproxy_sql_port": 2883}}

    shown = {name: (before, after) for name, before, after in CHANGE.findall(run("preflight").output)}
    before = settings_of(host)
    assert {name: old for name, (old, _new) in shown.items()} == {name: before[name] for name in shown}
    assert {name: shown[name][1] for name in PARAMETERS} == PARAMETERS

    processes = host.processes()
    run("takeover", "-i", str(plan), "-e", f"obproxy_snapshot_dir={tmp_path}")
    after = settings_of(host)
    changed = {name for name in after if after[name] != before[name] and "password" not in name}
    assert changed == set(shown)
    assert {name: after[name] for name in PARAMETERS} == PARAMETERS
    assert host.processes() == processes
    kept = yaml.safe_load(Path(tmp_path / f"{host.name}-2883.yml").read_text())
    assert {name: kept["settings"][name] for name in shown} == {name: before[name] for name in shown}
