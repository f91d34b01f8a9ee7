# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The README's commands and files, run as a new user would: in the order in which they stand there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.lab import lab

ROOT = Path(__file__).parents[2]
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
COMMANDS = [line for kind, text in BLOCKS if kind == "console" for line in text.splitlines()]
FILES = [text for kind, text in BLOCKS if kind == "yaml"]

#: This very command is running these tests.
RUNNING = ["make test"]
DEMO = ["make demo", "make demo-down"]
BUILD = [line for line in COMMANDS if line.startswith("ansible-galaxy")]
SITE = [line for line in COMMANDS if line.startswith(("export OCP_URL", "ansible-playbook"))]


def run(command, **kwargs):
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "ANSIBLE_NOCOLOR": "1", **kwargs.pop("env", {})}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **kwargs,
    )
    return done.returncode, done.stdout


def test_every_command_is_run_by_a_test_here():
    assert [line for line in COMMANDS if line not in RUNNING + DEMO + BUILD + SITE] == []
    assert len(BUILD) == 2
    assert len(SITE) == 4
    assert len(FILES) == 2


def test_the_demo_takes_over_two_hosts_and_then_changes_nothing():
    if "demo" in lab.names():
        pytest.skip("a demo is running in this checkout; end it with make demo-down to have it tested")
    try:
        code, output = run(DEMO[0], cwd=ROOT)
        assert code == 0, output
        assert len(re.findall(r"demo-\d .* 2883  taken_over  33", output)) == 2, output
        code, output = run(DEMO[0], cwd=ROOT)
        assert code == 0, output
        assert len(re.findall(r"demo-\d .* 2883  already_managed", output)) == 2, output
        assert re.findall(r"changed=(\d+)", output) == ["0", "0"], output
    finally:
        code, output = run(DEMO[1], cwd=ROOT)
    assert code == 0, output
    assert "demo" not in lab.names()


def test_ones_own_ocp_with_the_files_of_the_readme(tmp_path):
    found = lab.up("readme", 2, simulator=True)
    try:
        build = "\n".join(BUILD).replace(" dist", f" {tmp_path}/dist")
        code, output = run(build, cwd=ROOT, env={"ANSIBLE_COLLECTIONS_PATH": str(tmp_path / "collections")})
        assert code == 0, output

        # The README's inventory, with the connection to the lab's hosts in place of one's own.
        written = yaml.safe_load(FILES[0])["obproxy"]
        group = yaml.safe_load(Path(found["inventory"]).read_text())["all"]["children"]["obproxy"]
        written["vars"].update(group["vars"])
        for host, connection in zip(written["hosts"].values(), group["hosts"].values(), strict=True):
            host.update(connection)
        (tmp_path / "hosts.yml").write_text(yaml.safe_dump({"obproxy": written}))
        (tmp_path / "site.yml").write_text(FILES[1])

        ocp = found["simulator"]
        export, check, real, preflight = SITE
        export = export.replace("http://ocp.example.com:8080", ocp["url"]).replace("=...", f"={ocp['password']}")
        code, output = run(
            f"{export}\n{check}\n{real}\n{preflight}",
            cwd=tmp_path,
            env={"ANSIBLE_COLLECTIONS_PATH": str(tmp_path / "collections"), "ANSIBLE_INJECT_FACT_VARS": "false"},
        )
        assert code == 0, output
        assert len(re.findall(r"proxy-\d .* would_take_over", output)) == 2, output
        assert len(re.findall(r"proxy-\d .* taken_over  33", output)) == 2, output
        assert len(re.findall(r"proxy-\d .* already_managed", output)) == 2, output
    finally:
        lab.down("readme")
