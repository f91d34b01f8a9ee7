# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of a POST whose answer is lost, when more goes wrong than that."""

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._errors import OcpError
from ansible_collections.obops.oceanbase.plugins.module_utils._progress import Progress
from ansible_collections.obops.oceanbase.plugins.module_utils._takeover import Takeover
from ansible_collections.obops.oceanbase.tests.unit.plugins.module_utils.fake_ocp import FakeOcp


def takeover(ocp, *hosts):
    wanted = [{"host": f"10.0.0.{n}", "sql_port": 2883} for n in hosts]
    return Takeover(ocp, None, "demo", wanted, Progress(lambda line: None, lambda: ocp.limit.elapsed))


def test_a_search_that_fails_tells_of_the_lost_post_and_counts_as_a_change():
    ocp = FakeOcp(hosts=1)
    # Requests: clusters, hosts, running tasks, the POST, and the first look of the search.
    ocp.faults = {4: "after", 5: OcpError("protocol", "a log-in page", next="Check ocp_url.")}
    with pytest.raises(OcpError) as caught:
        takeover(ocp, 1).run()
    assert ocp.takeovers == [1]
    assert caught.value.result["changed"]
    assert caught.value.result["hosts"][0]["outcome"] == "submitted"
    assert "broke off" in caught.value.message
    assert "a log-in page" in caught.value.message
    assert caught.value.next.startswith("Check ocp_url. Run the same again")


@pytest.mark.parametrize("code", ["20021", "ODP10021"])
def test_a_task_in_progress_that_nobody_can_see_is_waited_out(code):
    ocp = FakeOcp(hosts=1)
    busy = OcpError("conflict", "Another task is in progress on the host.", code=code, status=409)
    # The fourth request is the POST. Between two of them lie looks at the clusters, running tasks, and clusters again.
    ocp.faults = {4: busy, 8: busy}
    assert takeover(ocp, 1).run()["hosts"][0]["outcome"] == "taken_over"
    assert ocp.count("POST") == 3


def test_a_conflict_of_another_kind_is_not_tried_for_ever():
    ocp = FakeOcp(hosts=1)
    ocp.faults = {4 + 4 * n: OcpError("conflict", "No.", code="ODP99999", status=409) for n in range(100)}
    with pytest.raises(OcpError) as caught:
        takeover(ocp, 1).run()
    assert caught.value.kind == "conflict"
    assert ocp.count("POST") == 5
    assert ocp.takeovers == []
