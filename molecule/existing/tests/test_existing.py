# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OCP now manages a proxy that was installed by hand, and its processes and files are still the same."""

from __future__ import annotations

from pathlib import Path

SCRIPT = Path(__file__).parents[1] / "what-there-is.sh"


def test_no_process_and_no_file_is_another_one(host):
    before = host.file("/var/tmp/before").content_string.strip().splitlines()
    after = host.check_output("bash -c %s", SCRIPT.read_text()).strip().splitlines()
    assert any("obproxyd.sh -c checkalive" in line for line in before)
    assert after == before


def test_ocp_manages_it(lab, ocp):
    (cluster,) = ocp("/api/v2/obproxy/clusters")["data"]["contents"]
    managed = {proxy["ip"]: proxy["status"] for proxy in cluster["obproxies"]}
    assert managed == {host["address"]: "RUNNING" for host in lab["hosts"]}
