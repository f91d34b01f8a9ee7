# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ocp_obproxy_cluster against a simulated OCP."""

import re

import pytest

from tests.integration.ocp.conftest import world
from tests.integration.ocp.live import Live
from tools.matrix import versions

LINK = {"cluster_name": "obcluster", "ob_cluster_id": 1}
OTHER = {"cluster_name": "obcluster2", "ob_cluster_id": 2, "username": "reader"}


@pytest.fixture
def cluster(runner):
    def run(name="fresh", **arguments):
        return runner.module("ocp_obproxy_cluster", name=name, **arguments)

    return run


def writes(ocp):
    return [request for request in ocp.requests() if request["method"] != "GET"]


def names(ocp):
    return [cluster["name"] for cluster in ocp.state()["obproxy_clusters"]]


def made(ocp):
    """Return the number of cluster creation tasks in OCP."""
    return sum(task["name"] == "Install obproxy" for task in ocp.tasks())


@pytest.mark.parametrize("mode", ["CONFIG_URL", "RS_LIST"])
def test_a_cluster_is_made_and_then_left_alone(ocp, cluster, mode):
    options = {"work_mode": mode, "address": "proxy.example.com", "port": 3306, "ob_links": [LINK]}
    run = cluster(**options)
    assert run.result["changed"]
    there = run.result["cluster"]
    assert there["id"] == 3
    assert (there["address"], there["port"], there["work_mode"]) == ("proxy.example.com", 3306, mode)
    assert [(each["cluster_name"], each["username"]) for each in there["ob_links"]] == [("obcluster", "proxyro")]
    again = cluster(**options)
    assert again.result["changed"] is False
    assert again.result["cluster"] == there
    assert len(writes(ocp)) == 1


def test_a_new_cluster_takes_proxies_over(cluster, take_over):
    cluster(name="fresh")
    assert take_over(1, cluster="fresh").outcomes == ["taken_over"]


def test_check_mode_writes_nothing_and_predicts(ocp, cluster):
    options = {"ob_links": [LINK], "port": 3306}
    predicted = cluster(check=True, **options)
    assert writes(ocp) == []
    real = cluster(**options)
    assert (predicted.result["changed"], predicted.result["diff"]) == (real.result["changed"], real.result["diff"])
    changes = {"ob_links": [OTHER], "purge_ob_links": True, "address": "a.example.com"}
    before = len(writes(ocp))
    predicted = cluster(check=True, **changes)
    assert len(writes(ocp)) == before
    real = cluster(**changes)
    assert (predicted.result["changed"], predicted.result["diff"]) == (real.result["changed"], real.result["diff"])


def test_the_diff_is_shown(ocp, runner):
    run = runner.ansible("ocp_obproxy_cluster", "--check", "--diff", name="demo", port=3306)
    assert re.search(r'^\+ +"port": 3306', run.output, re.MULTILINE), run.output
    assert writes(ocp) == []


def test_links_are_added_and_removed_only_if_requested(cluster):
    def links(run):
        return [link["cluster_name"] for link in run.result["cluster"]["ob_links"]]

    assert links(cluster(name="demo", ob_links=[LINK])) == ["obcluster"]
    assert links(cluster(name="demo", ob_links=[OTHER])) == ["obcluster", "obcluster2"]
    assert links(cluster(name="demo", ob_links=[OTHER], purge_ob_links=True)) == ["obcluster2"]


def test_a_change_that_ocp_cannot_make_is_an_error(ocp, cluster):
    failure = cluster(name="demo", work_mode="RS_LIST").failure
    assert "which OCP cannot change to RS_LIST" in failure["message"]
    cluster(work_mode="RS_LIST", ob_links=[LINK])
    before = len(writes(ocp))
    failure = cluster(ob_links=[OTHER]).failure
    assert failure["kind"] == "rejected"
    assert "OCP cannot change its link" in failure["message"]
    assert len(writes(ocp)) == before


def test_the_password_of_the_cluster_shows_nowhere(ocp, runner):
    run = runner.ansible("ocp_obproxy_cluster", "-vvvv", name="fresh", password="hidden-1", proxyro_password="hidden-2")
    assert run.code == 0, run.output
    assert "hidden-1" not in run.output
    assert "hidden-2" not in run.output
    assert ocp.state()["obproxy_clusters"][-1]["proxysys_password"] == "hidden-1"


def test_a_lost_answer_makes_one_cluster(ocp, cluster):
    ocp.fault("reset", when="after", method="POST", path="/clusters$")
    run = cluster()
    assert run.result["changed"], run.output
    assert run.result["cluster"]["id"] == 3
    assert made(ocp) == 1
    assert len(writes(ocp)) == 1


@pytest.mark.parametrize("error_codes", ["integer", "string"])
def test_a_killed_run_is_joined(ocp, runner, tmp_path, cluster, error_codes):
    ocp.settings(task_seconds=30, error_codes=error_codes)
    task = {"name": "Try it", "obops.oceanbase.ocp_obproxy_cluster": {"name": "fresh"}}
    run = Live(versions.python_of(versions.OWN), tmp_path, runner.environment(), task)
    run.until("OCP task 3")
    run.end()
    for each in ocp.tasks():
        ocp.change_task(each["id"], seconds=3)
    joined = cluster()
    assert joined.result["cluster"]["name"] == "fresh", joined.output
    assert made(ocp) == 1
    assert cluster().result["changed"] is False


def test_a_failed_task_is_reported_with_its_log(ocp, cluster):
    ocp.task_fault("fail", subtask=2, log="no space left")
    failure = cluster().failure
    assert failure["kind"] == "task_failed"
    assert "no space left" in failure["log"]
    assert "operation: rollback" in failure["next"]
    taken = cluster().failure
    assert "The task that creates it may have failed" in taken["message"]


def test_an_empty_cluster_is_deleted(ocp, cluster):
    assert cluster(name="demo", state="absent", check=True).result["changed"]
    assert names(ocp) == ["demo", "other"]
    assert cluster(name="demo", state="absent").result["changed"]
    assert names(ocp) == ["other"]
    assert cluster(name="demo", state="absent").result["changed"] is False


def test_a_cluster_with_proxies_is_not_deleted(ocp, cluster, take_over):
    take_over(1)
    before = len(writes(ocp))
    failure = cluster(name="demo", state="absent").failure
    assert failure["kind"] == "conflict"
    assert "1 proxy, which OCP would stop and uninstall: 10.0.0.1:2883" in failure["message"]
    assert len(writes(ocp)) == before


def test_not_waiting(ocp, cluster):
    ocp.settings(task_seconds=60)
    run = cluster(wait=False)
    assert run.seconds < 20
    assert run.result["changed"]
    assert run.result["cluster"]["id"] is None
    assert run.result["tasks"][0]["status"] == "RUNNING"


def test_a_user_without_the_role_is_shown_which_one_is_missing(ocp, runner):
    ocp.reset({**world(1), "users": [{"username": "reader", "password": "reading", "roles": ["OBPROXY_VIEWER"]}]})
    runner.env.update(OCP_USERNAME="reader", OCP_PASSWORD="reading")
    failure = runner.module("ocp_obproxy_cluster", name="fresh").failure
    assert failure["kind"] == "permission"
    assert "OBPROXY_MANAGER" in failure["next"]
