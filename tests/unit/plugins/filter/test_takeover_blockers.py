# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each precondition of a takeover is reported if it is not met, and only then."""

import pytest
from ansible_collections.obops.oceanbase.plugins.filter.takeover_blockers import takeover_blockers
from ansible_collections.obops.oceanbase.plugins.module_utils._blockers import host as by_host
from ansible_collections.obops.oceanbase.plugins.module_utils._blockers import ocp as by_ocp

HOME = "/opt/taobao/install/obproxy-3.2.1"


def process(**keys):
    return {
        "pid": 4711,
        "kind": "proxy",
        "name": "obproxy",
        "user": "admin",
        "executable": f"{HOME}/bin/obproxy",
        "home": HOME,
        "ports": [2883, 2884],
        "uptime": 93600,
        "daemon": None,
        "unit": None,
        "started_by": "hand",
        "start_mode": "config_url",
        "config_url": "http://ocp/services?Action=GetObProxyConfig&ObproxyClusterName=demo",
        "ob_clusters": [],
        "proxysys_private_only": False,
        **keys,
    }


def package(version="3.2.1", home=HOME):
    return {"nevra": f"obproxy-{version}-1.el7.x86_64", "version": version, "home": home}


def cluster(
    number=1, name="demo", *, mode="CONFIG_URL", proxies=(), versions=("3.2.3-1",), links=("ob1",), ocp="10.0.0.9"
):
    return {
        "config_url": f"http://{ocp}:8080/services?Action=GetObProxyConfig&ObproxyClusterName={name}",
        "id": number,
        "name": name,
        "work_mode": mode,
        "obproxies": list(proxies),
        "versions": [{"version": version, "count": 1} for version in versions],
        "ob_links": [{"cluster_name": link} for link in links],
    }


def managed(host_id=1, status="RUNNING"):
    return {"host_id": host_id, "address": "10.0.0.1", "sql_port": 2883, "status": status}


def host(number=1, address="10.0.0.1", status="ONLINE", agent="RUNNING"):
    return {"id": number, "address": address, "name": f"proxy-{number}", "status": status, "agent_status": agent}


def rs_list(*ob_clusters):
    return process(start_mode="rs_list", config_url=None, ob_clusters=list(ob_clusters))


def denied(with_password=True):
    return {"outcome": "denied", "password_given": with_password}


def blockers(
    processes=None,
    packages=None,
    target=None,
    others=(),
    hosts=None,
    login=None,
    address="0.0.0.0",
    sql_port=2883,
    root=True,
    rpm_error=None,
    real_prefix="/opt/taobao/install",
    **options,
):
    info = {
        "processes": [process()] if processes is None else processes,
        "packages": [package()] if packages is None else packages,
        "listeners": [{"port": 2883, "address": address, "obproxy": True}],
        "login": login,
        "root": root,
        "rpm_error": rpm_error,
        "prefix": {"path": "/opt/taobao/install", "real": real_prefix, "link": "/opt"},
    }
    target = target or cluster()
    found = takeover_blockers(
        info,
        address="10.0.0.1",
        sql_port=sql_port,
        cluster=target,
        clusters=[target, *others],
        hosts=[host()] if hosts is None else hosts,
        **options,
    )
    for entry in found:
        assert all(entry[key] for key in ("name", "found", "needed", "cure")), entry
    return [entry["name"] for entry in found]


def test_a_proxy_that_fits_has_none():
    assert blockers() == []


BROKEN = [
    ("host_not_in_ocp", {"hosts": [host(address="10.0.0.11")]}),
    ("host_ambiguous", {"hosts": [host(1), host(2)]}),
    ("host_not_usable", {"hosts": [host(status="OFFLINE")]}),
    ("agent_not_running", {"hosts": [host(agent="STOPPED")]}),
    ("managed_elsewhere", {"others": [cluster(2, "other", proxies=[managed()])]}),
    ("being_removed", {"target": cluster(proxies=[managed(status="DELETING")])}),
    ("not_root", {"root": False}),
    ("packages_unreadable", {"rpm_error": "rpm has not ended after 60 s"}),
    ("leads_elsewhere", {"real_prefix": "/data/taobao/install"}),
    ("no_process", {"processes": []}),
    ("several_processes", {"processes": [process(), process(pid=2)]}),
    ("wrong_directory", {"processes": [process(executable="/home/admin/obproxy-3.2.1/bin/obproxy")]}),
    ("several_packages", {"packages": [package(), package("3.2.2")]}),
    ("no_package", {"packages": []}),
    ("other_package", {"packages": [package("3.2.2", "/opt/taobao/install/obproxy-3.2.2")]}),
    ("wrong_user", {"processes": [process(user="root")]}),
    ("wrong_port", {"processes": [process(ports=[3306])]}),
    ("only_loopback", {"address": "127.0.0.1"}),
    ("start_mode", {"processes": [rs_list("ob1")]}),
    ("start_mode", {"target": cluster(mode="RS_LIST")}),
    ("config_url", {"processes": [process(config_url="http://other/services?ObproxyClusterName=theirs")]}),
    ("no_ob_cluster", {"target": cluster(links=[])}),
    ("ob_clusters", {"processes": [rs_list("ob2")], "target": cluster(mode="RS_LIST")}),
    ("proxysys_private_only", {"processes": [process(proxysys_private_only=True)]}),
    ("version_too_low", {"packages": [package("1.7.9")]}),
    ("version_mismatch", {"packages": [package("4.0.0")]}),
    ("version_mismatch", {"target": cluster(versions=["4.2.1-1"])}),
    ("wrong_password", {"login": denied()}),
    ("password_needed", {"login": denied(with_password=False)}),
]


