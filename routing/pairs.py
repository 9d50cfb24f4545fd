"""Stops that one truck serves together, in the order asked for, or that nobody does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from routing.problem import Problem, Stop, Truck
from routing.tour import Place, Tour, skip_units, stops_of

Unit = tuple[Stop, ...]
"""A stop alone, or all of its pair."""


def units(problem: Problem, stops: Iterable[Stop]) -> list[Unit]:
    """Return stops by what is served together; a pair comes where the first of it stands."""
    return list(dict.fromkeys(problem.together(stop) for stop in stops))


def unit_price(unit: Unit) -> int:
    """Return what leaving a unit out costs."""
    return sum(skip_units(stop) for stop in unit)


def suits(truck: Truck, unit: Unit) -> bool:
    """Tell whether a truck may serve all of a unit."""
    return all(truck.suits(stop) for stop in unit)


def whole(problem: Problem, tour: Sequence[Place]) -> bool:
    """Tell whether a tour serves each pair wholly or not at all, and in its order."""
    return not problem.pairs or not _broken(problem, tour)


def unbroken(problem: Problem, tour: Tour) -> Tour:
    """Return a tour without the pairs that it breaks; sites are not looked at."""
    broken = _broken(problem, tour) if problem.pairs else set()
    return tuple(p for p in tour if not (isinstance(p, Stop) and p.pair in broken))


def _broken(problem: Problem, tour: Sequence[Place]) -> set[str]:
    at = {stop.id: number for number, stop in enumerate(stops_of(tour))}
    return {
        stop.pair
        for stop in stops_of(tour)
        if stop.pair
        and not (
            all(mate.id in at for mate in problem.together(stop))
            and all(at.get(ref, -1) < at[stop.id] for ref in stop.after_in_pair)
        )
    }
