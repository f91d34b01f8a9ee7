# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The questions of AWX's surveys, checked against the variables of the playbooks."""

from pathlib import Path

import pytest
import yaml
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.variables import RUN, VARIABLES

ROOT = Path(__file__).parents[2]


class Loader(yaml.SafeLoader):
    """A YAML loader that also reads Ansible's own tags."""


Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))
FILE = yaml.load((ROOT / "extensions" / "awx" / "vars" / "job_templates.yml").read_text(), Loader)
QUESTIONS = {name: value["variable"] for name, value in FILE.items() if name.startswith("awx_question_")}
ROLE = yaml.safe_load((ROOT / "roles" / "obproxy" / "meta" / "argument_specs.yml").read_text())


@pytest.mark.parametrize("variable", QUESTIONS.values())
def test_each_question_is_about_a_variable_that_a_playbook_takes(variable):
    assert variable in {*VARIABLES, *ROLE["argument_specs"]["main"]["options"]}


@pytest.mark.parametrize("entry", FILE["awx_takeover_questions"])
def test_a_takeover_is_asked_only_for_what_is_the_same_for_all_hosts(entry):
    variable = QUESTIONS[entry.strip("{} ")]
    assert variable in VARIABLES and VARIABLES[variable].scope == RUN, "an answer would override every host's own value"
