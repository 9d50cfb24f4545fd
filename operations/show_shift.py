"""Verb: what a crew needs for its day, from the published plan: the sheet, and what was tapped."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from city.errors import NotFound
from city.fraction import Fraction
from city.plan import DayPlan, Route
from city.publication import Publication
from city.store import Store, fleets, municipalities, photos, plans, publications, taps
from city.tap import Tap, states
from city.wording import Language
from operations.make_sheets import sheet_maker
from operations.route_lines import RouteLines
from routing.sheets.sheet import Sheet

SHEETS_KEPT = 64


@dataclass(frozen=True)
class Shift:
    """One truck's day as its crew sees it.

    Parameters
    ----------
    refs : what each line of the sheet is about: a stop's or site's id, nothing for a break.
    photo_ids : a photo that shows the container, by container.
    taps : of every truck at that day's stops, oldest first.
    """

    sheet: Sheet
    refs: tuple[str, ...]
    photo_ids: Mapping[str, str]
    taps: tuple[Tap, ...]


def coming_publication(store: Store, day: date | None = None) -> Publication | None:
    """Return what is published for a day; without one, for today or else the first day after."""
    if day is not None:
        return publications.of_day(store, day)
    return publications.first_from(store, municipalities.get(store).now().date())


@dataclass(frozen=True)
class ShiftInShort:
    """A truck that goes out, and how many of its stops are finished."""

    route: Route
    name: str
    fractions: tuple[Fraction, ...]
    finished: int


@dataclass(frozen=True)
class Shifts:
    """The trucks of a published plan; none while there is no such plan."""

    published: Publication | None
    shifts: tuple[ShiftInShort, ...] = ()


def coming_shifts(store: Store, day: date | None = None) -> Shifts:
    """Return the trucks that go out by what `coming_publication` returns."""
    published = coming_publication(store, day)
    if published is None:
        return Shifts(None)
    plan = plans.get(store, published.plan_id)
    _, fleet = fleets.get(store, plans.provenance(store, plan.id).get("fleetId"))
    vehicles = {vehicle.id: vehicle for vehicle in fleet.vehicles}
    finished = states(taps.of_day(store, plan.day))
    return Shifts(
        published,
        tuple(
            ShiftInShort(
                route,
                vehicles[route.vehicle_id].name,
                vehicles[route.vehicle_id].fractions,
                len(finished.keys() & set(route.stop_ids)),
            )
            for route in plan.plan.routes
            if route.stop_ids and route.vehicle_id in vehicles
        ),
    )


class ShiftDesk:
    """Makes shifts; keeps the sheets, which take long to make and never change."""

    def __init__(self, lines: RouteLines) -> None:
        self._lines = lines
        self._sheets: OrderedDict[tuple[str, ...], Sheet] = OrderedDict()
        self._lock = threading.Lock()

    def shift(
        self, store: Store, vehicle_id: str, language: Language, day: date | None = None
    ) -> Shift:
        """Return a truck's shift.

        Raises
        ------
        NotFound
            No plan is published, or it has no route for this truck.
        """
        published = coming_publication(store, day)
        if published is None:
            raise NotFound("No plan is published for today or later.")
        plan = plans.get(store, published.plan_id)
        route = next((r for r in plan.plan.routes if r.vehicle_id == vehicle_id), None)
        if route is None or not route.stop_ids:
            raise NotFound(f"The published plan has no route for '{vehicle_id}'.")
        here = set(route.stop_ids)
        return Shift(
            self._sheet(store, plan, route, language),
            tuple(visit.ref for visit in route.visits),
            _photo_ids(store, plan, route),
            tuple(
                tap
                for tap in taps.of_day(store, plan.day)
                if tap.vehicle_id == vehicle_id or tap.ref in here
            ),
        )

    def _sheet(self, store: Store, plan: DayPlan, route: Route, language: Language) -> Sheet:
        key = store.municipality_id, plan.id, route.vehicle_id, language
        with self._lock:
            if key not in self._sheets:
                roads = self._lines.open(plans.provenance(store, plan.id).get("roads", {}))
                self._sheets[key] = sheet_maker(store, plan, language)(route, roads)
                if len(self._sheets) > SHEETS_KEPT:
                    self._sheets.popitem(last=False)
            self._sheets.move_to_end(key)
            return self._sheets[key]


def _photo_ids(store: Store, plan: DayPlan, route: Route) -> dict[str, str]:
    """Return the photos in which a container of the route was recognised."""
    here = set(route.stop_ids)
    found = {}
    for choice in plan.choices:
        if choice.container_id in here and choice.photo_id is not None:
            record = photos.find(store, choice.photo_id)
            if record and any(s.container_id == choice.container_id for s in record.seen):
                found[choice.container_id] = record.id
    return found
