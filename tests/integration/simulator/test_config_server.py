# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration server: the data for a proxy that is started with the cluster's configUrl."""

from __future__ import annotations

import requests

from tests.integration.simulator.calls import CLUSTERS, Ocp


def fetch(url: str) -> dict:
    answer = requests.get(url, timeout=10)
    assert answer.status_code == 200
    return answer.json()


def test_a_proxy_reads_its_cluster_from_the_config_url_without_a_log_in(ocp: Ocp) -> None:
    url = ocp.get(f"{CLUSTERS}/1")["configUrl"]
    assert url.startswith(f"{ocp.control.url}/services?Action=GetObProxyConfig&User_ID=")
    config = fetch(url)
    assert (config["Success"], config["Code"]) == (True, 200)
    (region,) = config["Data"]["ObRootServiceInfoUrlList"]
    assert region["ObRegion"] == "obcluster"
    servers = fetch(region["ObRootServiceInfoUrl"])["Data"]
    assert servers["RsList"] == [{"address": "127.0.0.1:2882", "role": "LEADER", "sql_port": 2881}]


def test_a_proxy_may_ask_for_the_version_only(ocp: Ocp) -> None:
    url = ocp.get(f"{CLUSTERS}/1")["configUrl"]
    assert fetch(f"{url}&VersionOnly=true")["Data"] == {"Version": fetch(url)["Data"]["Version"]}


def test_an_unknown_cluster_is_reported(ocp: Ocp) -> None:
    answer = fetch(f"{ocp.control.url}/services?Action=GetObProxyConfig&ObproxyClusterName=nobody")
    assert (answer["Success"], answer["Message"]) == (False, "no OBProxy cluster nobody")
    assert not fetch(f"{ocp.control.url}/services?Action=ObRootServiceInfo&ObRegion=nobody")["Success"]
