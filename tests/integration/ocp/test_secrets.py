# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No password, key or task context is shown anywhere: output at -vvvv, results, artifacts, process arguments."""

import base64
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import yaml

from tests.integration.ocp.conftest import world

SECRETS = {
    "user": "Pw-of-the-user-5731",
    "key": "Sk-of-the-key-5732",
    "proxy": "Pw-of-the-proxy-5733",
    "wrong": "Pw-that-is-wrong-5734",
}
#: Other texts that must not be shown: encoded and signed forms, and a task's context.
TRACES = [
    base64.b64encode(f"admin:{SECRETS['user']}".encode()).decode(),
    base64.b64encode(f"admin:{SECRETS['wrong']}".encode()).decode(),
    "OCP-ACCESS-KEY-HMACSHA1",
    "stringMap",
    "obproxy_need_delete_cluster",
]
LOG_INS = {
    "a user": {"ocp_username": "admin", "ocp_password": "{{ secrets.user }}"},
    "a key": {"ocp_access_key_id": "AKID7", "ocp_access_key_secret": "{{ secrets.key }}"},
}


@pytest.fixture(autouse=True)
def guarded(ocp):
    """A simulated OCP with the user and the access key of SECRETS, in which one task fails."""
    ocp.reset(
        {
            **world(4),
            "users": [{"username": "admin", "password": SECRETS["user"]}],
            "access_keys": [{"id": "AKID7", "secret": SECRETS["key"], "username": "admin"}],
        }
    )
    ocp.task_fault("fail", host=2, subtask=4)


def play(log_in):
    """Return a play in which each module succeeds and fails, with every kind of invalid option that errors quote."""

    def task(module, **arguments):
        return {f"obops.oceanbase.{module}": {**log_in, **arguments}, "ignore_errors": True}

    def takeover(*hosts, **arguments):
        wanted = [{"host": f"10.0.0.{n}", "proxysys_password": "{{ secrets.proxy }}"} for n in hosts]
        return task("ocp_obproxy_takeover", **{"cluster": "demo", "hosts": wanted, **arguments})

    a_port = [{"host": "10.0.0.1", "proxysys_password": "{{ secrets.proxy }}", "sql_port": "x"}]
    a_key = [{"host": "10.0.0.1", "proxysys_password": "{{ secrets.proxy }}", "port": 1}]
    a_host = [{"proxysys_password": "{{ secrets.proxy }}"}]
    wrong = {"ocp_username": "admin", "ocp_password": "{{ secrets.wrong }}"}
    with_password = "http://admin:{{ secrets.wrong }}@127.0.0.1:9"
    wrong_key = {"ocp_access_key_id": "AKID7", "ocp_access_key_secret": "{{ secrets.wrong }}"}
    return {
        "hosts": "localhost",
        "gather_facts": False,
        "vars": {"ansible_python_interpreter": sys.executable},
        "vars_files": ["secrets.yml"],
        "tasks": [
            takeover(1, 2),
            takeover(1, 77),
            takeover(hosts=a_port),
            takeover(hosts=a_key),
            takeover(hosts=a_host),
            takeover(1, cluster="nobody"),
            takeover(1, ocp_url=with_password),
            takeover(3, wait=False),
            takeover(3, progress=False),
            {**task("ocp_task_info", logs=True), "register": "found"},
            {"ansible.builtin.debug": {"var": "found"}},
            task("ocp_task_wait", task_ids=[33001, 33002]),
            task("ocp_task", task_id=33002, operation="retry"),
            task("ocp_task", task_id=33001, operation="rollback"),
            task("ocp_host_info"),
            task("ocp_obproxy_cluster_info"),
            {"obops.oceanbase.ocp_host_info": wrong, "ignore_errors": True},
            {"obops.oceanbase.ocp_task_wait": {**wrong_key, "task_ids": [33001]}, "ignore_errors": True},
            {"obops.oceanbase.ocp_task_wait": {**wrong, **wrong_key, "task_ids": [33001]}, "ignore_errors": True},
        ],
    }


