# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Paging, sorting and filtering of lists."""

from __future__ import annotations

import pytest

from tests.integration.simulator.calls import CLUSTERS, HOSTS, TASKS, Ocp, host

ADDRESSES = [f"10.0.0.{n}" for n in range(1, 13)]


@pytest.fixture
def many(ocp: Ocp) -> Ocp:
    hosts = [{"address": address, "name": f"Proxy-{n}"} for n, address in enumerate(ADDRESSES, 1)]
    hosts[3]["status"] = "OFFLINE"
    hosts[4]["status"] = "AVAILABLE"
    ocp.control.reset({"hosts": hosts, "settings": {"check_proxies": False, "task_seconds": 12, "other_tasks": 0}})
    return ocp


def ids(data: dict) -> list[int]:
    return [thing["id"] for thing in data["contents"]]


def test_pages_count_from_one(many: Ocp) -> None:
    assert ids(many.get(HOSTS, page=1, size=5)) == [1, 2, 3, 4, 5]
    last = many.get(HOSTS, page=3, size=5)
    assert ids(last) == [11, 12]
    assert last["page"] == {"totalElements": 12, "totalPages": 3, "number": 3, "size": 5}
    assert ids(many.get(HOSTS, page=4, size=5)) == []


@pytest.mark.parametrize("query", [{"page": 0}, {"size": 0}, {"size": 2001}, {"sort": "id"}, {"sort": "id,up"}])
def test_a_page_that_there_cannot_be_is_refused(many: Ocp, query: dict) -> None:
    for path in (HOSTS, TASKS, CLUSTERS):
        assert many.refusal("GET", path, params=query)[0] == 400


def test_a_list_without_a_size_is_cut_to_a_page(many: Ocp) -> None:
    assert len(many.get(HOSTS)["contents"]) == 10
    assert len(many.get(HOSTS, size=2000)["contents"]) == 12


def test_lists_are_sorted_as_asked(many: Ocp) -> None:
    assert ids(many.get(HOSTS, sort="id,desc", size=3)) == [12, 11, 10]
    # By name: Proxy-1, Proxy-10, Proxy-11, …
    assert ids(many.get(HOSTS, sort="name,asc", size=3)) == [1, 10, 11]


def test_a_keyword_finds_parts_of_addresses_and_names(many: Ocp) -> None:
    assert ids(many.get(HOSTS, keyword="10.0.0.1")) == [1, 10, 11, 12]
    assert ids(many.get(HOSTS, keyword="proxy-12")) == [12]
    assert ids(many.get(HOSTS, keyword="nowhere")) == []


def test_hosts_are_found_by_one_or_several_statuses(many: Ocp) -> None:
    assert ids(many.get(HOSTS, status="OFFLINE")) == [4]
    assert ids(many.get(HOSTS, status="OFFLINE,AVAILABLE")) == [4, 5]


def test_tasks_are_found_by_host_name_and_status(many: Ocp) -> None:
    many.control.freeze()
    many.control.task_fault("fail", host=2, subtask=1)
    first, second = (task["id"] for task in many.take_over(host(1), host(2)))
    many.control.advance(2)
    assert ids(many.get(TASKS)) == [second, first]
    assert ids(many.get(TASKS, sort="id,asc")) == [first, second]
    assert ids(many.get(TASKS, hostId=2)) == [second]
    assert ids(many.get(TASKS, hostId=3)) == []
    assert ids(many.get(TASKS, status="FAILED")) == [second]
    assert ids(many.get(TASKS, status="RUNNING,FAILED", sort="id,asc")) == [first, second]
    assert ids(many.get(TASKS, name="OBPROXY", type="MANUAL")) == [second, first]
    assert ids(many.get(TASKS, name="backup")) == []
    assert ids(many.get(TASKS, type="SCHEDULED")) == []


def test_tasks_are_found_by_a_part_of_their_clusters_name(ocp: Ocp) -> None:
    tasks = [{"id": 5, "name": "Backup", "cluster_name": "orders"}, {"id": 6, "name": "Install obproxy", "host": 1}]
    ocp.control.reset({"tasks": tasks, "settings": {"other_tasks": 0}})
    assert ids(ocp.get(TASKS, clusterName="ORD")) == [5]
    assert ids(ocp.get(TASKS, name="ba")) == [5]
    assert ocp.get(TASKS, name="ba")["contents"][0]["cluster"] == {"name": "orders"}
