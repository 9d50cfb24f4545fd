"""The last steps on a plan: sites chosen anew, what does not pay taken out, what fits put in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from city.plan import UnservedCode
from routing.load import Load
from routing.pairs import Unit, suits, unbroken, unit_price, units
from routing.problem import Problem, Stop, Truck
from routing.split import split
from routing.timetable import drivable, paid_units
from routing.tour import (
    LegUnits,
    Tour,
    Tours,
    flattened,
    skip_units,
    stops_of,
    tour_units,
    trips_of,
    work_limit_s,
    work_s,
)

POSITIONS_TRIED = 12
PAIR_TRIED = 6
FEW_STOPS = 100
"""Up to so many, every position is tried: a stop is then left out only where none is possible."""


@dataclass(frozen=True)
class Insertion:
    """One way to serve one more stop: a truck's new tour, and what it costs more, in units."""

    truck: Truck
    tour: Tour
    units: int


def settled(problem: Problem, legs: LegUnits, tours: Tours) -> Tours:
    """Return tours that can be driven, each emptied where it is cheapest.

    Where a day does not hold a tour, the stops that cost least to leave out are taken out.
    """
    settled_tours: Tours = {}
    for truck in problem.trucks:
        tour = unbroken(problem, tours.get(truck.id, ()))
        while stops_of(tour):
            options = [tour, split(problem, legs, truck, stops_of(tour))]
            able = [t for t in options if t is not None and drivable(problem, truck, t)]
            if able:
                best = min(able, key=lambda t: tour_units(problem, truck, t))
                settled_tours[truck.id] = best
                break
            tour = _without_least(problem, tour)
    return settled_tours


def trimmed(problem: Problem, tours: Tours) -> Tours:
    """Return tours without the optional trips and stops that cost more than leaving them out."""
    trimmed_tours: Tours = {}
    for truck in problem.trucks:
        tour = tours.get(truck.id, ())
        shorter: Tour | None = tour
        while shorter is not None:
            tour, shorter = shorter, _paying_less(problem, truck, shorter)
        if stops_of(tour):
            trimmed_tours[truck.id] = tour
    return trimmed_tours


def best_insertion(
    problem: Problem, legs: LegUnits, tours: Tours, unit: Unit
) -> Insertion | UnservedCode:
    """Return the cheapest way found to serve a stop more, or a pair; or why none pays."""
    best: Insertion | None = None
    too_dear, must = False, any(stop.must for stop in unit)
    for truck in problem.trucks:
        if not suits(truck, unit):
            continue
        tour = tours.get(truck.id, ())
        before = paid_units(problem, truck, tour)
        if before is None:
            continue
        for option in longer(problem, legs, truck, tour, unit):
            most = unit_price(unit) if best is None else best.units
            # Without waiting it is quickly told, and with waiting it is no cheaper.
            after: int | None = tour_units(problem, truck, option)
            if after is not None and after - before < most:
                after = paid_units(problem, truck, option)
            if after is not None and after - before < most:
                best = Insertion(truck, option, after - before)
            too_dear = too_dear or (after is not None and best is None and not must)
    if best is not None:
        return best
    return UnservedCode.CHEAPER_TO_SKIP if too_dear else UnservedCode.NO_ROOM


def longer(
    problem: Problem, legs: LegUnits, truck: Truck, tour: Tour, unit: Unit
) -> Iterator[Tour]:
    """Yield tours with a stop more, or a pair, at the likeliest positions."""
    first, *others = unit
    options = _with_stop(problem, legs, truck, tour, first)
    if not others:
        yield from options
        return
    few = len(problem.stops) <= FEW_STOPS
    cheapest = sorted(options, key=lambda option: tour_units(problem, truck, option))
    for option in cheapest[: None if few else PAIR_TRIED]:
        yield from longer(problem, legs, truck, option, tuple(others))


