# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Consistency of modules, options, documentation, examples, tests and results that ansible-test does not check."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from tests.integration.ocp.conftest import ROOT, Runner, takeover_of

MODULES = sorted(file.stem for file in (ROOT / "plugins" / "modules").glob("*.py"))
#: Modules that run only on the controller. Their argument specs are in the action plugins of the same names.
ON_THE_CONTROLLER = [
    name for name in MODULES if "def main(" not in (ROOT / "plugins" / "modules" / f"{name}.py").read_text()
]
GROUP = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["action_groups"]["ocp"]
PREFIX = "obops.oceanbase."

#: Prints the argument specs of modules and the other arguments of AnsibleModule.
CAPTURE = """
import importlib, json, sys
from ansible.module_utils import basic

def capture(module, argument_spec, **options):
    raise SystemExit(dict(options, options=argument_spec))

basic.AnsibleModule.__init__ = capture
found = {}
for name in sys.argv[1:]:
    try:
        importlib.import_module("ansible_collections.obops.oceanbase.plugins.modules." + name).main()
    except SystemExit as end:
        found[name] = end.code
print(json.dumps(found, default=str))
"""
#: Prints the argument specs of action plugins.
CAPTURE_ACTIONS = """
import importlib, json, sys

actions = {
    name: importlib.import_module("ansible_collections.obops.oceanbase.plugins.action." + name) for name in sys.argv[1:]
}
print(json.dumps({name: {"options": action.OPTIONS, "supports_check_mode": True} for name, action in actions.items()}))
"""


