# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documented variables of the role and its defaults, which must not drift apart."""

import yaml

from .hosts import ROOT

ROLE = ROOT / "roles" / "obproxy"
DEFAULTS = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text())
OPTIONS = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text())["argument_specs"]["main"]["options"]


def test_each_variable_with_a_default_is_described_and_the_other_way_round():
    assert [name for name, option in OPTIONS.items() if option.get("required")] == []
    assert set(OPTIONS) == set(DEFAULTS)


def test_the_described_defaults_are_the_real_ones():
    assert {name: OPTIONS[name]["default"] for name in DEFAULTS} == DEFAULTS


def test_the_readme_names_each_variable():
    readme = (ROLE / "README.md").read_text()
    assert [name for name in OPTIONS if f"`{name}`" not in readme] == []


def test_the_defaults_are_those_of_ocps_own_task():
    assert DEFAULTS["obproxy_commands_to_check"] == ["nc"]
    assert DEFAULTS["obproxy_process_keywords"] == ["obproxy", "obproxyd.sh"]
    assert DEFAULTS["obproxy_start_timeout"] == 600


def test_what_is_private_is_named_so():
    names = yaml.safe_load((ROLE / "vars" / "main.yml").read_text())
    assert names
    assert [name for name in names if not name.startswith("__obproxy_")] == []
