# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples in the documentation of the modules, run unchanged. Their ocp.example.com is the simulated OCP."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.integration.ocp.conftest import ROOT, world
from tests.integration.ocp.fronts import WebProxy

MODULES = sorted(file.stem for file in (ROOT / "plugins" / "modules").glob("ocp_*.py"))
FAILED = {"cluster": "demo", "status": "FAILED", "subtask": 4}
#: The tasks that the examples refer to.
TASKS = {
    "ocp_task": [{"id": 33000 + n, "host": f"10.0.0.{10 + n}", **FAILED} for n in (1, 2, 3)],
    "ocp_task_info": [{"id": 33001, "host": "10.0.0.11", **FAILED}],
    "ocp_task_wait": [{"id": 33000 + n, "host": f"10.0.0.{11 + n}", "seconds": 1} for n in (1, 2)],
}


def examples(module):
    text = (ROOT / "plugins" / "modules" / f"{module}.py").read_text()
    return text.split('EXAMPLES = r"""')[1].split('"""')[0]


@pytest.fixture
def play(ocp, runner, tmp_path):
    """A function that runs the examples of a module, with only the additions that a reader has to make."""

    def run(module, *options):
        play = {
            "hosts": "localhost",
            "gather_facts": False,
            "vars": {
                "ansible_python_interpreter": sys.executable,
                "ocp_password": ocp.password,
                "proxysys_password": "hidden-word",
            },
            "tasks": yaml.safe_load(examples(module)),
        }
        file = tmp_path / "play.yml"
        file.write_text(yaml.safe_dump([play], sort_keys=False))
        command = [Path(sys.executable).parent / "ansible-playbook", "-i", "localhost,", "-c", "local", file, *options]
        with WebProxy(ocp.url, everything=True) as proxy:
            runner.env.update(http_proxy=proxy.url, OCP_URL="http://ocp.example.com:8080")
            return subprocess.run(
                command, env=runner.environment(), cwd=tmp_path, capture_output=True, text=True, timeout=120
            )

    return run


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_work_as_written(ocp, play, module):
    hosts = [{"address": f"10.0.0.{n}", "name": f"proxy-{n}"} for n in range(11, 15)]
    resources = {"host_types": [{"name": "proxies"}], "credentials": [{"name": "root of proxies"}]}
    ocp.reset({**world(0), **resources, "hosts": hosts, "tasks": TASKS.get(module, [])})
    ocp.settings(refuse_writes=True)
    predicted = play(module, "--check")
    assert predicted.returncode == 0, predicted.stdout + predicted.stderr
    assert {request["method"] for request in ocp.requests()} == {"GET"}
    ocp.settings(refuse_writes=False)
    real = play(module)
    assert real.returncode == 0, real.stdout + real.stderr
    for done in (predicted, real):
        assert "WARNING" not in done.stdout + done.stderr
        assert "hidden-word" not in done.stdout + done.stderr
