"""/v1/positions: where trucks are, as their crews let the planner know."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter

from api.context import Drivers, Planners
from api.documents.positions import PositionDocument, PositionList, PositionRequest
from city.store import positions
from operations.share_position import known_positions, share_position

router = APIRouter(prefix="/v1/positions", tags=["drivers"])


@router.get("")
def list_positions(here: Planners, day: date) -> PositionList:
    """Return where the trucks of a day are, of those whose crews share it."""
    found = known_positions(here.store, here.settings, day)
    return PositionList(
        kept_minutes=here.settings.position_minutes,
        positions=tuple(PositionDocument.of(each) for each in found),
    )


@router.put("/{vehicle_id}")
def put_position(vehicle_id: str, here: Drivers, sent: PositionRequest) -> PositionDocument:
    """Share where a truck is while its shift runs; nothing is kept of where it was."""
    place, accuracy_m = sent.position(), sent.accuracy_m
    noun = share_position(here.store, here.settings, vehicle_id, place, accuracy_m)
    return PositionDocument.of(noun)


@router.delete("/{vehicle_id}", status_code=204)
def delete_position(vehicle_id: str, here: Drivers) -> None:
    """Share it no longer: what was kept is deleted at once."""
    positions.remove(here.store, vehicle_id)
