"""A first plan: stops put one by one where they cost least, trips opened as they are needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from city.fraction import Fraction
from routing.load import Load
from routing.problem import DisposalSite, Problem, Stop, Truck
from routing.timetable import drivable
from routing.tour import (
    UNITS_PER_CENT,
    LegUnits,
    Tour,
    Tours,
    flattened,
    skip_units,
    trips_of,
)


@dataclass
class _Trip:
    fraction: Fraction
    site: DisposalSite
    stops: list[Stop] = field(default_factory=list)
    load: Load = field(default_factory=Load)

    def has_room(self, truck: Truck, stop: Stop) -> bool:
        return self.fraction is stop.fraction and self.load.with_stop(stop).fits(truck)


@dataclass
class _Draft:
    truck: Truck
    trips: list[_Trip] = field(default_factory=list)

    @property
    def tour(self) -> Tour:
        return flattened((trip.stops, trip.site) for trip in self.trips)


@dataclass(frozen=True)
class _Move:
    """One place for a stop: the trip (one past the last for a new one), position, cost, time."""

    draft: _Draft
    trip: int
    at: int
    units: int
    site: DisposalSite | None = None


def construct(
    problem: Problem, legs: LegUnits, stops: Iterable[Stop], tours: Tours | None = None
) -> Tours:
    """Return tours that serve as many stops as fit and pay, added to given tours.

    Opening a truck is not held against a single optional stop, since others will share it;
    `polish` takes out what did not pay in the end. Pairs are left to it as well.
    """
    drafts = [_draft(truck, (tours or {}).get(truck.id, ())) for truck in problem.trucks]
    alone = [stop for stop in stops if not stop.pair]
    for stop in sorted(alone, key=lambda stop: _urgency(problem, stop)):
        for move in sorted(_moves(problem, legs, drafts, stop), key=lambda move: move.units):
            if move.units < skip_units(stop) and _made(problem, move, stop):
                break
    return {draft.truck.id: draft.tour for draft in drafts if draft.trips}


def _urgency(problem: Problem, stop: Stop) -> tuple[bool, bool, int]:
    """Musts first, then those with windows, then the farthest from a site."""
    far = min((int(problem.duration_s[site.node, stop.node]) for site in problem.sites), default=0)
    return not stop.must, not stop.windows, -far


def _draft(truck: Truck, tour: Tour) -> _Draft:
    draft = _Draft(truck)
    for stops, site in trips_of(tour):
        draft.trips.append(_Trip(stops[0].fraction, site, list(stops), Load.of(stops)))
    return draft


def _moves(
    problem: Problem, legs: LegUnits, drafts: Sequence[_Draft], stop: Stop
) -> Iterator[_Move]:
    opened: set[Truck] = set()
    for draft in drafts:
        truck = draft.truck
        if not truck.suits(stop):
            continue
        units = legs.of(truck)
        for number, trip in enumerate(draft.trips):
            if trip.has_room(truck, stop):
                yield _cheapest_in(draft, number, stop, units)
        kind = truck if stop.only_trucks else replace(truck, id="")
        if draft.trips or kind not in opened:
            # Of trucks that are alike and still at home, the first stands for all.
            yield from _new_trips(problem, draft, stop, units)
        if not draft.trips:
            opened.add(kind)


def _cheapest_in(draft: _Draft, number: int, stop: Stop, units: NDArray[np.int64]) -> _Move:
    trip = draft.trips[number]
    nodes = [_from_node(draft, number), *(s.node for s in trip.stops), trip.site.node]
    before, after = np.array(nodes[:-1]), np.array(nodes[1:])
    extra = units[before, stop.node] + units[stop.node, after] - units[before, after]
    at = int(extra.argmin())
    return _Move(
        draft, number, at, int(extra[at]) + stop.service_s * draft.truck.cost_per_hour_cents
    )


def _new_trips(
    problem: Problem, draft: _Draft, stop: Stop, units: NDArray[np.int64]
) -> Iterator[_Move]:
    truck = draft.truck
    if not Load.of([stop]).fits(truck):
        return
    here = _from_node(draft, len(draft.trips))
    for site in problem.sites:
        if stop.fraction not in site.fractions:
            continue
        cost = int(units[here, stop.node] + units[stop.node, site.node])
        cost += int(units[site.node, truck.end_node])
        cost += (stop.service_s + site.service_s) * truck.cost_per_hour_cents
        if draft.trips:
            cost -= int(units[here, truck.end_node])
        elif stop.must:
            cost += truck.cost_per_use_cents * UNITS_PER_CENT
        if not stop.must:
            # What a trip costs besides its stops is shared by all that will join it.
            cost = min(cost, stop.service_s * truck.cost_per_hour_cents)
        yield _Move(draft, len(draft.trips), 0, cost, site)


def _from_node(draft: _Draft, number: int) -> int:
    return draft.trips[number - 1].site.node if number else draft.truck.start_node


def _made(problem: Problem, move: _Move, stop: Stop) -> bool:
    """Make the move if the truck's day holds it."""
    draft = move.draft
    opened = move.site is not None
    if move.site is not None:
        draft.trips.append(_Trip(stop.fraction, move.site))
    trip = draft.trips[move.trip]
    trip.stops.insert(move.at, stop)
    if drivable(problem, draft.truck, draft.tour):
        trip.load = trip.load.with_stop(stop)
        return True
    del trip.stops[move.at]
    if opened:
        draft.trips.pop()
    return False
