"""The pages: the plan at /, /plans/{id}, and the photos."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from starlette.requests import Request

from api.context import Everyone
from api.pages.photos_page import photos_page
from api.pages.plan_page import no_plan_page, plan_page
from api.spoken import Spoken
from city.store import municipalities, photos, plans
from operations.read_base_map import newest_base_map
from operations.show_plan import newest_plan_id, show_plan

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/")
def newest_plan(request: Request, here: Everyone, language: Spoken) -> HTMLResponse:
    """Return the page of the plan that was made last."""
    plan_id = newest_plan_id(here.store)
    if plan_id is None:
        return no_plan_page(request, municipalities.get(here.store), language)
    return one_plan(request, plan_id, here, language)


@router.get("/plans/{plan_id}")
def one_plan(request: Request, plan_id: str, here: Everyone, language: Spoken) -> HTMLResponse:
    """Return the page of one plan."""
    shown = show_plan(here.store, here.lines, plan_id)
    drawn = newest_base_map(here.settings)
    return plan_page(request, shown, plans.ids(here.store), drawn, language)


@router.get("/photos")
def every_photo(request: Request, here: Everyone, language: Spoken) -> HTMLResponse:
    """Return the page of the newest photos."""
    found = photos.every(here.store, limit=60)
    return photos_page(request, municipalities.get(here.store), found, language)