def _with_stop(
    problem: Problem, legs: LegUnits, truck: Truck, tour: Tour, stop: Stop
) -> Iterator[Tour]:
    """Yield tours with one more stop: the likeliest positions, and for a dear stop only one."""
    stops = stops_of(tour)
    nodes = [truck.start_node, *(s.node for s in stops), truck.end_node]
    units = legs.of(truck)

    def extra(at: int) -> int:
        before, after = nodes[at], nodes[at + 1]
        return int(units[before, stop.node] + units[stop.node, after] - units[before, after])

    extras = [(extra(at), at) for at in range(len(stops) + 1)]
    service = stop.service_s * truck.cost_per_hour_cents
    if work_s(problem, truck, tour) + stop.service_s > work_limit_s(truck):
        return
    # Between two stops a site may lie, so that what looks too dear is not: few stops are all tried.
    few = len(problem.stops) <= FEW_STOPS
    likely = sorted(extras)[: None if few else POSITIONS_TRIED]
    hopeful = [at for units, at in likely if few or units + service < skip_units(stop)]
    for at in hopeful or [likely[0][1]]:
        anew = split(problem, legs, truck, [*stops[:at], stop, *stops[at:]])
        if anew is not None:
            yield anew
        kept = _inserted(truck, tour, at, stop)
        if kept is not None and kept != anew:
            yield kept
    if few:
        yield from _own_trips(problem, truck, tour, stop)


def _own_trips(problem: Problem, truck: Truck, tour: Tour, stop: Stop) -> Iterator[Tour]:
    """Yield tours with a trip for one stop, before each trip and after the last."""
    if not Load.of([stop]).fits(truck):
        return
    trips = list(trips_of(tour))
    for site in problem.sites:
        if stop.fraction in site.fractions:
            for at in range(len(trips) + 1):
                yield flattened([*trips[:at], ([stop], site), *trips[at:]])


def _inserted(truck: Truck, tour: Tour, at: int, stop: Stop) -> Tour | None:
    """Put a stop before the stop with a number, in the same trip, if one has room for it."""
    trips, passed = list(trips_of(tour)), 0
    for number, (trip, site) in enumerate(trips):
        if 0 <= at - passed <= len(trip) and _has_room(truck, trip, stop):
            longer = [*trip[: at - passed], stop, *trip[at - passed :]]
            changed = [*trips[:number], (longer, site), *trips[number + 1 :]]
            return flattened(changed)
        passed += len(trip)
    return None


def _has_room(truck: Truck, trip: Sequence[Stop], stop: Stop) -> bool:
    return Load.of([*trip, stop]).fits(truck) and all(s.fraction is stop.fraction for s in trip)


def _without_least(problem: Problem, tour: Tour) -> Tour:
    """Take out the stop, or pair, that costs least to leave out; of equals, the last."""
    least = min(reversed(units(problem, stops_of(tour))), key=unit_price)
    return tuple(place for place in tour if place not in least)


def _paying_less(problem: Problem, truck: Truck, tour: Tour) -> Tour | None:
    """Return a tour without an optional part that does not pay, or None where all pays."""
    full = paid_units(problem, truck, tour)
    if full is None:
        return None
    groups = [stops_of(tour), *(trip for trip, _ in trips_of(tour)), *([s] for s in stops_of(tour))]
    best: tuple[int, Tour | None] = (0, None)
    for group in groups:
        part = [stop for unit in units(problem, group) for stop in unit]
        price = sum(skip_units(stop) for stop in part)
        if any(stop.must for stop in part) or not part:
            continue
        left = without(tour, {stop.id for stop in part})
        if price >= full - tour_units(problem, truck, left):
            continue
        rest = paid_units(problem, truck, left)
        if rest is not None and full - rest - price > best[0]:
            best = full - rest - price, left
    return best[1]


def without(tour: Tour, stop_ids: set[str]) -> Tour:
    """Return a tour without some stops, and without sites that nothing is left to empty at."""
    kept = (([s for s in trip if s.id not in stop_ids], site) for trip, site in trips_of(tour))
    return flattened((trip, site) for trip, site in kept if trip)
