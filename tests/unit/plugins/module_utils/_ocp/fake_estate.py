# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fake OCP with the calls that create, change and delete OBProxy clusters and hosts."""

from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.errors import OcpError
from ansible_collections.obops.oceanbase.tests.unit.plugins.module_utils._ocp.fake_ocp import FakeOcp


class FakeEstate(FakeOcp):
    """Records the names of created clusters in `made`, and the bodies of these calls in `bodies`."""

    def __init__(self, **options):
        super().__init__(**options)
        self.made = []
        self.bodies = []
        self.listed_at_once = False  # whether a new cluster is listed before its task ends
        self.posted = []  # the address of each host that was added
        self.refuses = {}  # {address: (code, whether the message names it)} of hosts that cannot be added
        self.resources = {
            "regions": [{"id": 1, "name": "region1"}, {"id": 2, "name": "region2"}],
            "idcs": [{"id": 5, "name": "idc1", "regionId": 1}, {"id": 6, "name": "7"}],
            "hostTypes": [{"id": 7, "name": "proxies"}],
            "credentials": [{"id": 8, "name": "root"}],
        }
        for host in self.hosts:
            host["status"] = "ONLINE"
        self.wraps_links = False  # whether obLinks/batchAdd takes only {"obLinks": [...]}

    def cluster(self, name):
        return next((cluster for cluster in self.clusters if cluster["name"] == name), None)

    def host(self, address):
        return next((host for host in self.hosts if host["innerIpAddress"] == address), None)

    def _get(self, path, params):
        kind = path.rsplit("/", 1)[-1]
        if kind in self.resources:
            return {"contents": self.resources[kind]}
        return super()._get(path, params)

    def _post(self, path, body):
        if path.endswith("/hosts/batchCreate"):
            self.bodies.append(body)
            return {"contents": [self._instance(task) for task in self._add_hosts(body)]}
        if path.endswith("/hosts/batchDelete"):
            self.bodies.append(body)
            self.hosts = [host for host in self.hosts if host["id"] not in body["hostIdList"]]
            return None
        if path.endswith("/idcs"):
            self.bodies.append(body)
            self.resources["idcs"].append(dict(body, id=20 + len(self.resources["idcs"])))
            return None
        if path.endswith("/obproxy/clusters"):
            self.bodies.append(body)
            return self._create_cluster(body)
        if path.endswith("/obLinks/batchAdd"):
            self.bodies.append(body)
            if isinstance(body, dict) != self.wraps_links:
                raise OcpError("rejected", "OCP refused the body.", code="1001", status=400)
            links = body["obLinks"] if self.wraps_links else body
            self._cluster_at(path)["obLinks"] += [dict(link, status="NORMAL") for link in links]
            return None
        return super()._post(path, body)

    def _patch(self, path, body):
        self.bodies.append(body)
        cluster = self._cluster_at(path)
        cluster.update(body)
        return cluster

    def _delete(self, path):
        cluster = self._cluster_at(path)
        if "/obLinks/" in path:
            name = path.rsplit("/", 1)[-1]
            cluster["obLinks"] = [link for link in cluster["obLinks"] if link["clusterName"] != name]
            return None
        return self._instance(self.start("Delete obproxy cluster", [None], then=lambda: self.clusters.remove(cluster)))

    def _cluster_at(self, path):
        number = int(path.split("/clusters/")[1].split("/")[0])
        for cluster in self.clusters:
            if cluster["id"] == number:
                return cluster
        raise OcpError("not_found", "no such cluster", code="21001")

    def _add_hosts(self, body):
        addresses = [data["innerIpAddress"] for data in body["hostBasicDataList"]]
        for address in addresses:
            if self.host(address):
                raise OcpError("rejected", f"Host {address} exists.", code="7001", status=500, maybe_done=True)
            if address in self.refuses:
                code, names_it = self.refuses[address]
                words = f"Host {address} is refused." if names_it else "One is refused."
                raise OcpError("rejected", words, code=code, status=500, maybe_done=True)
        self.posted += addresses
        return [self._add_host(address) for address in addresses]

    def _add_host(self, address):
        host = {"id": 100 + len(self.hosts), "innerIpAddress": address, "name": f"host-{address}", "status": "NEW"}
        self.hosts.append(host)
        return self.start("Prepare host", [host["id"]], then=lambda: host.update(status="ONLINE"))

    def _create_cluster(self, body):
        if body["name"] in self.made or self.cluster(body["name"]):
            raise OcpError("rejected", "The name exists already.", code="1006")
        self.made.append(body["name"])
        cluster = {
            "id": 10 + len(self.made),
            "name": body["name"],
            "workMode": body["workMode"],
            "configUrl": "http://ocp:8080/services?ObproxyClusterName=" + body["name"],
            "address": body.get("address"),
            "port": body["port"],
            "obLinks": [dict(link, status="NORMAL") for link in body["obLinks"]],
            "obproxies": [],
        }
        if self.listed_at_once:
            self.clusters.append(cluster)
            return self._instance(self.start("Install obproxy", [None]))
        return self._instance(self.start("Install obproxy", [None], then=lambda: self.clusters.append(cluster)))
