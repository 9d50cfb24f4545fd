"""/v1/plans/{plan_id}/publication: whether a plan is driven, and the published plan of a day."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus

from fastapi import APIRouter

from api.context import Context, Everyone, Planners
from api.documents.publications import PublicationDocument, PublishRequest
from city.errors import NotFound
from city.publication import PlanState
from city.store import plan_list, publications
from operations.publish_plan import publish_plan, withdraw_plan

router = APIRouter(prefix="/v1", tags=["plans"])


@router.get("/plans/{plan_id}/publication")
def get_publication(plan_id: str, here: Everyone) -> PublicationDocument:
    """Return whether a plan is driven on its day, and who published it when."""
    return _document(here, plan_id)


@router.put("/plans/{plan_id}/publication")
def publish(plan_id: str, here: Planners, asked: PublishRequest) -> PublicationDocument:
    """Make a plan the one that is driven on its day, in the place of any before it."""
    by, despite = here.visitor.name, asked.despite_violations
    publish_plan(here.store, plan_id, by, despite_violations=despite)
    return _document(here, plan_id)


@router.delete("/plans/{plan_id}/publication", status_code=HTTPStatus.NO_CONTENT)
def withdraw(plan_id: str, here: Planners) -> None:
    """Take a published plan back; its day then has none until one is published."""
    withdraw_plan(here.store, plan_id, here.visitor.name)


@router.get("/publications/{day}")
def get_published(day: date, here: Everyone) -> PublicationDocument:
    """Return which plan is driven on a day; 404 while none is."""
    found = publications.of_day(here.store, day)
    if found is None:
        raise NotFound(f"No plan is published for {day}.")
    return PublicationDocument.of(found.plan_id, day, PlanState.PUBLISHED, found)


def _document(here: Context, plan_id: str) -> PublicationDocument:
    day = plan_list.get(here.store, plan_id).day
    return PublicationDocument.of(plan_id, day, *publications.of_plan(here.store, day, plan_id))
