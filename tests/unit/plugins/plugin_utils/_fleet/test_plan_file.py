# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plan is an inventory that Ansible reads as intended. It changes only with the hosts, and keeps edits."""

import copy
import os
import random

import pytest
import yaml
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.discovery import discover
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.plan import Records
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.plan_file import decide, is_edited, plan_text
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.plan_store import problem, store

from .fleets import FINE, HOSTS, cluster, fleet, managed, settled
from .looks import finding, look, process
from .test_discovery import DEMO, KINDS, LISTED, OLD, fleet_of_300, rs_list

BILLING = cluster(4, "billing", [managed(9)], ob_links=DEMO["ob_links"])
#: One host of each kind, by name.
FOUND = {
    "demo-1": FINE,
    "listed-1": look(rs_list("ob1")),
    "listed-2": look(rs_list("ob1", sql_port=3306)),
    "none-1": look(rs_list("ob9")),
    "blocked-1": look(process(user="root"), blockers=[finding("wrong_user", "the proxy belongs to the user root")]),
    "two-1": look(process(), process(sql_port=3306), blockers=[finding("several_processes")]),
    "nothing-1": look(packages=[], action="install", blockers=[finding("no_process")]),
    "lost-1": {"unreachable": True, "msg": "timed out"},
    "managed-1": FINE,
}


def rows_of(found=None, clusters=(DEMO, LISTED, OLD, BILLING), known=HOSTS, order=None):
    found = found or FOUND
    hosts = [
        settled(name, ansible_host=f"10.0.0.{number}", obproxy_cluster="")
        for number, name in enumerate(found, 10 - len(found))
    ]
    for each in hosts:
        proxies = (found[each["host"]].get("obproxy") or {}).get("processes") or []
        each["sql_port"] = proxies[0]["sql_port"] if len(proxies) == 1 else 2883
    if order:
        random.Random(order).shuffle(hosts)
    return discover(fleet(*hosts), found, Records(clusters, known))


def text_of(found=None, clusters=(DEMO, LISTED, OLD, BILLING), **more):
    return plan_text(rows_of(found, clusters, **more), clusters)


@pytest.fixture
def read(tmp_path):
    """A function that reads a text as Ansible reads an inventory."""

    def read(text):
        (tmp_path / "plan.yml").write_text(text)
        manager = InventoryManager(DataLoader(), sources=[str(tmp_path / "plan.yml")])
        return {name: sorted(hosts) for name, hosts in manager.get_groups_dict().items()}, manager

    return read


def test_the_group_obproxy_has_what_is_taken_over_and_the_other_groups_are_not_part_of_it(read):
    groups, manager = read(text_of())
    assert groups["obproxy"] == groups["planned"] == ["listed-1", "listed-2"]
    assert groups["into_listed"] == ["listed-1", "listed-2"]
    assert groups["choose_demo_or_billing"] == ["demo-1"]
    assert groups["needs_rs_list_ob9_v4"] == ["none-1"]
    assert groups["managed_in_billing"] == ["managed-1"]
    assert groups["blocked"] == ["blocked-1", "two-1"]
    assert groups["without_proxy"] == ["nothing-1"]
    assert groups["unreachable"] == ["lost-1"]
    assert manager.groups["into_listed"].vars == {"obproxy_cluster": "listed"}
    # If a run by the inventory's own groups includes the host, its proxy is found to be managed already.
    assert manager.groups["managed_in_billing"].vars == {"obproxy_cluster": "billing"}
    assert manager.hosts["listed-2"].vars["obproxy_sql_port"] == 3306
    assert "obproxy_sql_port" not in manager.hosts["two-1"].vars


def test_a_person_reads_what_each_host_has_and_why(read):
    text = text_of()
    assert "demo-1: {obproxy_sql_port: 2883}  # 4.2.1-11, user admin, CONFIG_URL" in text
    assert "# wrong_user: the proxy belongs to the user root" in text
    assert "none-1: {obproxy_sql_port: 2883}  # 4.2.1-11, user admin, RS_LIST serving ob9" in text
    assert "demo (1): start_mode; listed (2): ob_clusters" in text
    assert "an empty OBProxy cluster in the mode RS_LIST linked to ob9 for versions 4.0.0 or later" in text
    assert "port 2883: 4.2.1-11" in text
    assert "port 3306: 4.2.1-11" in text
    assert "lost-1:  # timed out" in text


def test_a_group_with_several_clusters_becomes_one_to_be_taken_over_by_uncommenting_two_lines(read):
    text = text_of()
    chosen = text.replace("    # obproxy_cluster: billing", "    obproxy_cluster: billing")
    chosen = chosen.replace("    # choose_demo_or_billing:", "    choose_demo_or_billing:")
    groups, manager = read(chosen)
    assert "demo-1" in groups["obproxy"]
    assert manager.groups["choose_demo_or_billing"].vars == {"obproxy_cluster": "billing"}


def test_the_same_hosts_in_any_order_are_the_same_file():
    assert len({text_of(order=order) for order in (None, 1, 2, 3)}) == 1


def test_only_the_line_of_a_host_changes_with_the_host():
    later = {**FOUND, "listed-1": look(rs_list("ob1", sql_port=2884, ports=[2884]))}
    changed = set(text_of(later).splitlines()) - set(text_of().splitlines())
    assert len([line for line in changed if "checksum" not in line]) == 1


