"""Few stops moved one by one until none has a better place, by what crews are really paid.

The search counts breaks from the start of a shift and OR-Tools counts no waiting: where few stops
leave them little to choose from, that can decide, and few stops are quickly tried everywhere.
"""

from __future__ import annotations

from itertools import combinations

from routing.pairs import Unit, suits, unit_price, units
from routing.polish import longer, without
from routing.problem import Problem, Truck
from routing.split import split
from routing.timetable import paid_units
from routing.tour import LegUnits, Tour, Tours, stops_of

FEW = 12
ROUNDS = 40
_Choice = tuple[int, Truck | None, Tour]


def relocated(problem: Problem, legs: LegUnits, tours: Tours) -> Tours:
    """Return tours in which no stop is cheaper elsewhere or left out; given if many or known."""
    if len(problem.stops) > FEW or problem.familiar is not None:
        return tours
    for _ in range(ROUNDS):
        before = tours
        for truck in (truck for truck in problem.trucks if truck.id in tours):
            tours = {**tours, truck.id: _reordered(problem, legs, truck, tours[truck.id])}
        moves = [_move(problem, legs, tours, unit) for unit in units(problem, problem.stops)]
        gain, moved = max(moves, key=lambda move: move[0])
        tours = moved if gain > 0 else tours
        tours = _exchanged(problem, legs, tours)
        if tours == before:
            break
    return tours


def _move(problem: Problem, legs: LegUnits, tours: Tours, unit: Unit) -> tuple[int, Tours]:
    """Return what the best other place for a stop or pair gains, and the tours with it there."""
    host = next((t for t in problem.trucks if unit[0] in stops_of(tours.get(t.id, ()))), None)
    now, freed = unit_price(unit), dict(tours)
    if host is not None:
        left_over = without(tours[host.id], {stop.id for stop in unit})
        freed[host.id] = _reordered(problem, legs, host, left_over)
        left = paid_units(problem, host, freed[host.id])
        whole = paid_units(problem, host, tours[host.id])
        if left is None or whole is None:
            return 0, tours
        now = whole - left
    best: _Choice = (unit_price(unit), None, ())
    for truck in (truck for truck in problem.trucks if suits(truck, unit)):
        found = _best_on(problem, legs, truck, freed.get(truck.id, ()), unit, best[0])
        best = found if found[1] is not None else best
    if best[1] is not None:
        freed[best[1].id] = best[2]
    return now - best[0], {truck_id: tour for truck_id, tour in freed.items() if tour}


def _exchanged(problem: Problem, legs: LegUnits, tours: Tours) -> Tours:
    """Return tours, two trucks' whole days exchanged where that is cheaper; one may be at home."""
    for one, other in combinations(problem.trucks, 2):
        pair = tours.get(one.id, ()), tours.get(other.id, ())
        if pair == ((), ()):
            continue
        crossed = _again(problem, legs, one, pair[1]), _again(problem, legs, other, pair[0])
        if crossed[0] is None or crossed[1] is None:
            continue
        now = _sum(problem, ((one, pair[0]), (other, pair[1])))
        then = _sum(problem, ((one, crossed[0]), (other, crossed[1])))
        if now is not None and then is not None and then < now:
            both = {one.id: crossed[0], other.id: crossed[1]}
            tours = {truck_id: tour for truck_id, tour in {**tours, **both}.items() if tour}
    return tours


def _again(problem: Problem, legs: LegUnits, truck: Truck, tour: Tour) -> Tour | None:
    """Return another truck's tour as this one would drive it."""
    stops = stops_of(tour)
    if not all(truck.suits(stop) for stop in stops):
        return None
    anew = split(problem, legs, truck, stops) if stops else ()
    return _reordered(problem, legs, truck, anew) if anew else anew


def _sum(problem: Problem, pairs: tuple[tuple[Truck, Tour], ...]) -> int | None:
    units = [paid_units(problem, truck, tour) for truck, tour in pairs]
    return sum(u for u in units if u is not None) if None not in units else None


def _reordered(problem: Problem, legs: LegUnits, truck: Truck, tour: Tour) -> Tour:
    """Return the tour, or a cheaper one with a stretch turned round or two stops swapped."""
    least = paid_units(problem, truck, tour)
    stops = stops_of(tour)
    for first, last in combinations(range(len(stops)), 2):
        head, middle, tail = stops[:first], stops[first : last + 1], stops[last + 1 :]
        swapped = [middle[-1], *middle[1:-1], middle[0]]
        for order in (middle[::-1], swapped):
            option = split(problem, legs, truck, [*head, *order, *tail])
            units = None if option is None else paid_units(problem, truck, option)
            if option is not None and units is not None and (least is None or units < least):
                least, tour = units, option
    return tour


def _best_on(
    problem: Problem, legs: LegUnits, truck: Truck, tour: Tour, unit: Unit, least: int
) -> _Choice:
    before = paid_units(problem, truck, tour)
    best: _Choice = (least, None, ())
    if before is None:
        return best
    for option in longer(problem, legs, truck, tour, unit):
        after = paid_units(problem, truck, option)
        if after is not None and after - before < best[0]:
            best = (after - before, truck, option)
    return best
