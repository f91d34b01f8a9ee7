# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A takeover does what the preflight predicts. Both are run for fleets of mixed hosts."""

from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.errors import OcpError
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.info import cluster_info, host_info
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.progress import Progress
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.takeover import Takeover
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.calls import calls, prepared, with_callers
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.outcomes import outcomes
from ansible_collections.obops.oceanbase.plugins.plugin_utils._fleet.plan import Records, plan
from ansible_collections.obops.oceanbase.tests.unit.plugins.module_utils._ocp.fake_ocp import FakeOcp
from hypothesis import given, settings
from hypothesis import strategies as st

from .fleets import FINE, settled
from .looks import finding, look, process

LOOKS = {
    "fine": FINE,
    "fresh": look(action="install", blockers=[finding("no_process")]),
    "fresh without a version": look(action="install", problems=[finding("no_version")]),
    "wrong user": look(process(user="root"), problems=[finding("wrong_user")], blockers=[finding("wrong_user")]),
    "wrong mode": look(process(start_mode="rs_list")),
    "unreachable": {"unreachable": True, "msg": "refused"},
    "broken": {"failed": True, "msg": "no python"},
}
HOST = st.fixed_dictionaries(
    {
        "look": st.sampled_from(["fine"] * 6 + list(LOOKS)),
        "cluster": st.sampled_from(
            [{"obproxy_cluster": "demo"}, {"obproxy_cluster_id": "2"}, {"obproxy_cluster": "prod"}, {}]
        ),
        "address": st.sampled_from(["address"] * 4 + ["name", "unknown", "of the first"]),
        "there": st.sampled_from([None] * 4 + [(1, "RUNNING"), (2, "RUNNING"), (1, "TAKINGOVER"), (1, "DELETING")]),
    }
)


def ocp_with(hosts):
    ocp = FakeOcp(hosts=len(hosts), limit=600)
    ocp.clusters = [
        {"id": 1, "name": "demo", "workMode": "CONFIG_URL", "obproxies": []},
        {"id": 2, "name": "billing", "workMode": "CONFIG_URL", "obproxies": []},
    ]
    for number, host in enumerate(hosts, start=1):
        if host["there"]:
            cluster, status = host["there"]
            entry = {"hostId": number, "ip": f"10.0.0.{number}", "sqlPort": 2883, "status": status}
            ocp.clusters[cluster - 1]["obproxies"].append(entry)
            if status == "TAKINGOVER":
                ocp.start("Install obproxy", [number])
    return ocp


def inventory(hosts):
    spelled = {"address": "10.0.0.{}", "name": "Proxy-{}.", "unknown": "10.9.0.{}", "of the first": "10.0.0.1"}
    made = {}
    for number, host in enumerate(hosts, start=1):
        given = {"obproxy_cluster": None, "obproxy_ocp_address": spelled[host["address"]].format(number)}
        made[f"host-{number}"] = settled(f"host-{number}", **{**given, **host["cluster"]})
    return made


def run(ocp, rows, mine, check):
    """Do what the module does with each call of the fleet, and return the rows with the outcomes."""
    results = {}
    for caller, call in calls(rows, mine.values()).items():
        # The in-memory OCP takes over all proxies into its first cluster.
        ocp.clusters.sort(key=lambda cluster: cluster["id"] != call["cluster"]["id"])
        hosts = [{"proxysys_password": None, **proxy} for proxy in call["hosts"]]
        takeover = Takeover(ocp, call["cluster"]["id"], None, hosts, Progress(lambda line: None, lambda: ocp.clock.now))
        try:
            results[caller] = takeover.run(check=check)
        except OcpError as error:
            results[caller] = {**error.result, "failed": True, "msg": str(error), "failure": error.failure}
    return outcomes(rows, results)


@settings(max_examples=60, deadline=None)
@given(st.lists(HOST, min_size=1, max_size=12))
def test_the_takeover_does_what_preflight_says(hosts):
    mine, ocp = inventory(hosts), ocp_with(hosts)
    looks = {name: LOOKS[host["look"]] for name, host in zip(mine, hosts, strict=True)}
    records = Records(cluster_info(ocp)["clusters"], host_info(ocp)["hosts"])
    rows = with_callers(prepared(plan(mine, looks, records, mine), {}, mine))
    predicted = run(ocp, rows, mine, check=True)
    assert ocp.takeovers == []
    happened = run(ocp, rows, mine, check=False)

    for host, before, after in zip(hosts, predicted, happened, strict=True):
        expected = {"would_take_over": {"taken_over"}}.get(before["outcome"], {before["outcome"]})
        if host["there"] and host["there"][1] == "TAKINGOVER":
            # The takeover in progress may have ended by then.
            expected = expected | ({"already_managed"} if before["outcome"] == "would_take_over" else set())
        assert after["outcome"] in expected
    # The plan alone predicts the same as check mode, and hosts that it does not let through are not taken over.
    assert [row["outcome"] for row in rows] == [row["outcome"] for row in predicted]
    let_through = {row["host_id"] for row in rows if row["outcome"] == "would_take_over"}
    assert set(ocp.takeovers) <= let_through
    assert len(ocp.takeovers) == len(set(ocp.takeovers))


def test_a_mixed_fleet_of_300_is_planned_once_for_all_and_its_prediction_comes_true():
    kinds = list(LOOKS)
    hosts = [
        {
            "look": kinds[number % 7] if number % 15 == 0 else "fine",
            "address": "address",
            "cluster": {"obproxy_cluster": "demo"} if number % 2 else {"obproxy_cluster": "billing"},
            "there": (2 - number % 2, "RUNNING") if number % 5 == 0 else None,
        }
        for number in range(300)
    ]
    for number, host in enumerate(hosts, start=1):
        host["address"] = "address" if number < 256 else "name"
    mine, ocp = inventory(hosts), ocp_with(hosts)
    looks = {name: LOOKS[host["look"]] for name, host in zip(mine, hosts, strict=True)}
    records = Records(cluster_info(ocp)["clusters"], host_info(ocp)["hosts"])
    rows = with_callers(prepared(plan(mine, looks, records, mine), {}, mine))
    assert len(calls(rows, mine.values())) == 2
    assert [row["outcome"] for row in run(ocp, rows, mine, check=True)] == [row["outcome"] for row in rows]
    happened = run(ocp, rows, mine, check=False)
    became = {"would_take_over": "taken_over"}
    assert [became.get(row["outcome"], row["outcome"]) for row in rows] == [row["outcome"] for row in happened]
