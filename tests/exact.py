"""The cheapest plan of a few stops, found by trying all: what the search is held against.

Every order of every subset on every truck, with every place for the disposal visits that could be
cheaper than the best so far; then the cheapest way to share the stops among the trucks, by dynamic
programming over subsets. Stops that wait for another truck are beyond it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations, product

from city.plan import Plan
from routing.check import check, cost_cents
from routing.load import Load
from routing.problem import Problem, Stop, Truck
from routing.split import split
from routing.timetable import timetable
from routing.tour import UNITS_PER_CENT, LegUnits, Tour, flattened, tour_units

Rank = tuple[int, int]
ROUNDING_CENTS = 1


def cheapest(problem: Problem) -> Rank:
    """Return how few musts a plan can leave out, and what the best such plan costs in cents."""
    best = {0: 0}
    for truck in problem.trucks:
        alone = {0: 0} | _of_truck(problem, truck)
        shared: dict[int, int] = {}
        for before, cents in best.items():
            for part, more in alone.items():
                if not before & part:
                    both = before | part
                    shared[both] = min(shared.get(both, cents + more), cents + more)
        best = shared
    return min(_ranked(problem, mask, cents) for mask, cents in best.items())


def _ranked(problem: Problem, mask: int, cents: int) -> Rank:
    left = [stop for n, stop in enumerate(problem.stops) if not mask >> n & 1]
    prices = [stop.skip_price_cents for stop in left]
    return sum(p is None for p in prices), cents + sum(p for p in prices if p is not None)


def _of_truck(problem: Problem, truck: Truck) -> dict[int, int]:
    """Return the least cost of each subset that a truck can serve in a day."""
    mine = problem.replace(trucks=(truck,), familiar=None)
    legs = LegUnits(mine)
    able = [(n, stop) for n, stop in enumerate(problem.stops) if truck.suits(stop)]
    found: dict[int, int] = {}
    numbers = {stop.id: n for n, stop in enumerate(problem.stops)}
    for size in range(1, len(able) + 1):
        for chosen in combinations(able, size):
            numbered = {n for n, _ in chosen}
            if any(numbers[m.id] not in numbered for _, s in chosen for m in problem.together(s)):
                continue
            cents = _least(mine, legs, truck, tuple(stop for _, stop in chosen))
            if cents is not None:
                found[sum(1 << n for n, _ in chosen)] = cents
    return found


def _least(problem: Problem, legs: LegUnits, truck: Truck, stops: tuple[Stop, ...]) -> int | None:
    """Return the least cost of a day that serves some stops, orders of least driving first."""
    mine = problem.replace(stops=stops)
    found = ((order, split(mine, legs, truck, order)) for order in permutations(stops))
    orders = [(_cents(mine, truck, tour), order, tour) for order, tour in found if tour]
    best: int | None = None
    for lower, order, tour in sorted(orders, key=lambda each: each[0]):
        if best is not None and lower >= best:
            break
        cents = _judged(mine, truck, tour)
        if cents is None or cents > lower + ROUNDING_CENTS:
            # Hours stand in the way, or there is waiting: emptying elsewhere may be better.
            for other in _emptied(mine, truck, order):
                if best is None or _cents(mine, truck, other) < best:
                    best = _less(best, _judged(mine, truck, other))
        best = _less(best, cents)
    return best


def _less(one: int | None, other: int | None) -> int | None:
    return min((c for c in (one, other) if c is not None), default=None)


def _cents(problem: Problem, truck: Truck, tour: Tour) -> int:
    return tour_units(problem, truck, tour) // UNITS_PER_CENT


def _judged(problem: Problem, truck: Truck, tour: Tour) -> int | None:
    """Return what a tour costs as it is really driven, or None where a rule is broken."""
    route = timetable(problem, truck, tour)
    plan = Plan((route,), ()) if route else None
    if plan is None or check(problem, plan):
        return None
    return cost_cents(problem, plan).total_cents


def _emptied(problem: Problem, truck: Truck, order: tuple[Stop, ...]) -> Iterator[Tour]:
    """Yield the tours of an order with a site after the last stop and after any of the others."""
    for cuts in product((False, True), repeat=len(order) - 1):
        ends = [*(n + 1 for n, cut in enumerate(cuts) if cut), len(order)]
        starts = [0, *ends[:-1]]
        trips = [order[start:end] for start, end in zip(starts, ends, strict=True)]
        if all(Load.of(trip).fits(truck) for trip in trips):
            for sites in product(problem.sites, repeat=len(trips)):
                yield flattened(zip(trips, sites, strict=True))
