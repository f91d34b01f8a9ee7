# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shipped files for AWX, and the variables that AWX creates from a survey."""

from __future__ import annotations

import re
from typing import Any

import yaml

from tests.simulator.launcher import ROOT

AWX = ROOT / "extensions" / "awx"


class Loader(yaml.SafeLoader):
    """A YAML loader that supports Ansible's `!unsafe` tag."""


class Unsafe(str):
    """A string that Ansible does not template."""


Loader.add_constructor("!unsafe", lambda loader, node: Unsafe(loader.construct_scalar(node)))


def read(name: str) -> Any:
    return yaml.load((AWX / name).read_text(), Loader)


TEMPLATES = read("vars/job_templates.yml")
QUESTIONS = {name: value for name, value in TEMPLATES.items() if name.startswith("awx_question_")}


def questions_of(playbook: str) -> list[dict[str, Any]]:
    """Return the survey of the job template that runs a playbook."""
    (template,) = [entry for entry in TEMPLATES["awx_job_templates"] if entry["playbook"] == f"{playbook}.yml"]
    named = template["questions"]
    if isinstance(named, str):
        named = TEMPLATES[re.findall(r"\w+", named)[0]]
    return [TEMPLATES[re.findall(r"\w+", name)[0]] for name in named]


def unanswered(playbook: str) -> dict[str, Any]:
    """Return the extra variables of a launch without answers. AWX uses every default that is a valid answer."""
    return {
        question["variable"]: question["default"]
        for question in questions_of(playbook)
        if isinstance(question["default"], int if question["type"] == "integer" else str)
        and question["default"] in question.get("choices", [question["default"]])
    }
