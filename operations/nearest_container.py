"""Verb: the nearest containers that are believed to have room, as anybody may know it."""

from __future__ import annotations

from dataclasses import dataclass

from city.container import Container
from city.fraction import Fraction
from city.place import Position
from city.store import Store, containers, plans
from operations.show_plan import newest_plan_id

FULL = 0.9
"""Believed to be so full, a container is not worth the walk."""

MOST = 8


@dataclass(frozen=True)
class Near:
    """A container that may have room.

    Parameters
    ----------
    fill : expected by the newest plan, to a tenth; None where no plan speaks of it.
    """

    container: Container
    distance_m: float
    fill: float | None


def nearest_with_room(store: Store, here: Position, fraction: Fraction) -> tuple[Near, ...]:
    """Return the nearest containers of a fraction that are not believed to be full."""
    found = sorted(
        (each.position.distance_m(here), each.id, each)
        for each in containers.every(store)
        if each.fraction is fraction
    )
    plan_id = newest_plan_id(store)
    known = plans.choices(store, plan_id, [name for _, name, _ in found]) if plan_id else {}
    near = []
    for distance_m, name, container in found:
        fill = round(known[name].fill, 1) if name in known else None
        if fill is None or fill < FULL:
            near.append(Near(container, distance_m, fill))
    return tuple(near[:MOST])


def place_of(store: Store, address: str) -> Position | None:
    """Return where an address is, by the containers that stand at it; None where none does."""
    wanted = address.casefold().strip()
    at = (c.position for c in containers.every(store) if wanted and wanted in c.address.casefold())
    return next(at, None)
