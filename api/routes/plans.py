"""/v1/plans, and the sheets of a plan."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from api.context import Everyone, Planners
from api.documents.document import Link
from api.documents.jobs import JobDocument
from api.documents.plans import (
    PlanDocument,
    PlanList,
    PlanRequest,
    PlanSummary,
    SheetDocument,
    SheetList,
    SheetRequest,
)
from api.headers import SHEET_POLICY
from api.paging import page_links
from api.parameters import InLanguage, Limit, Offset
from city.store import plan_list, plans
from city.wording import Language
from operations.read_sheet import all_sheets, media_type, sheet_file
from operations.request_plan import request_plan
from operations.show_plan import show_plan
from routing.roads import OSM_ATTRIBUTION

router = APIRouter(prefix="/v1/plans", tags=["plans"])


@router.get("")
def list_plans(
    request: Request,
    response: Response,
    here: Everyone,
    day: date | None = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> PlanList:
    """Return the plans, the latest made first."""
    found = plan_list.entries(here.store, day, limit + 1, offset)
    links = page_links(request, response, limit, offset, len(found) > limit)
    return PlanList(plans=tuple(PlanSummary.of(each) for each in found[:limit]), links=links)


@router.post("", status_code=202)
def ask_for_plan(asked: PlanRequest, here: Planners, response: Response) -> JobDocument:
    """Ask for a plan; the answer is a job, whose result is the plan."""
    document = JobDocument.of(request_plan(here.store, here.jobs, asked.day, asked.on_duty))
    response.headers["Location"] = document.links[0].href
    return document


@router.get("/{plan_id}")
def get_plan(plan_id: str, here: Everyone, language: InLanguage = "en") -> PlanDocument:
    """Return a plan: routes on the streets, choices, what was left out, and where it came from."""
    shown = show_plan(here.store, here.lines, plan_id)
    links = (_self(plan_id), Link(rel="sheets", href=f"/v1/plans/{plan_id}/sheets"))
    return PlanDocument.of(shown, language, OSM_ATTRIBUTION, links)


@router.get("/{plan_id}/sheets")
def list_sheets(plan_id: str, here: Everyone) -> SheetList:
    """Return the route sheets of a plan."""
    plans.get(here.store, plan_id)
    documents = (SheetDocument.of(plan_id, record) for record in plans.sheets(here.store, plan_id))
    return SheetList(sheets=tuple(documents))


@router.post("/{plan_id}/sheets", status_code=202)
def ask_for_sheets(
    plan_id: str, asked: SheetRequest, here: Planners, response: Response
) -> JobDocument:
    """Ask for the route sheets of a plan in a language; those that are there stay as they are."""
    plan_list.get(here.store, plan_id)
    told = {"planId": plan_id, "language": asked.language}
    document = JobDocument.of(here.jobs.ask(here.store, "sheets", told))
    response.headers["Location"] = document.links[0].href
    return document


@router.get(
    "/{plan_id}/sheets/{language}/all.pdf",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": "All sheets in one."}},
)
def get_all_sheets(plan_id: str, language: Language, here: Everyone) -> Response:
    """Return the sheets of all trucks as one file, to be printed at once."""
    content = all_sheets(here.store, here.settings, plan_id, language)
    name = f'inline; filename="{plan_id}-{language}.pdf"'
    headers = {"Content-Disposition": name, "Content-Security-Policy": SHEET_POLICY}
    return Response(content, media_type="application/pdf", headers=headers)


@router.get("/{plan_id}/sheets/{language}/{file_name}", response_class=FileResponse)
def get_sheet(plan_id: str, language: Language, file_name: str, here: Everyone) -> FileResponse:
    """Return one route sheet as the file that it is."""
    path = sheet_file(here.store, here.settings, plan_id, language, file_name)
    return FileResponse(
        path,
        media_type=media_type(file_name),
        filename=f"{plan_id}-{file_name}",
        content_disposition_type="inline",
        headers={"Content-Security-Policy": SHEET_POLICY},
    )


def _self(plan_id: str) -> Link:
    return Link(rel="self", href=f"/v1/plans/{plan_id}")
