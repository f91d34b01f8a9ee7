# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The application: the calls, their errors, the API description, and the middleware in front of them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI
from fastapi.exception_handlers import http_exception_handler, request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from .answers import failure_body
from .console import PAGE
from .errors import OcpError, Problem, error
from .middleware import CONTROL, Middleware
from .routes import (
    clusters,
    config_server,
    control,
    hosts,
    ob_links,
    parameters,
    proxies,
    resources,
    system,
    takeover,
    tasks,
)
from .simulation import Simulation

_log = logging.getLogger("uvicorn.error")
# The interval, in seconds, at which tasks advance without requests, so that checks of real proxies start in time.
TICK = 0.1


def build(simulation: Simulation) -> Middleware:
    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        ticking = asyncio.create_task(_tick(simulation))
        yield
        ticking.cancel()
        simulation.engine.close()

    app = FastAPI(
        title="OCP simulator",
        version="2",
        description="A part of the REST API of OceanBase Cloud Platform (OCP), simulated for tests and dry runs.",
        openapi_url=f"{CONTROL}/openapi.json",
        docs_url=f"{CONTROL}/docs",
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.simulation = simulation
    # takeOver and batchAdd before the routes with a path parameter in the same place.
    obproxies = (takeover.router, proxies.router, proxies.servers, ob_links.router, parameters.router, clusters.router)
    others = (tasks.router, hosts.router, resources.router, system.router, config_server.router, control.router)
    for router in obproxies + others:
        app.include_router(router)
    app.add_exception_handler(OcpError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _unknown)
    app.add_exception_handler(Exception, _broken)
    describe = app.openapi
    app.openapi = lambda: _described(describe())  # type: ignore[method-assign]
    return Middleware(app, simulation)


async def _tick(simulation: Simulation) -> None:
    while True:
        simulation.engine.advance()
        await asyncio.sleep(TICK)


def _described(schema: dict[str, Any]) -> dict[str, Any]:
    """Remove the framework's response 422 from the description of each call, since this API responds with 400."""
    for path in schema["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
    for name in ("HTTPValidationError", "ValidationError"):
        schema["components"]["schemas"].pop(name, None)
    return schema


def _failure(request: Request, problem: OcpError) -> Response:
    simulation: Simulation = request.app.state.simulation
    state = request.state
    content = failure_body(problem, simulation.settings, state.language, state.started, simulation.clock)
    return JSONResponse(content, content["status"])


async def _refused(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, OcpError)
    return _failure(request, problem)


async def _invalid(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, RequestValidationError)
    if request.url.path.startswith(CONTROL):
        return await request_validation_exception_handler(request, problem)
    subs = tuple((".".join(str(part) for part in each["loc"][1:]), each["msg"]) for each in problem.errors())
    reason = "; ".join(f"{target}: {text}" for target, text in subs)
    return _failure(request, OcpError(Problem.BAD_ARGUMENT, {"reason": reason}, subs=subs))


async def _unknown(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException)
    path = request.url.path
    if path.startswith(CONTROL):
        return await http_exception_handler(request, problem)
    if problem.status_code in (404, 405):
        simulation: Simulation = request.app.state.simulation
        if simulation.settings.unknown_path == "html":
            return HTMLResponse(PAGE)
        return _failure(request, error(Problem.NO_SUCH_CALL, method=request.method, path=path))
    # The framework's own 400, for a body that is not JSON.
    return _failure(request, error(Problem.BAD_ARGUMENT, reason=str(problem.detail)))


async def _broken(request: Request, problem: Exception) -> Response:
    _log.error("the simulator failed at %s %s", request.method, request.url.path, exc_info=problem)
    if request.url.path.startswith(CONTROL):
        return JSONResponse({"detail": repr(problem)}, 500)
    return _failure(request, error(Problem.INTERNAL))