def printed(*command, tmp_path):
    done = subprocess.run(command, env=Runner(tmp_path, {}).environment(), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def docs(tmp_path_factory):
    """The output of ansible-doc for each module."""
    command = (Path(sys.executable).parent / "ansible-doc", "--json", *(PREFIX + name for name in MODULES))
    told = printed(*command, tmp_path=tmp_path_factory.mktemp("docs"))
    return {name: told[PREFIX + name] for name in MODULES}


@pytest.fixture(scope="module")
def specs(tmp_path_factory):
    """The arguments that each module passes to AnsibleModule, or the argument spec of its action plugin."""
    names = [name for name in MODULES if name not in ON_THE_CONTROLLER]
    folder = tmp_path_factory.mktemp("specs")
    return {
        **printed(sys.executable, "-c", CAPTURE, *names, tmp_path=folder),
        **printed(sys.executable, "-c", CAPTURE_ACTIONS, *ON_THE_CONTROLLER, tmp_path=folder),
    }


@pytest.fixture(params=MODULES)
def name(request):
    return request.param


@pytest.fixture
def doc(docs, name):
    return docs[name]["doc"]


@pytest.fixture
def spec(specs, name):
    return specs[name]


def test_everything_that_a_reader_looks_for_is_there(name, doc, docs):
    assert not doc["short_description"].endswith(".")
    assert doc["description"]
    assert doc["version_added"]
    assert doc["author"]
    assert {"check_mode", "diff_mode", "idempotent"} <= set(doc["attributes"])
    assert all("support" in attribute for attribute in doc["attributes"].values())
    assert docs[name]["examples"].strip()
    assert docs[name]["return"]
    # The implementation is in module_utils or in an action plugin.
    code = (ROOT / "plugins" / "modules" / f"{name}.py").read_text().rpartition('"""')[2]
    assert len(code) < 5_000


def test_names_in_see_also_exist(doc, docs):
    others = {other["module"] for other in doc.get("seealso", []) if "module" in other}
    assert {other for other in others if other.startswith(PREFIX)} <= {PREFIX + other for other in docs}


def test_the_options_are_the_documented_ones(doc, spec):
    compare(spec["options"], doc["options"], "")


def compare(spec, documented, where):
    assert set(spec) == set(documented), where
    for option, is_ in spec.items():
        said = documented[option]
        at = f"{where}{option}"
        assert said["description"], at
        assert is_.get("type", "str") == said.get("type", "str"), at
        for key in ("default", "elements", "choices"):
            assert is_.get(key) == said.get(key), f"{at}: {key}"
        assert bool(is_.get("required")) == bool(said.get("required")), at
        if "options" in is_:
            compare(is_["options"], said["suboptions"], f"{at}.")


def test_secrets_are_kept_out_of_logs(spec):
    assert_secret(spec["options"])


def assert_secret(options):
    for option, is_ in options.items():
        if any(word in option for word in ("password", "secret")):
            assert is_["no_log"] is True, option
        assert_secret(is_.get("options", {}))


def test_environment_variables_are_documented(doc, spec):
    for option, is_ in spec["options"].items():
        for variable in is_.get("fallback", [None, []])[1]:
            assert f"E({variable})" in " ".join(doc["options"][option]["description"])


def test_the_action_group_has_all_modules_with_a_connection_and_no_others(specs, docs):
    connected = [name for name in MODULES if "ocp_url" in specs[name]["options"]]
    assert connected == sorted(GROUP)
    for name in MODULES:
        group = docs[name]["doc"]["attributes"].get("action_group")
        assert (group is not None) == (name in connected), name
        if group:
            assert PREFIX + "ocp" in group["membership"]


def test_modules_that_show_progress_have_an_action_plugin_and_no_others(specs):
    showing = [name for name in MODULES if "progress" in specs[name]["options"]]
    actions = [file.stem for file in (ROOT / "plugins" / "action").glob("[!_]*.py")]
    assert sorted([*showing, *ON_THE_CONTROLLER]) == sorted(actions)


def test_each_module_says_what_it_does_in_check_mode(spec):
    assert spec["supports_check_mode"] is True


def test_each_module_has_tests(name):
    used = [file for file in (ROOT / "tests").rglob("test_*.py") if file != Path(__file__) and name in file.read_text()]
    assert used


def test_examples_are_tasks_with_options_that_there_are(docs, specs, name):
    ours = 0
    for task in yaml.safe_load(docs[name]["examples"]):
        assert task["name"][0].isupper()
        (action,) = [key for key in task if "." in key]
        assert action.startswith((PREFIX, "ansible.builtin."))
        if action.startswith(PREFIX):
            ours += action == PREFIX + name
            used = action[len(PREFIX) :]
            given = {key: value for key, value in (task[action] or {}).items() if not templated(value)}
            spec = specs[used]["options"]
            checked = ArgumentSpecValidator({key: {**is_, "fallback": (None,)} for key, is_ in spec.items()})
            missing = {key for key, is_ in spec.items() if is_.get("required")} - set(task[action] or {})
            assert not missing
            errors = [text for text in checked.validate(given).error_messages if "missing required" not in text]
            assert errors == []
    assert ours


def templated(value):
    return "{{" in json.dumps(value)


# -- results


def test_results_have_the_documented_keys_and_types(ocp, runner, take_over, docs):
    runs = {name: [] for name in MODULES}

    def run(module, /, **arguments):
        runs[module].append(runner.module(module, **arguments).result)
        return runs[module][-1]

    ocp.task_fault("fail", host=2, subtask=4)
    ocp.task_fault("fail", host=3, subtask=4)
    run("ocp_obproxy_takeover", **takeover_of(1))
    run("ocp_obproxy_takeover", **takeover_of(1, 2))
    run("ocp_obproxy_takeover", **takeover_of(3))
    failed = [task["id"] for task in run("ocp_task_info", status=["FAILED"], logs=True)["tasks"]]
    assert len(failed) == 2
    run("ocp_obproxy_takeover", check=True, **takeover_of(1, 4))
    run("ocp_task_info", task_ids=[1])
    run("ocp_task_wait", task_ids=failed)
    run("ocp_task", task_id=failed[0], operation="rollback")
    run("ocp_task", task_id=failed[0], operation="retry")
    run("ocp_task", task_id=failed[1], operation="retry", check=True)
    run("ocp_task", task_id=failed[1], operation="retry")
    run("ocp_task_wait", task_ids=failed[1:])
    new = {"idc": "idc1", "host_type": "1", "credential": "1"}
    run("ocp_host", hosts=["10.0.1.1", "10.0.0.1"], **new)
    run("ocp_host", check=True, hosts=["10.0.1.2"], **new)
    run("ocp_host", hosts=["10.0.1.1", "10.0.1.9"], state="absent")
    run("ocp_host", hosts=["10.0.1.2"], **{**new, "host_type": "nothing"})
    run("ocp_obproxy_cluster", name="fresh")
    run("ocp_obproxy_cluster", name="fresh", port=3306)
    run("ocp_obproxy_cluster", name="fresh", state="absent")
    run("ocp_obproxy_cluster", name="demo", state="absent")
    run("ocp_host_info")
    run("ocp_host_info", hosts=["nobody"])
    run("ocp_obproxy_cluster_info")
    run("ocp_obproxy_cluster_info", cluster="demo", parameters=True)
    run("ocp_obproxy_cluster_info", cluster="nobody")
    run("obproxy_info")
    run("obproxy_stop", home="/nobody/has/installed/this")
    # These need a proxy: see tests/integration/role/test_configure.py and test_start.py.
    del runs["obproxy_config"], runs["obproxy_start"]
    # These run on the controller: see tests/integration/fleet.
    for name in ON_THE_CONTROLLER:
        del runs[name]
    run("obproxy_check", proxies=[{"address": "127.0.0.1", "sql_port": 1}])
    failure = documented(docs["ocp_obproxy_takeover"]["return"]["failure"])
    for name, results in runs.items():
        assert any(not result.get("failed") for result in results), name
        told = {key: documented(value) for key, value in docs[name]["return"].items()}
        if name in GROUP:
            assert any(result.get("failed") for result in results), name
            told["failure"] = failure
        for result in results:
            fits(result, (dict, {**told, **CORE}), name)


#: Keys that Ansible itself defines.
CORE = dict.fromkeys(("changed", "failed", "msg", "diff", "invocation", "warnings", "exception"), (None, None))
TYPES = {"str": str, "int": int, "float": (int, float), "bool": bool, "list": list, "dict": dict}


def documented(value):
    """Return the type of a documented value, and its keys or None. If nothing else defines the keys, a sample does."""
    if "contains" in value:
        return TYPES[value["type"]], {key: documented(inner) for key, inner in value["contains"].items()}
    sample = value.get("sample")
    if isinstance(sample, list) and sample and isinstance(sample[0], dict):
        sample = sample[0]
    if isinstance(sample, dict):
        return TYPES.get(value["type"]), {
            key: documented({"type": None, "sample": inner}) for key, inner in sample.items()
        }
    return TYPES.get(value["type"]), None


def fits(value, told, where):
    type_, keys = told
    if value is None:
        return
    assert type_ is None or isinstance(value, type_), f"{where}: {value!r}"
    for item in value if isinstance(value, list) else [value]:
        if keys and isinstance(item, dict):
            assert set(item) <= set(keys), f"{where}: not documented"
            for key, inner in item.items():
                fits(inner, keys[key], f"{where}.{key}")
