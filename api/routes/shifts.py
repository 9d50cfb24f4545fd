"""/v1/shifts: what crews take along."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter

from api.context import Crews
from api.documents.shifts import ShiftDocument, ShiftList, ShiftSummary
from api.parameters import InLanguage
from city.wording import clock
from operations.show_shift import coming_shifts

router = APIRouter(prefix="/v1/shifts", tags=["drivers"])


@router.get("")
def list_shifts(here: Crews, day: date | None = None) -> ShiftList:
    """Return the trucks of a day's published plan; of today's, or else the first one after."""
    found = coming_shifts(here.store, day)
    published = found.published
    return ShiftList(
        day=published.day if published else None,
        plan_id=published.plan_id if published else None,
        published_at=published.at if published else None,
        shifts=tuple(
            ShiftSummary(
                vehicle_id=each.route.vehicle_id,
                vehicle_name=each.name,
                fractions=each.fractions,
                start=clock(each.route.visits[0].departure_s),
                end=clock(each.route.visits[-1].arrival_s),
                stops=len(each.route.stop_ids),
                finished=each.finished,
            )
            for each in found.shifts
        ),
    )


@router.get("/{vehicle_id}")
def get_shift(
    vehicle_id: str, here: Crews, language: InLanguage = "en", day: date | None = None
) -> ShiftDocument:
    """Return one truck's day: stops in their order with the way to each, and what was tapped."""
    return ShiftDocument.of(here.shifts.shift(here.store, vehicle_id, language, day))
