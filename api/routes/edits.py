"""/v1/plans/{plan_id}/edits, /replans, /changes, /undone: a plan changed, and what that changed."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.context import Everyone, Planners
from api.documents.edits import ComparisonDocument, EditDocument, EditRequest, ReplanRequest
from api.documents.jobs import JobDocument
from api.documents.plans import PlanSummary
from api.paging import page_links
from api.parameters import InLanguage, Limit, Offset
from city.store import plan_list
from operations.compare_plans import compare_plans
from operations.edit_plan import edit_plan
from operations.plan_versions import redo, undo

router = APIRouter(prefix="/v1/plans/{plan_id}", tags=["plans"])


@router.post(
    "/edits",
    responses={HTTPStatus.CREATED: {"model": EditDocument, "description": "A version was kept."}},
)
def edit(plan_id: str, asked: EditRequest, here: Planners, response: Response) -> EditDocument:
    """Tell what an edit breaks and costs; 201 and a version of its own where it shall be kept."""
    told = edit_plan(here.store, plan_id, asked.noun(), keep=asked.keep, lines=here.lines)
    document = EditDocument.of(told)
    if document.links:
        response.status_code = HTTPStatus.CREATED
        response.headers["Location"] = document.links[0].href
    return document


@router.post("/replans", status_code=HTTPStatus.ACCEPTED)
def ask_for_replan(
    plan_id: str, asked: ReplanRequest, here: Planners, response: Response
) -> JobDocument:
    """Ask for the rest of the day anew; the answer is a job, whose result is a version."""
    plan_list.get(here.store, plan_id)
    record = here.jobs.ask(here.store, "replan", {"planId": plan_id, **asked.told()})
    document = JobDocument.of(record)
    response.headers["Location"] = document.links[0].href
    return document


@router.get("/changes")
def list_changes(
    request: Request,
    response: Response,
    plan_id: str,
    here: Everyone,
    against: Annotated[str | None, Query(description="Another plan; else the one before.")] = None,
    language: InLanguage = "en",
    limit: Limit = 100,
    offset: Offset = 0,
) -> ComparisonDocument:
    """Return what a plan changes of the version before, of known rounds, or of another plan."""
    found = compare_plans(here.store, plan_id, against)
    more = len(found.changes) > offset + limit
    links = page_links(request, response, limit, offset, more)
    return ComparisonDocument.of(found, language, offset, limit, links)


@router.put("/undone")
def put_undone(plan_id: str, here: Planners) -> PlanSummary:
    """Take a version out of use, and return the one before it; nothing is lost."""
    return PlanSummary.of(plan_list.get(here.store, undo(here.store, plan_id)))


@router.delete("/undone", status_code=HTTPStatus.NO_CONTENT)
def delete_undone(plan_id: str, here: Planners) -> None:
    """Take a version into use again."""
    redo(here.store, plan_id)
