"""The verbs for where trucks are: shared by a crew while its shift runs, shown, and forgotten.

A driver's position is personal data. Only the last one of a truck is kept, no longer than the
setting says, and none while the setting is 0.
"""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, time, timedelta

from city.errors import BadInput, Fault, NotFound
from city.place import Position
from city.store import Store, municipalities, plans, positions, publications
from city.vehicle_position import VehiclePosition
from operations.settings import Settings

log = logging.getLogger(__name__)

AROUND_SHIFT = timedelta(hours=1)
"""A shift runs from so long before its route leaves until so long after it should be back."""


def share_position(
    store: Store, settings: Settings, vehicle_id: str, position: Position, accuracy_m: float
) -> VehiclePosition:
    """Keep where a truck is, in the place of where it was.

    Raises
    ------
    NotFound
        Positions are not taken here, or today's published plan has no route for the truck.
    BadInput
        Its shift does not run now.
    """
    if not settings.position_minutes:
        raise NotFound("Positions of trucks are not taken here.")
    now = municipalities.get(store).now()
    published = publications.of_day(store, now.date())
    routes = plans.routes(store, published.plan_id) if published else ()
    route = next((r for r in routes if r.vehicle_id == vehicle_id and r.stop_ids), None)
    if route is None:
        raise NotFound(f"Today's published plan has no route for '{vehicle_id}'.")
    midnight = datetime.combine(now.date(), time(), now.tzinfo)
    leaves = midnight + timedelta(seconds=route.visits[0].departure_s)
    is_back = midnight + timedelta(seconds=route.visits[-1].arrival_s)
    if not leaves - AROUND_SHIFT <= now <= is_back + AROUND_SHIFT:
        cause, remedy = "The shift of this truck does not run now.", "Share it during the shift."
        raise BadInput(Fault("position-no-shift", f"truck {vehicle_id}", cause, remedy))
    noun = VehiclePosition(vehicle_id, now.date(), datetime.now(UTC), position, accuracy_m)
    positions.put(store, noun)
    return noun


def known_positions(store: Store, settings: Settings, day: date) -> tuple[VehiclePosition, ...]:
    """Return where the trucks of a day are, of those whose crews let it be known."""
    return positions.of_day(store, day, _oldest(settings))


def forget_old_positions(store: Store, settings: Settings) -> None:
    """Delete what was kept for as long as the setting says, in every municipality."""
    if forgotten := positions.remove_before(store, _oldest(settings)):
        log.info("%d positions of trucks were deleted: they were old enough.", forgotten)


def _oldest(settings: Settings) -> datetime:
    return datetime.now(UTC) - timedelta(minutes=settings.position_minutes)
