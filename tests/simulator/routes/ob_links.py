# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls that add and delete the OB clusters that an OBProxy cluster links. Those of an RS_LIST cluster are fixed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body

from ..errors import Problem, error
from ..schemas import obproxy as schemas
from ..schemas.base import Long
from ..schemas.envelopes import Done
from ..simulation import Simulation
from ..state import ObLink, ObproxyCluster
from .common import LOG_IN, Reply, Sim, errors, need_cluster

router = APIRouter(prefix="/api/v2/obproxy/clusters/{id}/obLinks", tags=["OBProxy clusters"], dependencies=LOG_IN)

Links = Annotated[list[schemas.NewObLink], Body(min_length=1)]


@router.post("/batchAdd", responses=errors(404), response_model_exclude_none=True)
async def add_links(simulation: Sim, reply: Reply, id: Long, body: Links) -> Done:
    cluster = _changeable(simulation, id)
    names = [link.cluster_name for link in cluster.ob_links] + [link.cluster_name for link in body]
    for name in names:
        if names.count(name) > 1:
            raise error(Problem.NAME_EXISTS, "clusterName", name=name)
    cluster.ob_links = [
        *cluster.ob_links,
        *(
            ObLink(cluster_name=link.cluster_name, ob_cluster_id=link.ob_cluster_id, username=link.username)
            for link in body
        ),
    ]
    return reply.done()


@router.delete("/{obClusterName}", responses=errors(404), response_model_exclude_none=True)
async def delete_link(simulation: Sim, reply: Reply, id: Long, obClusterName: str) -> Done:
    cluster = _changeable(simulation, id)
    left = [link for link in cluster.ob_links if link.cluster_name != obClusterName]
    if len(left) == len(cluster.ob_links):
        raise error(Problem.NO_SUCH_RECORD, "obClusterName", what="OB cluster", wanted=obClusterName)
    cluster.ob_links = left
    return reply.done()


def _changeable(simulation: Simulation, cluster_id: int) -> ObproxyCluster:
    cluster = need_cluster(simulation, cluster_id)
    if cluster.work_mode == "RS_LIST":
        reason = "the OB cluster of an OBProxy cluster of RS_LIST is fixed"
        raise error(Problem.BAD_ARGUMENT, "workMode", reason=reason)
    cluster.updated = simulation.clock.now()
    return cluster
