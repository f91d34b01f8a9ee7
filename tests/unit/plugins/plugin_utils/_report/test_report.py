# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""In each format, a report has every host once and every cause once, and stays small for a large fleet."""

import csv
import io
import json
import re
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
from ansible_collections.obops.oceanbase.plugins.filter.takeover_summary import takeover_summary
from ansible_collections.obops.oceanbase.plugins.plugin_utils._report import drawing, html, report

from .nights import BEGAN, night, row

ROOT = Path(__file__).parents[5]
SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text())
ABOUT = {"Started by": "alice", "OCP": "http://ocp:8080"}


def made(rows, dry=False):
    return {**takeover_summary(rows, dry=dry, began=BEGAN.isoformat())["report"], "about": ABOUT}


@pytest.mark.parametrize("dry", [False, True])
def test_json_is_as_documented(dry):
    jsonschema.validate(json.loads(report.as_json(made(night(), dry))), SCHEMA)


def test_each_cause_is_there_once_with_its_hosts_and_log():
    told = made(night())
    assert [(group["kind"], len(group["hosts"])) for group in told["failures"]] == [
        ("task_failed", 15),
        ("unreachable", 6),
    ]
    assert told["failures"][0]["message"] == "OCP's task failed at Restart"
    assert told["failures"][0]["log"] == "ERROR 10.0.0.7:2883: timed out"
    assert [(group["name"], len(group["hosts"])) for group in told["blockers"]] == [("several_processes", 15)]
    assert {task["status"] for task in told["tasks"]} == {"FAILED"}
    assert "run again" in told["next"]


def test_hosts_not_reached_come_after_those_that_failed():
    message = "Wave 2 was not started: 1 host failed (proxy-001), and obproxy_max_failures is 0."
    rows = [row(number, "not_reached", 2, message=message) for number in (2, 3)]
    told = made([row(1, "failed", message="refused", failure={"kind": "rejected", "next": ""}), *rows])
    assert [group["kind"] for group in told["failures"]] == ["rejected", "not_reached"]
    page = html.render(told)
    assert page.index("bad-edge") < page.index("<h3>refused") < page.index("calm-edge", page.index("<h3>"))


def test_the_page_says_nothing_of_what_is_not_known():
    change = {"name": "proxy_id", "before": None, "after": "0", "restart": False, "hosts": ["proxy-001"], "count": 1}
    page = html.render({**made([row(1)]), "changes": [change]})
    assert "<td>not known to this version</td><td><code>0</code></td>" in page
    assert "None" not in page
    assert "nothing" not in page


def test_the_page_of_300_hosts_is_small_and_needs_nothing_else():
    page = html.render(made(night()))
    assert len(page) < 500_000
    assert all(f"proxy-{number:03}" in page for number in range(1, 301))
    assert not re.search(r"<script|<link|src=|url\((?!#)|@import", page)
    assert set(re.findall(r'href="([^"#]+)', page)) <= {
        f"http://ocp:8080/task/{33000 + number}" for number in range(301)
    }


def test_what_hosts_say_is_text_and_no_markup():
    bad = "<script>alert(1)</script>"
    page = html.render(made([row(1, "failed", message=bad, failure={"kind": "rejected", "next": bad})]))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_table_has_a_line_for_each_host_and_no_formula():
    told = made([row(1), row(2, "failed", message="=HYPERLINK(1)", failure={"kind": "rejected", "next": ""})])
    lines = list(csv.DictReader(io.StringIO(report.as_csv(told))))
    assert [line["host"] for line in lines] == ["proxy-001", "proxy-002"]
    assert lines[1]["message"] == "'=HYPERLINK(1)"


def test_a_file_is_whole_or_not_there(tmp_path):
    paths = [str(tmp_path / f"tonight.{ending}") for ending in ("html", "json", "csv")]
    report.write(made(night(20)), paths)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["tonight.csv", "tonight.html", "tonight.json"]
    with pytest.raises(KeyError):
        report.write({**made(night(20)), "hosts": [{}]}, paths[:1])
    assert sorted(file.name for file in tmp_path.iterdir()) == ["tonight.csv", "tonight.html", "tonight.json"]


def test_a_path_that_cannot_be_written_is_known_before(tmp_path):
    (tmp_path / "folder.html").mkdir()
    found = report.problems([str(tmp_path / name) for name in ("a.pdf", "none/a.html", "folder.html", "fine.html")])
    assert [text.partition(": ")[2].removeprefix(f"{tmp_path}/").split(" ")[0] for text in found] == [
        *("a.pdf", "none/a.html", "folder.html")
    ]


def test_the_timeline_has_hosts_of_one_start_in_the_order_of_their_numbers_and_every_clock_time_within():
    began, ended = BEGAN.isoformat(), (BEGAN + timedelta(seconds=60)).isoformat()
    rows = [{"host": f"proxy-{number}", "wave": 1, "started": began, "finished": ended} for number in (10, 2, 1)]
    drawn = drawing.timeline([{**each, "outcome": "taken_over"} for each in rows])
    assert [each["label"] for each in drawn["bars"]] == ["proxy-1", "proxy-2", "proxy-10"]
    # A clock time with seconds is about 50 wide, centered on its tick.
    assert all(tick["x"] + 25 <= drawn["width"] for tick in drawn["ticks"])
