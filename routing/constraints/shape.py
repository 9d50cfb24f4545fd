"""A route belongs to one known truck, begins at its start, ends at its end, names known places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from city.plan import Plan, Route, VisitKind
from routing.constraints.rule import Violation
from routing.problem import Problem

if TYPE_CHECKING:
    from routing.model import Model

NAME = "shape"


def post(model: Model) -> None:
    """Post nothing: the model's routes have this shape by construction."""


def violations(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Find routes that no truck could read."""
    trucks = {truck.id: truck for truck in problem.trucks}
    for vehicle_id, count in Counter(route.vehicle_id for route in plan.routes).items():
        if count > 1:
            yield Violation(NAME, vehicle_id, "", f"The truck has {count} routes.", count)
    for route in plan.routes:
        truck = trucks.get(route.vehicle_id)
        if truck is None:
            yield Violation(NAME, route.vehicle_id, "", "No truck has this id.")
            continue
        yield from _ends(route, truck.start_ref, truck.end_ref)
        yield from _places(problem, route)


def _ends(route: Route, start_ref: str, end_ref: str) -> Iterator[Violation]:
    kinds = [visit.kind for visit in route.visits]
    wanted = ((0, VisitKind.START, start_ref), (-1, VisitKind.END, end_ref))
    for at, kind, ref in wanted:
        if len(kinds) < 2 or kinds[at] is not kind or route.visits[at].ref != ref:
            message = f"The route must have '{kind}' at '{ref}' as its line {at}."
            yield Violation(NAME, route.vehicle_id, ref, message)
    for visit in route.visits[1:-1]:
        if visit.kind in (VisitKind.START, VisitKind.END):
            message = f"'{visit.kind}' stands in the middle of the route."
            yield Violation(NAME, route.vehicle_id, visit.ref, message)


def _places(problem: Problem, route: Route) -> Iterator[Violation]:
    stops, sites = {s.id for s in problem.stops}, {s.id for s in problem.sites}
    known = {VisitKind.STOP: stops, VisitKind.DISPOSAL: sites}
    for visit in route.visits:
        if visit.kind in known and visit.ref not in known[visit.kind]:
            message = f"No {visit.kind} has the id '{visit.ref}'."
            yield Violation(NAME, route.vehicle_id, visit.ref, message)
