"""Verb: say which trucks drive on a day, and from when to when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from city.errors import BadInput, Fault
from city.fleet import Fleet, Window
from city.store import Store, fleets


@dataclass(frozen=True)
class OnDuty:
    """A truck that drives on a day.

    Parameters
    ----------
    shift : of that day; the truck's own where it is left out.
    """

    vehicle_id: str
    shift: Window | None = None


def fleet_of_day(store: Store, day: date, on_duty: Iterable[OnDuty]) -> str:
    """Keep the part of the city's fleet that drives on a day, and return its id.

    Raises
    ------
    NotFound
        The city has no fleet.
    BadInput
        No truck drives, one is unknown or named twice, or its break does not fit its shift.
    """
    fleet_id, fleet = fleets.get(store)
    wanted = tuple(on_duty)
    if faults := (*_misnamed(fleet, wanted),):
        raise BadInput(faults)
    shifts = {each.vehicle_id: each.shift for each in wanted}
    vehicles = tuple(
        replace(each, shift=shifts[each.id] or each.shift)
        for each in fleet.vehicles
        if each.id in shifts
    )
    if vehicles == fleet.vehicles:
        return fleet_id
    drives = replace(fleet, vehicles=vehicles)
    if faults := drives.faults():
        raise BadInput(faults)
    return fleets.put(store, drives, day)


def fleet_without(store: Store, day: date, absent: Iterable[str]) -> str:
    """Keep the city's fleet without some trucks as that of a day, and return its id.

    Raises
    ------
    NotFound
        The city has no fleet.
    BadInput
        A truck is unknown, or none is left.
    """
    _, fleet = fleets.get(store)
    away = set(absent)
    if faults := [*_unknown(fleet, away)]:
        raise BadInput(faults)
    return fleet_of_day(store, day, [OnDuty(v.id) for v in fleet.vehicles if v.id not in away])


def _misnamed(fleet: Fleet, wanted: tuple[OnDuty, ...]) -> Iterator[Fault]:
    names = [each.vehicle_id for each in wanted]
    if not names:
        cause, remedy = "No truck drives on this day.", "Name one at least."
        yield Fault("no-truck", "plan request", cause, remedy, "trucks")
    yield from _unknown(fleet, set(names))
    for name in sorted({name for name in names if names.count(name) > 1}):
        cause, remedy = "It is named twice.", "Name it once."
        yield Fault("truck-twice", "plan request", cause, remedy, "trucks", name)


def _unknown(fleet: Fleet, names: set[str]) -> Iterator[Fault]:
    known = [vehicle.id for vehicle in fleet.vehicles]
    for name in sorted(names - {*known}):
        cause, remedy = "The fleet has no such truck.", f"Use one of: {', '.join(known)}."
        yield Fault("unknown-truck", "plan request", cause, remedy, "trucks", name)
