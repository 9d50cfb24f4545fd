"""What a truck does on a day, as the solver sees it: an order of places, and what it costs.

Costs are counted in whole units of 1/3600 cent, so that cents per hour times seconds, and cents
per kilometre times metres, stay whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from routing.problem import UNREACHABLE, DisposalSite, Problem, Stop, Truck

Place = Stop | DisposalSite
Tour = tuple[Place, ...]
Tours = dict[str, Tour]
"""By truck id; a truck that stays at home is left out."""

UNITS_PER_CENT = 3600
MUST_UNITS = 10**12
"""What leaving out a must costs the solver: more than any day of any fleet."""
ABOARD_UNITS = 1000 * MUST_UNITS
"""The same of what a truck carries already: no number of musts is worth forgetting it."""


class LegUnits:
    """What each leg of a problem's matrices costs, worked out once for trucks of equal prices."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._of_prices: dict[tuple[int, int, str], NDArray[np.int64]] = {}

    def of(self, truck: Truck) -> NDArray[np.int64]:
        """Return the cost of each leg with a truck, in units, (n, n)."""
        key = truck.cost_per_hour_cents, truck.cost_per_km_cents, truck.profile
        if key not in self._of_prices:
            ways = self._problem.ways(truck)
            units = ways.length_m.astype(np.int64) * truck.cost_per_km_cents * 18 // 5
            units += ways.duration_s.astype(np.int64) * truck.cost_per_hour_cents
            self._of_prices[key] = units
        return self._of_prices[key]


def skip_units(stop: Stop) -> int:
    """Return what leaving a stop out costs, in units."""
    price = stop.skip_price_cents
    if stop.aboard:
        return ABOARD_UNITS
    return MUST_UNITS if price is None else price * UNITS_PER_CENT


def nodes_of(truck: Truck, tour: Sequence[Place]) -> list[int]:
    """Return the matrix nodes of a tour from start to end."""
    return [truck.start_node, *(place.node for place in tour), truck.end_node]


def work_s(problem: Problem, truck: Truck, tour: Sequence[Place]) -> int:
    """Return driving and service of a tour, waiting and breaks left out."""
    nodes = nodes_of(truck, tour)
    duration_s = problem.ways(truck).duration_s
    drive_s = sum(int(duration_s[leg]) for leg in pairwise(nodes))
    return drive_s + sum(place.service_s for place in tour)


def tour_units(problem: Problem, truck: Truck, tour: Sequence[Place]) -> int:
    """Return what a tour costs without waiting, in units; nothing for an empty one."""
    if not tour:
        return 0
    length_m = problem.ways(truck).length_m
    metres = sum(int(length_m[leg]) for leg in pairwise(nodes_of(truck, tour)))
    units = work_s(problem, truck, tour) * truck.cost_per_hour_cents
    units += metres * truck.cost_per_km_cents * 18 // 5
    return units + truck.cost_per_use_cents * UNITS_PER_CENT


def work_limit_s(truck: Truck) -> int:
    """Return how long a truck can work at most in its shift, its break left out."""
    shift_s = truck.shift.end_s - truck.shift.start_s
    rule = truck.break_rule
    if rule is not None and rule.begins is not None:
        return max(rule.begins.end_s - truck.shift.start_s, shift_s - rule.duration_s)
    if rule is None or shift_s <= rule.after_work_s:
        return shift_s
    return max(rule.after_work_s, shift_s - rule.duration_s)


def stops_of(tour: Sequence[Place]) -> list[Stop]:
    """Return the stops of a tour in order."""
    return [place for place in tour if isinstance(place, Stop)]


def trips_of(tour: Sequence[Place]) -> Iterator[tuple[list[Stop], DisposalSite]]:
    """Yield each trip of a tour: its stops, and where it is emptied; empty trips left out."""
    stops: list[Stop] = []
    for place in tour:
        if isinstance(place, Stop):
            stops.append(place)
        elif stops:
            yield stops, place
            stops = []


def flattened(trips: Iterable[tuple[Sequence[Stop], DisposalSite]]) -> Tour:
    """Return the tour that consists of trips."""
    tour: list[Place] = []
    for stops, site in trips:
        tour += [*stops, site]
    return tuple(tour)


def joined(problem: Problem, truck: Truck, nodes: Sequence[int]) -> bool:
    """Tell whether roads that a truck may drive lead from each node to the next."""
    duration_s = problem.ways(truck).duration_s
    return all(duration_s[leg] < UNREACHABLE for leg in pairwise(nodes))