@pytest.mark.parametrize("name, broken", BROKEN)
def test_each_broken_precondition_has_its_name(name, broken):
    assert blockers(**broken) == [name]


def test_every_blocker_is_tried_here():
    assert {name for name, _broken in BROKEN} == set(by_host.TEXTS) | set(by_ocp.TEXTS)


def test_ocps_agent_and_obproxyd_are_no_second_process():
    assert blockers(processes=[process(), process(pid=2, kind="daemon", name="obproxyd.sh")]) == []


def test_a_managed_proxy_is_not_checked_further():
    assert blockers(processes=[], target=cluster(proxies=[managed()])) == []


def test_a_port_may_be_text_as_older_ansible_core_makes_it():
    assert blockers(sql_port="2883") == []
    assert blockers(processes=[], target=cluster(proxies=[managed()]), sql_port="2883") == []


def test_a_host_that_was_removed_and_added_again_keeps_its_proxy():
    again = managed(host_id=99)
    assert blockers(processes=[], target=cluster(proxies=[again])) == []
    assert blockers(others=[cluster(2, "other", proxies=[again])]) == ["managed_elsewhere"]


def test_a_proxy_that_is_being_taken_over_has_none():
    assert blockers(target=cluster(proxies=[managed(status="TAKINGOVER")])) == []


def test_a_config_url_of_another_cluster_may_link_a_subset():
    url = "http://ocp/services?ObproxyClusterName=small"
    small = cluster(2, "small", links=["ob1"])
    large = cluster(links=["ob1", "ob2"])
    assert blockers([process(config_url=url)], target=large, others=[small]) == []
    assert blockers([process(config_url=url)], others=[cluster(2, "small", links=["ob3"])]) == ["ob_clusters"]


@pytest.mark.parametrize("mine, names", [(["ob1"], ["ob_clusters"]), (["ob1", "ob2"], [])])
def test_a_root_server_list_must_be_exactly_that_of_the_cluster(mine, names):
    target = cluster(mode="RS_LIST", links=["ob1", "ob2"])
    assert blockers([rs_list(*mine)], target=target) == names


def test_an_empty_cluster_takes_a_proxy_of_any_ob_cluster_of_its_mode():
    """OCP's page about takeover problems recommends this if the OB clusters do not match."""
    assert blockers([rs_list("ob9")], target=cluster(mode="RS_LIST", links=[], versions=[])) == []
    url = "http://ocp/services?ObproxyClusterName=large"
    large = cluster(2, "large", links=["ob1", "ob2"])
    assert blockers([process(config_url=url)], target=cluster(links=[], versions=[]), others=[large]) == []


def test_a_link_without_a_name_in_ocp_raises_no_false_alarm():
    assert blockers([rs_list("ob1")], target=cluster(mode="RS_LIST", links=[None, "ob2"])) == []
    small = cluster(2, "small", links=[None, "ob3"])
    url = "http://ocp/services?ObproxyClusterName=small"
    assert blockers([process(config_url=url)], others=[small]) == []


def test_a_config_url_of_another_server_raises_no_false_alarm():
    assert blockers([process(config_url="http://config-server:8080/obproxy_config")]) == []


@pytest.mark.parametrize("ocp", ["192.168.3.4", "ocp.example.com"])
def test_an_ocp_that_may_log_in_anyway_raises_no_false_alarm(ocp):
    assert blockers([process(proxysys_private_only=True)], target=cluster(ocp=ocp)) == []


def test_a_version_that_comes_with_a_password_needs_none_given():
    assert blockers(packages=[package("4.3.1")], target=cluster(versions=["4.2.1-1"]), login=denied(False)) == []


def test_an_empty_cluster_takes_any_version():
    assert blockers(packages=[package("4.2.0")], target=cluster(versions=[])) == []


def test_an_unknown_start_mode_raises_no_false_alarm():
    assert blockers([process(start_mode=None)]) == []


def test_a_fresh_host_is_only_checked_for_the_version_to_install():
    assert blockers([], [], version="3.2.3.5-2") == []
    assert blockers([], [], version="4.2.3") == ["version_mismatch"]
    assert blockers([], [package(), package("3.2.2")], version="3.2.1") == ["several_packages"]
