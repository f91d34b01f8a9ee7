# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._host import host, processes
from ansible_collections.obops.oceanbase.tests.unit.plugins.module_utils._host.fake_host import (
    HOME,
    FakeProc,
    add_daemon,
    add_proxy,
)

KEYWORDS = ["obproxy", "obproxyd.sh"]


@pytest.fixture
def proc(tmp_path):
    return FakeProc(tmp_path / "proc")


def summary(proc, sql_port=2883, exporter_port=2884):
    return host.Host(KEYWORDS, sql_port, exporter_port, str(proc)).summary()


def test_a_proxy_is_described_by_its_executable_its_sockets_and_its_arguments(proc):
    add_proxy(proc, uid=0)
    (process,) = summary(proc)["processes"]
    assert process["pid"] == 4711
    assert process["kind"] == "proxy"
    assert process["user"] == "root"
    assert process["executable"] == HOME + "/bin/obproxy"
    assert process["home"] == HOME
    assert process["ports"] == [2883, 2884]
    assert (process["sql_port"], process["prometheus_port"], process["rpc_port"]) == (2883, 2884, None)
    assert (process["app_name"], process["start_mode"]) == ("demo", "config_url")


def test_the_sql_port_is_the_one_it_listens_on_not_the_configured_one(proc):
    proc.add(5, "obproxy", ["bin/obproxy", "-p", "3306"], exe=HOME + "/bin/obproxy").listen(5, 2883)
    (process,) = summary(proc)["processes"]
    assert (process["ports"], process["sql_port"]) == ([2883], 2883)


def test_a_proxy_that_does_not_listen_yet_has_no_ports(proc):
    proc.add(5, "obproxy", ["bin/obproxy", "-p", "2883"], exe=HOME + "/bin/obproxy")
    (process,) = summary(proc)["processes"]
    assert (process["ports"], process["sql_port"]) == ([], None)


def test_a_script_in_place_of_the_proxy_is_known_by_its_path_not_by_its_interpreter(proc):
    arguments = ["/usr/bin/python3", "./bin/obproxy", "-p", "2883", "-n", "demo", "-r", "10.0.0.1:2881"]
    proc.add(5, "obproxy", arguments, exe="/usr/bin/python3.11", cwd=HOME)
    (process,) = summary(proc)["processes"]
    assert process["executable"] == HOME + "/bin/obproxy"
    assert process["home"] == HOME
    assert (process["app_name"], process["start_mode"]) == ("demo", "rs_list")


def test_the_daemon_is_known_by_its_script(proc):
    add_daemon(proc)
    (process,) = summary(proc)["processes"]
    assert (process["kind"], process["executable"], process["home"]) == ("daemon", HOME + "/bin/obproxyd.sh", HOME)


def test_obdeploys_daemon_is_found_though_its_name_is_bash(proc):
    proc.add(9, "bash", ["bash", "/data/obproxy/obproxyd.sh", "/data/obproxy", "10.0.0.1", "2883", "daemon"])
    (process,) = summary(proc)["processes"]
    assert (process["pid"], process["kind"]) == (9, "daemon")


@pytest.mark.parametrize(
    ("comm", "arguments"),
    [
        ("obstat2", ["/home/admin/bin/obstat2", "-i", "1", "-c", "test323", "__obproxy__"]),
        ("python3", ["python3", "/home/admin/ocp_agent/obstat2", "-c", "test323", "__obproxy__"]),
        ("vim", ["vim", "/home/admin/logs/obproxy/log/obproxy.log"]),
        ("vim", ["vim", HOME + "/bin/obproxyd.sh"]),
        ("tail", ["tail", "-f", HOME + "/log/obproxy.log"]),
        ("grep", ["grep", "obproxy"]),
        ("bash", ["bash", "-c", "ps -ef | grep obproxy"]),
        ("bash", ["-bash"]),
        ("sh", ["sh", "-c", HOME + "/bin/obproxyd.sh -c status"]),
        ("dnf", ["/usr/bin/python3", "/usr/bin/dnf", "install", "obproxy"]),
        ("python3", ["/usr/bin/python3", "/home/operator/.ansible/tmp/x/AnsiballZ_obproxy_info.py"]),
        ("obproxy_export", ["/usr/bin/obproxy_export"]),
        ("less", ["less", "obproxy"]),
    ],
)
def test_false_friends_are_not_taken_for_a_proxy(proc, comm, arguments):
    proc.add(7, comm, arguments)
    assert summary(proc)["processes"] == []


