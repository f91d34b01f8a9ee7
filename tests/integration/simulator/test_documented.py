# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator's README: its examples work, and its tables are complete."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import get_args

import yaml

from tests.integration.simulator.calls import Ocp
from tests.simulator import launcher
from tests.simulator.faults import Fault
from tests.simulator.settings import Settings
from tests.simulator.tasks.faults import TaskFault

README = Path(launcher.__file__).with_name("README.md").read_text(encoding="utf-8")


def block(language: str, part: str) -> str:
    (found,) = (text for text in re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL) if part in text)
    return found


def table_of(heading: str) -> set[str]:
    """Return the names in the first column of the table below a heading."""
    section = README.split(f"{heading}\n", 1)[1].split("\n#", 1)[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


def test_the_state_of_the_readme_can_be_loaded(ocp: Ocp) -> None:
    ocp.control.reset(yaml.safe_load(block("yaml", "findings:")))
    assert [proxy["status"] for proxy in ocp.proxies()] == ["RUNNING", "TAKINGOVER"]
    assert len(ocp.control.faults()) == 1


def test_the_python_of_the_readme_runs(capsys) -> None:
    exec(compile(block("python", "Simulator("), "README.md", "exec"), {})
    assert capsys.readouterr().out.startswith("http://127.0.0.1:")


def test_the_fault_of_the_readme_can_be_ordered(ocp: Ocp) -> None:
    # Send the same request without curl, which some machines do not have.
    words = shlex.split(block("shell", "_simulator/faults"))
    path = words[-1].removeprefix("http://127.0.0.1:8080")
    headers = {"Content-Type": "application/json"}
    assert ocp.call("POST", path, data=words[words.index("-d") + 1], headers=headers).status_code == 200
    assert [fault["kind"] for fault in ocp.control.faults()] == ["reset"]


def test_the_first_line_is_as_the_readme_shows() -> None:
    assert launcher._FIRST_LINE.match(block("text", "OCP simulator at").strip())


def test_every_setting_and_fault_is_in_the_readme() -> None:
    assert table_of("## Settings") == set(Settings.model_fields)
    union, _ = get_args(Fault)
    kinds = {get_args(fault.model_fields["kind"].annotation)[0] for fault in get_args(union)}
    assert table_of("### Faults of requests") == kinds
    assert table_of("### Faults of tasks") == set(get_args(TaskFault.model_fields["kind"].annotation))
