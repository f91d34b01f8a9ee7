# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls that get the settings of an OBProxy cluster, and OCP's description of each setting."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from ..parameters import KNOWN, Known, of_cluster
from ..schemas import obproxy as schemas
from ..schemas.base import Long
from ..schemas.envelopes import Contents, Success
from .common import LOG_IN, Reply, Sim, errors, need_cluster

router = APIRouter(prefix="/api/v2/obproxy", tags=["OBProxy clusters"], dependencies=LOG_IN)


@router.get("/clusters/{id}/parameters", responses=errors(404), response_model_exclude_none=True)
async def cluster_parameters(simulation: Sim, reply: Reply, id: Long) -> Success[Contents[schemas.ClusterParameter]]:
    cluster = need_cluster(simulation, id)
    addresses = [host.address for proxy in cluster.obproxies if (host := simulation.host(proxy.host_id))]
    known = {each.name: each for each in KNOWN}
    shown = []
    for name, value in sorted(of_cluster(cluster.parameters).items()):
        described = known.get(name)
        shown.append(
            schemas.ClusterParameter(
                name=name,
                description=described.description if described else name,
                need_reboot=bool(described and described.need_restart),
                value_string=value,
                values=[schemas.ParameterValue(value=value, obproxies=addresses)],
            )
        )
    return reply.contents(Success[Contents[schemas.ClusterParameter]], shown)


@router.get("/parameterInfo", responses=errors(), response_model_exclude_none=True)
async def parameter_info(
    reply: Reply,
    name: Annotated[str | None, Query()] = None,
    version: Annotated[str | None, Query()] = None,
) -> Success[Contents[schemas.ParameterInfo]]:
    shown = [
        _show(number, each, version or "4.2.3.0") for number, each in enumerate(KNOWN, 1) if name in (None, each.name)
    ]
    return reply.contents(Success[Contents[schemas.ParameterInfo]], shown)


def _show(number: int, known: Known, version: str) -> schemas.ParameterInfo:
    return schemas.ParameterInfo(
        id=number,
        name=known.name,
        version=version,
        type=known.type,
        allowed_string_values=known.allowed,
        min_value=known.minimum,
        max_value=known.maximum,
        default_value=known.default,
        need_restart=known.need_restart,
        readonly=known.readonly,
        description=known.description,
    )
