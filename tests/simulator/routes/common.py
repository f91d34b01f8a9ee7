# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Common parts of the calls: the simulation, the caller, paging, and the errors that every call may return."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query, Security
from fastapi.security import APIKeyHeader, HTTPBasic
from starlette.requests import Request

from .. import preconditions
from ..answers import Envelope
from ..errors import Problem, error
from ..schemas.base import Long
from ..schemas.envelopes import Failure
from ..simulation import Simulation
from ..state import Host, ObproxyCluster, Proxy, User
from ..tasks.model import Task


def _simulation(request: Request) -> Simulation:
    simulation: Simulation = request.app.state.simulation
    return simulation


def _envelope(request: Request) -> Envelope:
    return Envelope(request)


def _caller(request: Request) -> User:
    # The middleware has authenticated the call, so there is a user.
    user: User = request.state.user
    return user


Sim = Annotated[Simulation, Depends(_simulation)]
Caller = Annotated[User, Depends(_caller)]
Reply = Annotated[Envelope, Depends(_envelope)]

PageNumber = Annotated[int, Query(alias="page", ge=1, le=2**31 - 1, description="From 1.")]
PageSize = Annotated[int | None, Query(alias="size", ge=1, le=2000)]
Sort = Annotated[str, Query(alias="sort", pattern="^(id|name),(asc|desc)$")]
Statuses = Annotated[str | None, Query(alias="status", description="One or several, joined by comma.")]


class _Basic(HTTPBasic):
    """Only describes the login, which the middleware checks. The framework's own parser supports only ASCII."""

    async def __call__(self, request: Request) -> None:  # type: ignore[override]
        return None


LOG_IN = [
    Security(_Basic(scheme_name="basic", auto_error=False)),
    Security(
        APIKeyHeader(
            name="Authorization",
            scheme_name="signature",
            description="OCP-ACCESS-KEY-HMACSHA1 <access key>:<signature>",
            auto_error=False,
        )
    ),
]


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the error responses of a call, for `responses=`."""
    texts = {
        400: "An argument is wrong",
        401: "Log in first",
        403: "No permission",
        404: "There is no such thing",
        409: "Another task is in progress",
        429: "Too many requests",
        500: "OCP refuses, or failed: the code says which",
    }
    return {status: {"model": Failure, "description": texts[status]} for status in (400, 401, 403, 429, 500, *statuses)}


def paging(simulation: Simulation, size: int | None) -> int:
    return size or simulation.settings.page_size


def sorted_by(things: list[Any], sort: str) -> list[Any]:
    name, _, order = sort.partition(",")
    return sorted(things, key=lambda thing: (getattr(thing, name), thing.id), reverse=order == "desc")


def listed(text: str | None) -> set[str]:
    return {part.strip() for part in (text or "").split(",") if part.strip()}


def need_cluster(simulation: Simulation, cluster_id: Long) -> ObproxyCluster:
    # Advance tasks first, since the status of proxies depends on them.
    simulation.engine.advance()
    cluster = simulation.cluster(cluster_id)
    if cluster is None:
        raise error(Problem.CLUSTER_NOT_FOUND, "id", cluster=cluster_id)
    return cluster


def need_host(simulation: Simulation, host_id: Long, target: str = "hostId") -> Host:
    simulation.engine.advance()
    host = simulation.host(host_id)
    if host is None:
        raise error(Problem.HOST_NOT_FOUND, target, host=host_id)
    return host


def need(things: list[Any], what: str, wanted: int) -> Any:
    """Return the thing with this ID, for kinds of things without an error code of their own."""
    found = next((thing for thing in things if thing.id == wanted), None)
    if found is None:
        raise error(Problem.NO_SUCH_RECORD, what=what, wanted=wanted)
    return found


def must_be_idle(busy: dict[int, Task], host: Host) -> None:
    if host.id in busy:
        raise error(Problem.HOST_BUSY, "hostId", task=busy[host.id].id, host=host.id)


def must_be_usable(host: Host) -> None:
    if host.status == "OFFLINE":
        raise error(Problem.HOST_OFFLINE, "hostId", host=host.address)
    if host.status not in preconditions.USABLE:
        raise error(Problem.HOST_STATUS, "hostId", host=host.address, status=host.status)
    if host.agent_status != "RUNNING":
        raise error(Problem.AGENT_STATUS, "hostId", host=host.address, status=host.agent_status)


def must_be_free(managed: dict[int, tuple[ObproxyCluster, Proxy]], host: Host) -> None:
    if host.id in managed:
        cluster, proxy = managed[host.id]
        facts = {"port": proxy.sql_port, "cluster": cluster.name, "status": proxy.status}
        raise error(Problem.HOST_HAS_PROXY, "hostId", address=host.address, **facts)