def test_names_that_mean_something_to_yaml_or_ansible_are_quoted_or_named_by_id(read):
    names = ["a: b", "{{ lookup('pipe', 'id') }}", "no", "12", "x\ny", "Größe", "demo", "Demo"]
    clusters = [
        cluster(number, name, work_mode="RS_LIST", ob_links=[{"cluster_name": f"ob{number}"}])
        for number, name in enumerate(names, 1)
    ]
    found = {f"h{number}": look(rs_list(f"ob{number}")) for number in range(1, 9)}
    found["no"] = found.pop("h8")
    groups, manager = read(text_of(found, clusters))
    assert groups["obproxy"] == sorted(found)
    wanted = {}
    for group in manager.groups.values():
        if group.name.startswith("into_"):
            wanted.update((host.name, group.vars) for host in group.hosts)
    assert wanted == {
        "h1": {"obproxy_cluster": "a: b"},
        "h2": {"obproxy_cluster_id": 2},
        "h3": {"obproxy_cluster": "no"},
        "h4": {"obproxy_cluster": "12"},
        "h5": {"obproxy_cluster_id": 5},
        "h6": {"obproxy_cluster": "Größe"},
        "h7": {"obproxy_cluster_id": 7},
        "no": {"obproxy_cluster_id": 8},
    }


def test_names_are_what_ansible_makes_of_an_inventory(read):
    name = DataLoader().load('["10.0.0.7"]')[0]
    assert read(text_of({name: look(rs_list("ob1"))}, (LISTED,)))[0]["obproxy"] == ["10.0.0.7"]


def test_nothing_that_a_host_shows_becomes_a_line_of_its_own():
    evil = process(user="x\n    evil:\u2028\x85\r  y", home="/a\nplanned: {hosts: evil}")
    text = text_of({"demo-1": look(evil, blockers=[finding("wrong_user", "x\nobproxy: {hosts: evil}")])})
    assert yaml.safe_load(text) == yaml.safe_load(
        text_of({"demo-1": look(process(), blockers=[finding("wrong_user")])})
    )


def test_300_hosts_each_are_in_one_group(read):
    hosts, looks, ocp, clusters = fleet_of_300()
    groups, _manager = read(plan_text(discover(hosts, looks, ocp), clusters))
    own = {name: group for name, group in groups.items() if name not in ("all", "ungrouped", "obproxy", "planned")}
    assert sorted(host for group in own.values() for host in group) == sorted(hosts)
    assert len(own) == len(KINDS)


def test_no_secret_of_a_host_is_in_the_plan():
    text = text_of({"demo-1": look(process(config_url="http://user:pwd@ocp:8080/x?token=abc", options={"p": "pwd"}))})
    assert "pwd" not in text
    assert "token" not in text


def test_an_unedited_plan_is_replaced_and_an_edited_one_is_not():
    first, second = text_of(), text_of({**FOUND, "demo-1": look(rs_list("ob1"))})
    assert decide(None, first) == "created"
    assert decide(first, first) == decide(first.replace("\n", "  \n"), first) == "unchanged"
    assert decide(first, second) == "replaced"
    edited = first.replace("# choose_", "choose_")
    assert is_edited(edited)
    assert decide(edited, first) == "kept"
    assert decide(edited, second) == "next_to_it"
    merged = edited.replace(checksum_line(first), checksum_line(second))
    assert decide(merged, second) == "kept"


def checksum_line(text):
    return next(line for line in text.splitlines() if "checksum" in line)


def test_an_edited_plan_keeps_its_edits_and_the_new_one_is_written_next_to_it(tmp_path):
    path, new = tmp_path / "plan.yml", tmp_path / "plan.new.yml"
    first, second = text_of(), text_of({**FOUND, "demo-1": look(rs_list("ob1"))})
    assert store(str(path), first, dry=True)["changed"]
    assert not path.exists()
    assert store(str(path), first)["state"] == "created"
    assert store(str(path), first)["changed"] is False
    edited = first + "# mine\n"
    path.write_text(edited)
    assert store(str(path), first)["state"] == "kept"
    assert not new.exists()
    stored = store(str(path), second)
    assert (stored["state"], stored["written"], stored["changed"]) == ("next_to_it", str(new), True)
    assert (path.read_text(), new.read_text()) == (edited, second)
    assert store(str(path), second)["changed"] is False
    new.write_text(second + "# mine too\n")
    assert "were both edited" in problem(str(path))


def test_a_path_that_cannot_be_written_says_why(tmp_path):
    assert "does not exist" in problem(str(tmp_path / "missing" / "plan.yml"))
    assert "does not end in .yml or .yaml" in problem(str(tmp_path / "plan.txt"))
    (tmp_path / "folder.yml").mkdir()
    assert "is a directory" in problem(str(tmp_path / "folder.yml"))
    (tmp_path / "hosts.yml").write_text("all: {}\n")
    assert "is not a plan of obops.oceanbase.discover" in problem(str(tmp_path / "hosts.yml"))
    (tmp_path / "plan.yml").write_bytes(b"\xff\xfe")
    assert "cannot be read" in problem(str(tmp_path / "plan.yml"))
    assert problem(str(tmp_path / "new.yml")) is None


def test_a_folder_without_permission_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert f"no write permission for the directory {tmp_path}" in problem(str(tmp_path / "plan.yml"))


def test_rows_are_not_changed_by_being_written():
    rows = rows_of()
    before = copy.deepcopy(rows)
    plan_text(rows, [DEMO])
    assert rows == before
