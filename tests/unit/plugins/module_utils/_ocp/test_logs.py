# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A subtask's log shows what went wrong, but none of the secrets that OCP's task engine writes to it."""

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.logs import LOG_END, end_of, without_secrets

HEAD = "2026-11-24 00:34:53.985  INFO [subtask-executor] "
TAIL = "2026-11-24 00:34:54.485  ERROR cannot connect to 10.0.0.11:2883: Connection refused"


@pytest.mark.parametrize("value", ["S3cret", "S3cret}", "S3cret)", "S3cret(", "S3cret{[", "a,S3cret=b", "line\nS3cret"])
@pytest.mark.parametrize("key", ["proxysys_password", "anything"])
def test_a_context_is_cut_whatever_its_values_are(key, value):
    context = f"Context(parallelIdx=-1, stringMap={{{key}={value}, host=10.0.0.11}}, listMap={{passwords=[S3cret]}})"
    log = f"{HEAD}Run subtask, id=34798, context={context}\n{TAIL}"
    shown = without_secrets(log)
    assert "S3cret" not in shown
    assert shown.startswith(f"{HEAD}Run subtask, id=34798, context=")
    assert shown.endswith(TAIL)


@pytest.mark.parametrize(
    "context",
    [
        '"context": {"stringMap": {"p": "S3cret"}}',
        "context={listMap={p=[S3cret]}}",
        "stringMap={p=S3cret}",
        "Context(stringMap={p=S3cret",
    ],
)
def test_a_context_of_another_form_is_cut_as_well(context):
    shown = without_secrets(f"begin {context}\n{TAIL}")
    assert "S3cret" not in shown
    assert shown.endswith(TAIL)


def test_each_context_is_cut():
    log = "\n".join(f"{HEAD}attempt {n}, context=Context(stringMap={{p=S3cret}})" for n in range(3))
    shown = without_secrets(log)
    assert "S3cret" not in shown
    assert [f"attempt {n}" in shown for n in range(3)] == [True] * 3


def test_the_end_of_a_long_log_holds_no_piece_of_a_context():
    log = f"context=Context(stringMap={{p={'S3cret ' * LOG_END}}})\n{TAIL}"
    assert "S3cret" not in end_of(log)
    assert end_of(log).endswith(TAIL)
    assert len(end_of("x" * 3 * LOG_END)) == LOG_END


@pytest.mark.parametrize(
    "line, shown",
    [
        ("obproxyd.sh -o a=1,observer_sys_password=S3cret,b=2", "a=1,observer_sys_password=(not shown),b=2"),
        ('{"password": "S3cret", "port": 2883}', '"port": 2883'),
        ("access_token=S3cret", "access_token=(not shown)"),
    ],
)
def test_a_setting_that_is_a_secret_by_its_name_is_not_shown(line, shown):
    assert "S3cret" not in without_secrets(line)
    assert shown in without_secrets(line)


@pytest.mark.parametrize(
    "line",
    [
        "Access denied for user 'root@proxysys' (using password: YES)",
        "the password of root@proxysys is wrong",
        "no context here (nor there)",
        TAIL,
    ],
)
def test_values_that_are_not_secret_are_shown_unchanged(line):
    assert without_secrets(line) == line
