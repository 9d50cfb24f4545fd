"""The pages: the plan at /, /plans/{id}, the photos, and the analyst's reviews of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse, HTMLResponse
from starlette.requests import Request

from api.context import Analysts, Everyone
from api.headers import SHEET_POLICY
from api.pages.measures_page import MeasuresView, measures_page
from api.pages.photos_page import photos_page
from api.pages.plan_page import PlanView, no_plan_page, plan_page
from api.pages.review_pages import Show, review_page, reviews_page
from api.pages.what_if_page import what_if_page
from api.spoken import Spoken
from city.errors import NotFound
from city.store import fleets, municipalities, photos, plans
from operations.compare_plans import Figures, compared_with
from operations.list_evaluations import evaluation_page, list_evaluations
from operations.list_simulations import list_simulations
from operations.measure_city import measure_city
from operations.plan_history import plan_history
from operations.read_base_map import newest_base_map
from operations.review_photo import to_review
from operations.score_shadow import score_agreed
from operations.show_plan import newest_plan_id, show_plan
from operations.what_if import list_what_ifs

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
    shown = show_plan(here.store, None, plan_id)
    beside = compared_with(here.store, plan_id)
    view = PlanView(
        shown,
        plan_history(here.store, plan_id),
        Figures.of(plans.get(here.store, beside)) if beside else None,
        newest_base_map(here.settings),
        here.settings.position_minutes > 0,
        fleets.get(here.store)[1],
    )
    return plan_page(request, view, language)


@router.get("/photos")
def every_photo(request: Request, here: Everyone, language: Spoken) -> HTMLResponse:
    """Return the page of the newest photos."""
    found = photos.every(here.store, limit=60)
    return photos_page(request, municipalities.get(here.store), found, language)


@router.get("/reviews")
def every_review(
    request: Request,
    here: Analysts,
    language: Spoken,
    show: Show = Show.ALL,
    category: str = "",
) -> HTMLResponse:
    """Return the page of the photos that an analyst may look over."""
    found = to_review(here.store)
    municipality = municipalities.get(here.store)
    return reviews_page(request, municipality, found, show, category, language)


@router.get("/reviews/{photo_id}")
def one_review(request: Request, photo_id: str, here: Analysts, language: Spoken) -> HTMLResponse:
    """Return the page on which one photo is looked over."""
    found = to_review(here.store)
    one = next((each for each in found if each.photo.id == photo_id), None)
    if one is None:
        raise NotFound(f"No photo '{photo_id}' is kept.")
    others = [each.photo.id for each in found if each.review is None and each is not one]
    municipality = municipalities.get(here.store)
    return review_page(request, municipality, one, next(iter(others), None), language)


@router.get("/measures")
def measures(
    request: Request,
    here: Analysts,
    language: Spoken,
    days: Annotated[int, Query(ge=1, le=366)] = 28,
) -> HTMLResponse:
    """Return the page of what the last days came to."""
    municipality = municipalities.get(here.store)
    found = measure_city(here.store, municipality.now().date(), days)
    view = MeasuresView(
        found,
        score_agreed(here.store, here.settings.agreement(municipality.id)),
        list_evaluations(here.settings),
        list_simulations(here.settings),
        days,
    )
    return measures_page(request, municipality, view, language)


@router.get("/what-if")
def other_thresholds(
    request: Request, here: Analysts, language: Spoken, plan: str | None = None
) -> HTMLResponse:
    """Return the page of what a plan's day would come to by other thresholds."""
    plan_id = plan or newest_plan_id(here.store)
    if plan_id is None:
        return no_plan_page(request, municipalities.get(here.store), language)
    shown = show_plan(here.store, None, plan_id)
    found = list_what_ifs(here.store, here.settings, plan_id)
    return what_if_page(request, shown, found, here.settings, language)


@router.get("/evaluations/{name}")
def evaluation(name: str, here: Analysts) -> FileResponse:
    """Return the report of one evaluation, which is one file with its drawings inside."""
    policy = {"Content-Security-Policy": SHEET_POLICY}
    return FileResponse(evaluation_page(here.settings, name), headers=policy)
