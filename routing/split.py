"""Where a truck that serves stops in a given order best empties itself.

Source: the split of a giant tour (Prins 2004, C&OR 31(12)), with the choice of a site at each
end of a trip.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt

import numpy as np

from city.fraction import Fraction
from routing.load import sds_kept
from routing.problem import DisposalSite, Problem, Stop, Truck
from routing.tour import LegUnits, Tour

_Best = dict[int, tuple[int, tuple[int, int]]]
"""By site: the least cost so far, and the (stop, site) that the trip before ended at."""


def split(problem: Problem, legs: LegUnits, truck: Truck, stops: Sequence[Stop]) -> Tour | None:
    """Return the cheapest tour that serves stops in this order, or None where none can.

    Hours are left out of account: the timetable judges the outcome.
    """
    sites = problem.sites
    nodes = [truck.start_node, truck.end_node]
    nodes += [site.node for site in sites] + [stop.node for stop in stops]
    # Plain lists: the loops below read single cells, which numpy is slow at.
    units: list[list[int]] = legs.of(truck)[np.ix_(nodes, nodes)].tolist()
    base = 2 + len(sites)
    service = [site.service_s * truck.cost_per_hour_cents for site in sites]
    takers = {stop.fraction: _takers(sites, stop.fraction) for stop in stops}
    best: list[_Best] = [{-1: (0, (-1, -1))}] + [{} for _ in stops]
    for first in range(len(stops)):
        so_far, before = _cheapest_start(units, best[first], base + first)
        if so_far is None:
            continue
        inner = 0
        for after in _trip_ends(truck, stops, first):
            row = units[base + after - 1]
            for at in takers[stops[first].fraction]:
                total = so_far + inner + row[2 + at] + service[at]
                if at not in best[after] or total < best[after][at][0]:
                    best[after][at] = total, (first, before)
            if after < len(stops):
                inner += row[base + after]
    ends = {cost + units[2 + at][1]: at for at, (cost, _) in best[-1].items() if at >= 0}
    return _traced(stops, sites, best, ends[min(ends)]) if ends else None


def _takers(sites: Sequence[DisposalSite], fraction: Fraction) -> list[int]:
    return [at for at, site in enumerate(sites) if fraction in site.fractions]


def _cheapest_start(units: list[list[int]], ways: _Best, node: int) -> tuple[int | None, int]:
    """Return the least cost of standing at a trip's first stop, and the site before it."""
    costs = {cost + units[0 if at < 0 else 2 + at][node]: at for at, (cost, _) in ways.items()}
    least = min(costs, default=None)
    return (None, -1) if least is None else (least, costs[least])


def _trip_ends(truck: Truck, stops: Sequence[Stop], first: int) -> Iterator[int]:
    """Yield every end (exclusive) of a trip that may begin with a stop."""
    # `Load` in plain numbers: this is where splitting spends its time.
    kg = litres = kg_variance = litres_variance = 0
    hold_kg, hold_l, kept = truck.weight_capacity_kg, truck.volume_capacity_l, sds_kept(truck)
    fraction = stops[first].fraction
    for at in range(first, len(stops)):
        stop = stops[at]
        kg, litres = kg + stop.weight_kg, litres + stop.volume_l
        kg_variance += stop.weight_sd_kg**2
        litres_variance += stop.volume_sd_l**2
        if stop.fraction is not fraction or kg > hold_kg or litres > hold_l:
            return
        if kg_variance and kg + kept * sqrt(kg_variance) > hold_kg:
            return
        if litres_variance and litres + kept * sqrt(litres_variance) > hold_l:
            return
        yield at + 1


def _traced(
    stops: Sequence[Stop], sites: Sequence[DisposalSite], best: Sequence[_Best], site: int
) -> Tour:
    tour: list[Stop | DisposalSite] = []
    after = len(stops)
    while after > 0:
        _, (first, before) = best[after][site]
        tour[:0] = [*stops[first:after], sites[site]]
        after, site = first, before
    return tuple(tour)