class Onlooker:
    """Another user of the machine who continuously reads the arguments of all processes."""

    def __enter__(self):
        self.seen = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _look(self):
        while not self._over.wait(0.03):
            for process in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    self.seen.add(process.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
                except OSError:
                    continue  # the process has ended


def write(folder, log_in):
    (folder / "play.yml").write_text(yaml.safe_dump([play(log_in)], sort_keys=False))
    (folder / "secrets.yml").write_text(yaml.safe_dump({"secrets": SECRETS}))


def nothing_shows(*texts):
    for text in texts:
        for secret in [*SECRETS.values(), *TRACES]:
            at = text.find(secret)
            assert at < 0, f"...{text[max(0, at - 300) : at + 100]}..."


@pytest.mark.parametrize(
    "log_in, options",
    [("a user", []), ("a key", []), ("a user", ["--check", "--diff"])],
    ids=["with a user", "with a key", "in check mode"],
)
def test_nothing_shows_at_vvvv(runner, tmp_path, log_in, options):
    # Newer releases show the options of a module only with ANSIBLE_INJECT_INVOCATION.
    runner.env = {"OCP_URL": runner.env["OCP_URL"], "ANSIBLE_INJECT_INVOCATION": "1"}
    write(tmp_path, LOG_INS[log_in])
    with Onlooker() as onlooker:
        done = playbook(runner, tmp_path, "-vvvv", *options)
    assert done.returncode == 0, done.stdout
    assert "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER" in done.stdout
    assert any("ansible-playbook" in command for command in onlooker.seen)
    nothing_shows(done.stdout, done.stderr, *onlooker.seen)


def test_nothing_of_the_environment_shows_at_vvvv(runner, tmp_path):
    runner.env = {"OCP_URL": runner.env["OCP_URL"], "ANSIBLE_INJECT_INVOCATION": "1", **environment("a key")}
    write(tmp_path, {})
    with Onlooker() as onlooker:
        done = playbook(runner, tmp_path, "-vvvv")
    assert done.returncode == 0, done.stdout
    assert '"outcome": "taken_over"' in done.stdout
    nothing_shows(done.stdout, done.stderr, *onlooker.seen)


def test_nothing_shows_in_the_artifacts_of_ansible_runner(runner, tmp_path):
    runner.env = {"OCP_URL": runner.env["OCP_URL"], "ANSIBLE_INJECT_INVOCATION": "1"}
    project = tmp_path / "data" / "project"
    project.mkdir(parents=True)
    write(project, {})
    (tmp_path / "data" / "env").mkdir()
    (tmp_path / "data" / "env" / "envvars").write_text(json.dumps(environment("a user")))
    command = ["ansible-runner", "run", tmp_path / "data", "-p", "play.yml", "-vvvv"]
    with Onlooker() as onlooker:
        done = run(runner, tmp_path, *command)
    assert done.returncode == 0, done.stdout
    artifacts = {file: file.read_text() for file in (tmp_path / "data" / "artifacts").rglob("*") if file.is_file()}
    (started,) = [file for file in artifacts if file.name == "command"]
    # This file contains the environment of ansible-runner itself, and only its user can read it.
    artifacts[started] = json.dumps({**json.loads(artifacts[started]), "env": None})
    assert any('"outcome": "taken_over"' in text for text in artifacts.values())
    nothing_shows(done.stdout, done.stderr, *artifacts.values(), *onlooker.seen)


def environment(log_in):
    name, secret = LOG_INS[log_in]
    values = {"a user": ("admin", SECRETS["user"]), "a key": ("AKID7", SECRETS["key"])}[log_in]
    return dict(zip((name.upper(), secret.upper()), values, strict=True))


def playbook(runner, folder, *options):
    return run(runner, folder, "ansible-playbook", "-i", "localhost,", "-c", "local", folder / "play.yml", *options)


def run(runner, folder, program, *arguments):
    command = [Path(sys.executable).parent / program, *arguments]
    env = runner.environment()
    env["PATH"] = f"{Path(sys.executable).parent}:{env['PATH']}"
    return subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, timeout=180)
