"""A problem taken apart where no truck could serve both sides."""

from __future__ import annotations

from collections.abc import Iterator

from city.container import Gear
from city.fraction import Fraction
from routing.problem import Problem, Truck

Kind = tuple[Fraction, Gear]


def parts(problem: Problem, without: frozenset[str] = frozenset()) -> Iterator[Problem]:
    """Yield problems that share no truck and no stop, the given stop ids left out."""
    stops = [stop for stop in problem.stops if stop.id not in without]
    for kinds in _groups(problem, {(stop.fraction, stop.gear) for stop in stops}):
        yield problem.replace(
            stops=tuple(stop for stop in stops if (stop.fraction, stop.gear) in kinds),
            trucks=tuple(truck for truck in problem.trucks if _kinds(truck) & kinds),
        )


def _groups(problem: Problem, kinds: set[Kind]) -> list[set[Kind]]:
    """Join kinds that some truck could both serve."""
    groups = [{kind} for kind in sorted(kinds)]
    for truck in problem.trucks:
        mine = [group for group in groups if group & _kinds(truck)]
        if len(mine) > 1:
            groups = [group for group in groups if group not in mine] + [set().union(*mine)]
    return groups


def _kinds(truck: Truck) -> set[Kind]:
    return {(fraction, truck.gear) for fraction in truck.fractions}
