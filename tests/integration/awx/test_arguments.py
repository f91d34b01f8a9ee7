# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module arguments in the playbooks that configure AWX, checked against the documentation of awx.awx."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from . import wheel
from .test_shipped_files import TASKS


@pytest.fixture(scope="module")
def modules():
    """The options of the awx.awx modules in use."""
    collections = wheel.collections()
    if collections is None:
        pytest.skip("awx.awx (in PyPI's package ansible, up to 13.x) cannot be had here")
    names = sorted({key for _name, task in TASKS for key in task if key.startswith("awx.awx.")})
    done = subprocess.run(
        [str(Path(sys.executable).parent / "ansible-doc"), "--json", *names],
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(collections)},
        capture_output=True,
        text=True,
        check=True,
    )
    found = {name: entry["doc"]["options"] for name, entry in json.loads(done.stdout).items()}
    assert sorted(found) == names
    return found


@pytest.mark.parametrize("name, task", TASKS, ids=[f"{name}: {task['name']}" for name, task in TASKS])
def test_awx_awx_takes_the_arguments(modules, name, task):
    (module,) = [key for key in task if key.startswith("awx.awx.")]
    check(task[module], modules[module], module)
    assert {option for option, spec in modules[module].items() if spec.get("required")} <= set(task[module])


def check(arguments, options, where):
    """Assert that each argument is an option and, unless it is a template, has a valid choice and type."""
    for key, value in arguments.items():
        assert key in options, f"{where}: {key}"
        spec = options[key]
        if isinstance(value, str) and "{{" in value:
            continue
        if spec.get("choices"):
            assert value in spec["choices"], f"{where}: {key}: {value}"
        expected = {"dict": dict, "list": list, "bool": bool, "int": int, "str": str}.get(spec.get("type"), object)
        assert isinstance(value, expected), f"{where}: {key}: {value}"
        for entry in [value] if isinstance(value, dict) else value if isinstance(value, list) else []:
            if spec.get("suboptions"):
                check(entry, spec["suboptions"], f"{where}: {key}")
