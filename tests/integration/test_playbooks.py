# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks if some hosts fail: what the user sees, and that the other hosts are taken over anyway.

Molecule scenarios test the playbook takeover without failures.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.lab import lab
from tests.simulator.launcher import ROOT

VERSION = "1.9.1.1-1919579"


class Site:
    """A lab of two hosts and an OCP, with an inventory that a test can change."""

    def __init__(self, found, folder):
        self.found = found
        self.inventory = folder / "hosts.yml"
        self.written = yaml.safe_load(Path(found["inventory"]).read_text())
        self.hosts = self.written["all"]["children"]["obproxy"]["hosts"]
        self.names = list(self.hosts)

    def run(self, playbook, *options, **variables):
        """Run a playbook, check that it shows no traceback, and return its exit code and output."""
        self.inventory.write_text(yaml.safe_dump(self.written))
        variables.setdefault("obproxy_package_version", VERSION)
        extra = [option for name, value in variables.items() for option in ("-e", json.dumps({name: value}))]
        done = subprocess.run(
            [
                *(str(Path(sys.executable).parent / "ansible-playbook"), "-i", str(self.inventory)),
                *(f"obops.oceanbase.{playbook}", *extra, *options),
            ],
            env={
                **os.environ,
                "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache" / "installed"),
                "ANSIBLE_INJECT_FACT_VARS": "false",
                "ANSIBLE_NOCOLOR": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stdout, done.stdout
        return done.returncode, done.stdout


@pytest.fixture(scope="module")
def _lab():
    found = lab.up("playbooks", 2, simulator=True)
    yield found
    lab.down("playbooks")


@pytest.fixture
def site(_lab, tmp_path):
    return Site(_lab, tmp_path)


def row(output, host):
    """Return the outcome of a host in the report."""
    outcomes = "would_take_over|already_managed|taken_over|submitted|blocked|failed|unreachable|not_reached"
    return re.search(rf"^{host} .*? ({outcomes})\b", output[output.rindex("\nHOST ") :], re.MULTILINE).group(1)


def recap(output, host):
    """Return the counts of a host in the play recap."""
    line = re.search(rf"^{host} +: (.*)$", output, re.MULTILINE).group(1)
    return {key: int(value) for key, value in (pair.split("=") for pair in line.split())}


def test_a_fleet_with_every_kind_of_trouble_and_one_good_host(site):
    good, unknown = site.names
    site.hosts[unknown]["obproxy_ocp_address"] = "10.255.255.1"
    site.hosts["lost"] = {**site.hosts[good], "ansible_port": 9, "obproxy_ocp_address": "10.255.255.2"}

    code, output = site.run("preflight")
    assert code != 0
    assert row(output, good) == "would_take_over"
    assert (row(output, unknown), row(output, "lost")) == ("blocked", "unreachable")
    assert "host_not_in_ocp: 1 host" in output
    assert "OCP knows no host 10.255.255.1" in output
    assert re.search(r"found: +.* ssh: .*refused", output)
    assert recap(output, good)["changed"] == recap(output, unknown)["changed"] == 0

    # If the blocker is ignored, OCP reports the problem.
    code, output = site.run(
        "preflight", "--limit", unknown, obproxy_blockers_ignored="several_processes,\nhost_not_in_ocp"
    )
    assert code != 0
    assert row(output, unknown) == "failed"
    assert "OCP knows no host 10.255.255.1" in output

    code, output = site.run("takeover", obproxy_blockers_fatal=True)
    assert code != 0
    assert row(output, good) == "not_reached"
    assert "obproxy_blockers_fatal is set" in output
    assert recap(output, good)["changed"] == 0

    code, output = site.run("takeover")
    assert code != 0
    assert row(output, good) == "taken_over"
    assert (row(output, unknown), row(output, "lost")) == ("blocked", "unreachable")
    assert recap(output, good)["failed"] == 0
    assert recap(output, unknown) | {"ok": 0, "skipped": 0} == recap(output, unknown) | {
        "changed": 0,
        "failed": 1,
        "ok": 0,
        "skipped": 0,
    }
    assert recap(output, "lost")["unreachable"] == 1


def test_a_limit_to_one_host_works_though_ocp_is_asked_on_the_controller(site):
    good, other = site.names
    code, output = site.run("takeover", "--limit", good)
    assert code == 0, output
    assert row(output, good) == "already_managed"
    assert f"\n{other} " not in output


def test_a_host_that_the_role_cannot_make_ready_is_blocked_with_the_reason(site):
    _good, other = site.names
    for playbook in ("preflight", "takeover"):
        code, output = site.run(playbook, "--limit", other, obproxy_package_version="1.9.1.1-99")
        assert code != 0
        assert row(output, other) == "blocked"
        assert "1.9.1.1-1919579" in output


@pytest.mark.parametrize(
    "variables, words",
    [
        ({"obproxy_cluster": "prod"}, "OCP has no OBProxy cluster prod"),
        ({"obproxy_cluster": ""}, "neither obproxy_cluster nor obproxy_cluster_id is set"),
        ({"ocp_password": "wrong-secret"}, "did not accept the login"),
        ({"ocp_url": "http://127.0.0.1:9"}, "cannot be reached"),
    ],
)
def test_a_problem_with_ocp_is_reported_once_and_nothing_is_changed(site, variables, words):
    code, output = site.run("takeover", **variables)
    assert code != 0
    assert words in " ".join(output.split())
    assert output.count("fatal:") == 1
    assert "wrong-secret" not in output
    assert all(recap(output, name)["changed"] == 0 for name in site.names if f"\n{name} " in output)
