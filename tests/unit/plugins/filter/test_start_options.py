# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options reach OBProxy as a person has written them in YAML."""

import pytest
from ansible_collections.obops.oceanbase.plugins.filter.start_options import start_options


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({}, ""),
        ({"proxy_mem_limited": "4G", "work_thread_num": 8}, "proxy_mem_limited=4G,work_thread_num=8"),
        ({"strict_check": False, "enable_reroute": "True"}, "strict_check=false,enable_reroute=true"),
        ({"app_name": "Truest"}, "app_name=Truest"),
    ],
)
def test_options_are_written_as_the_command_line_takes_them(options, text):
    assert start_options(options) == text
