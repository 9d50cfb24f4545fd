"""The application: routes, errors, headers, pages, put together for one city."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.middleware.sessions import SessionMiddleware

from api import errors
from api.context import Server
from api.documents.problems import PROBLEM_TYPE, ProblemDocument
from api.etags import ETags
from api.headers import API_VERSION, Headers
from api.pages.error_page import error_page
from api.parameters import only_described
from api.routes import (
    accounts,
    assets,
    base_map,
    collections,
    containers,
    downloads,
    driver,
    edits,
    health,
    jobs,
    nearby,
    open_data,
    pages,
    photo_archives,
    photos,
    plans,
    positions,
    publications,
    resident_reports,
    reviews,
    shifts,
    taps,
    what_ifs,
)
from api.same_origin import SameOrigin
from api.sign_on import SignOn
from city.errors import StadsrondeError
from city.store import Store, open_store
from operations.accounts import open_demo
from operations.jobs import Jobs, PlanVerb, planning, worker_processes
from operations.list_features import FeatureDesk
from operations.plan_for_day import plan_for_day
from operations.route_lines import RouteLines
from operations.settings import Settings
from operations.share_position import forget_old_positions
from operations.show_plan import newest_plan_id, show_plan
from operations.show_shift import ShiftDesk
from operations.work_later import LATER

ROUTERS = (
    health.router,
    collections.router,
    containers.router,
    photos.router,
    reviews.router,
    photo_archives.router,
    plans.router,
    edits.router,
    publications.router,
    what_ifs.router,
    shifts.router,
    taps.router,
    positions.router,
    jobs.router,
    downloads.router,
    open_data.router,
    nearby.router,
    resident_reports.router,
    base_map.router,
    assets.router,
    pages.router,
    driver.router,
    accounts.router,
)

UNDER_WAY = "stadsronde-log-in"
"""The cookie of a login with an organisation's accounts, while it is under way."""

_PROBLEM: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "Something is wrong with the request.",
        "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
    }
}


def create_app(
    settings: Settings,
    *,
    plan_verb: PlanVerb = plan_for_day,
    executor: Callable[[], Executor] = worker_processes,
) -> FastAPI:
    """Return the application for one city.

    Parameters
    ----------
    plan_verb : makes a plan in a worker.
    executor : makes the workers; a cluster's executor does as well as processes do.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        store = open_store(settings.database, settings.municipality)
        demo = open_demo(store, is_demo=settings.demo)
        desk = Jobs(settings, {"plan": planning(plan_verb), **LATER}, executor)
        desk.go_on(store)
        lines = RouteLines(settings.roads)
        features, shifts = FeatureDesk(lines), ShiftDesk(lines)
        app.state.server = Server(
            settings, store, desk, lines, features, shifts, demo, SignOn.of(settings)
        )
        forgetting = asyncio.create_task(_forget(store, settings))
        drawing = asyncio.create_task(run_in_threadpool(_draw_ahead, store, lines))
        yield
        forgetting.cancel()
        with suppress(StadsrondeError):
            await drawing
        desk.close()
        store.close()

    app = FastAPI(
        title="Stadsronde",
        summary="From street photos and all a city knows of its containers to tomorrow's rounds.",
        version=API_VERSION,
        openapi_url="/v1/openapi.json",
        # The stock pages load their scripts from the internet.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        responses=_PROBLEM,
        generate_unique_id_function=_operation_id,
        dependencies=[Depends(only_described)],
        license_info={"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
    )
    app.state.error_page = error_page
    errors.install(app)
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=Path(__file__).with_name("static")), name="static")
    if settings.oidc_issuer:
        # Keeps the state of a login under way, and nothing else; lost with the server's restart.
        app.add_middleware(
            SessionMiddleware, secret_key=token_urlsafe(), session_cookie=UNDER_WAY, max_age=600
        )
    app.add_middleware(SameOrigin)
    app.add_middleware(ETags)
    app.add_middleware(Headers)
    _describe_problems(app)
    return app


async def _forget(store: Store, settings: Settings) -> None:
    """Delete each minute what is kept for a while."""
    while True:
        await run_in_threadpool(forget_old_positions, store, settings)
        await asyncio.sleep(60)


def _draw_ahead(store: Store, lines: RouteLines) -> None:
    """Draw the newest plan's routes before somebody waits for them; they are kept in memory."""
    plan_id = newest_plan_id(store)
    if plan_id is not None:
        show_plan(store, lines, plan_id)


def _operation_id(route: APIRoute) -> str:
    return route.name


def _describe_problems(app: FastAPI) -> None:
    """Put the one error document into the OpenAPI description, which no route returns itself."""
    describe = app.openapi

    def with_problems() -> dict[str, Any]:
        described = describe()
        schemas = described.setdefault("components", {}).setdefault("schemas", {})
        if "ProblemDocument" not in schemas:
            whole = ProblemDocument.model_json_schema(
                by_alias=True, ref_template="#/components/schemas/{model}"
            )
            schemas.update(whole.pop("$defs", {}))
            schemas["ProblemDocument"] = whole
        return described

    app.openapi = with_problems  # type: ignore[method-assign]