def test_a_zombie_is_not_a_process(proc):
    proc.add(7, "obproxy", [], state="Z")
    assert summary(proc)["processes"] == []


def test_subshells_of_the_daemon_and_a_forking_proxy_are_left_out(proc):
    now = processes.now()
    add_daemon(proc, 100)
    add_daemon(proc, 101, parent=100)
    proc.add(102, "obproxy", [HOME + "/bin/obproxy", "-p", "2883"], parent=101, started=now)
    add_proxy(proc, 103)
    assert [process["pid"] for process in summary(proc)["processes"]] == [100, 103]


def test_a_proxy_in_the_foreground_of_its_daemon_is_seen(proc):
    add_daemon(proc, 100)
    add_proxy(proc, 103, parent=100, started=processes.now())
    assert [process["pid"] for process in summary(proc)["processes"]] == [100, 103]


def test_a_proxy_without_its_package_is_reported(proc):
    proc.add(5, "obproxy", ["bin/obproxy"], exe=HOME + "/bin/obproxy (deleted)")
    (process,) = summary(proc)["processes"]
    assert (process["executable"], process["executable_deleted"]) == (HOME + "/bin/obproxy", True)


def test_a_name_with_brackets_and_spaces_does_not_upset_the_look(proc):
    proc.add(6, "a) S (b", ["x"])
    proc.add(5, "obproxy", ["bin/obproxy"], exe=HOME + "/bin/obproxy", parent=6)
    (process,) = summary(proc)["processes"]
    assert process["parent"] == 6


def test_a_user_without_an_entry_is_shown_by_number(proc):
    add_proxy(proc, uid=987654)
    (process,) = summary(proc)["processes"]
    assert process["user"] == "987654"


def test_another_listener_on_a_wanted_port_is_named(proc):
    proc.add(50, "mysqld", ["/usr/sbin/mysqld"]).listen(50, 2883, "127.0.0.1")
    (listener,) = summary(proc)["listeners"]
    assert listener == {
        "port": 2883,
        "address": "127.0.0.1",
        "pid": 50,
        "name": "mysqld",
        "user": "root",
        "obproxy": False,
    }


def test_a_port_whose_process_may_not_be_seen_is_taken_anyway(proc):
    proc.listen(None, 2884)
    (listener,) = summary(proc)["listeners"]
    assert (listener["port"], listener["pid"], listener["obproxy"]) == (2884, None, False)


def test_the_proxys_own_ports_are_recognized(proc):
    add_proxy(proc)
    assert [(item["port"], item["pid"], item["obproxy"]) for item in summary(proc)["listeners"]] == [
        (2883, 4711, True),
        (2884, 4711, True),
    ]


def test_the_look_finds_no_obproxy_in_the_real_proc():
    nothing = host.Host(["no-such-proxy"], 1)
    assert nothing.summary() == {"processes": [], "listeners": []}


def test_a_proxy_below_a_symlink_has_the_directory_of_its_package_and_the_executable_that_ocp_sees(proc, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "install").symlink_to("data")
    home = str(tmp_path / "data" / "obproxy-1.9.1.1")
    add_proxy(proc, home=home)
    (process,) = processes.find_processes(KEYWORDS, [], str(proc), prefix=str(tmp_path / "install"))
    assert process["home"] == HOME
    assert process["executable"] == home + "/bin/obproxy"


def test_a_port_on_several_addresses_counts_by_the_one_that_others_reach(proc):
    add_proxy(proc, port=3306)
    proc.listen(4711, 2883, "127.0.0.1").listen(4711, 2883, "10.0.0.1")
    listener = summary(proc)["listeners"][0]
    assert (listener["port"], listener["address"]) == (2883, "10.0.0.1")
