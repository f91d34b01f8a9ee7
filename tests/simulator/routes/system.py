# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls for OCP's version and clock."""

from __future__ import annotations

from fastapi import APIRouter

from ..clock import stamp
from ..schemas.base import Moment
from ..schemas.envelopes import Success
from ..schemas.hosts import Info
from .common import LOG_IN, Reply, Sim, errors

router = APIRouter(prefix="/api/v2", tags=["System"])


@router.get("/info", dependencies=LOG_IN, responses=errors())
async def info(simulation: Sim) -> Info:
    """The response is not in an envelope."""
    return Info(build_version=simulation.settings.build_version)


@router.get("/time", response_model_exclude_none=True)
async def time(simulation: Sim, reply: Reply) -> Success[Moment]:
    """This call does not require a login."""
    return reply.data(Success[Moment], stamp(simulation.clock.now()))
