"""Where a truck that serves stops in a given order best empties itself.

Source: the split of a giant tour (Prins 2004, C&OR 31(12)), with the choice of a site at each
end of a trip.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routing.problem import DisposalSite, Problem, Stop, Truck
from routing.tour import LegUnits, Tour

_Best = dict[int, tuple[int, tuple[int, int]]]
"""By site: the least cost so far, and the (stop, site) that the trip before ended at."""


def split(problem: Problem, legs: LegUnits, truck: Truck, stops: Sequence[Stop]) -> Tour | None:
    """Return the cheapest tour that serves stops in this order, or None where none can.

    Hours are left out of account: the timetable judges the outcome.
    """
    units = legs.of(truck)
    sites = problem.sites
    best: list[_Best] = [{-1: (0, (-1, -1))}] + [{} for _ in stops]
    for first in range(len(stops)):
        inner = 0
        for after in _trip_ends(truck, stops, first):
            if after > first + 1:
                inner += int(units[stops[after - 2].node, stops[after - 1].node])
            for before, (so_far, _) in best[first].items():
                from_node = truck.start_node if before < 0 else sites[before].node
                cost = so_far + int(units[from_node, stops[first].node]) + inner
                _end_trip(
                    best[after], cost, units[stops[after - 1].node], stops, first, before, sites
                )
    ends = {
        cost + int(units[sites[at].node, truck.end_node]): at
        for at, (cost, _) in best[-1].items()
        if at >= 0
    }
    return _traced(stops, sites, best, ends[min(ends)]) if ends else None


def _trip_ends(truck: Truck, stops: Sequence[Stop], first: int) -> Iterator[int]:
    """Yield every end (exclusive) of a trip that may begin with a stop."""
    kg = litres = 0
    for at in range(first, len(stops)):
        kg, litres = kg + stops[at].weight_kg, litres + stops[at].volume_l
        full = kg > truck.weight_capacity_kg or litres > truck.volume_capacity_l
        if full or stops[at].fraction is not stops[first].fraction:
            return
        yield at + 1


def _end_trip(
    best: _Best,
    cost: int,
    row: Sequence[int],
    stops: Sequence[Stop],
    first: int,
    before: int,
    sites: Sequence[DisposalSite],
) -> None:
    for at, site in enumerate(sites):
        if stops[first].fraction in site.fractions:
            total = cost + int(row[site.node])
            if at not in best or total < best[at][0]:
                best[at] = total, (first, before)


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
