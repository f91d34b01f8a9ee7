# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The benchmark of a takeover measures both ways while OCP runs tasks of other users."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_both_ways_of_a_takeover_are_measured(tmp_path):
    command = [sys.executable, "-m", "tests.bench", "--quick", "--only", "1", "--to", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    (ways,) = json.loads((tmp_path / "bench.json").read_text())["results"].values()
    assert {way: 0 < measured["late"] < 15 for way, measured in ways.items()} == {"uri": True, "ours": True}
    assert "| 1 proxy, 17 to 23 s | obops.oceanbase |" in (tmp_path / "bench.md").read_text()
