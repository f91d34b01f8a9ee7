# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each error code that OCP documents has a kind and a text that says what to do."""

import re

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp import codes
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.errors import KINDS, OcpError

#: The codes in OCP's API reference that the modules can encounter, in both formats.
DOCUMENTED = re.findall(
    r"\S+",
    """
7000 CMP07000 7002 CMP07002 7015 CMP07015 7016 CMP07016 7017 CMP07017 7018 CMP07018 7020 CMP07020 7021 CMP07021 7022
CMP07022 7023 CMP07023 7026 CMP07026 4001 TSK10001 4007 TSK10007 TSK10016 TSK10017 4009 TSK10009 4010 TSK10010
TSK10011 7001 CMP07001 7004 CMP07004 7005 CMP07005 7006 CMP07006 7010 CMP07010 ODP21116 7013 CMP07013 7019 CMP07019
7033 7036 CMP07036 20021 BAK29003 COM10005 21001 ODP21001 21002 ODP21002 21004 ODP21004 21005 ODP21005 21006
ODP21006 21008 ODP10001 ODP21010 ODP21016 ODP21017 ODP21018 ODP21110 ODP21113 3000 IAM10000 3004 IAM10004 3014
IAM10014 3017 IAM10017 IAM11000 1001 COM10001 1002 COM10002 1006 COM10006
""",
)


@pytest.mark.parametrize("code", DOCUMENTED)
def test_a_documented_code_has_a_kind_and_a_cure(code):
    known = codes.meaning(code)
    assert known.kind in KINDS
    assert known.cure.endswith(".")
    assert OcpError(known.kind, "No.", code=code).failure["next"] == known.cure


@pytest.mark.parametrize("code", sorted(codes.BUSY))
def test_a_busy_host_is_a_conflict(code):
    assert codes.meaning(code).kind == "conflict"


@pytest.mark.parametrize("code", ["XYZ12345", "0", None])
def test_a_code_of_no_table_has_no_cure(code):
    assert codes.meaning(code) is None
    assert OcpError("rejected", "No.", code=code).next is None


def test_a_cure_of_the_caller_takes_precedence():
    assert OcpError("rejected", "No.", code="4009", next="Do this.").next == "Do this."
