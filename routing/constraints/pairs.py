"""Paired stops are served by one truck, in the order asked for, or none of them is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from city.plan import Plan
from routing.constraints.rule import Violation
from routing.problem import Problem, Stop

if TYPE_CHECKING:
    from routing.model import Model

NAME = "pairs"


def post(model: Model) -> None:
    """Let a pair lie on one lane, or on none, its stops as late as they must."""
    solver = model.routing.solver()
    index = {stop.id: model.index(number) for number, stop in enumerate(model.stops)}
    for first, *others in model.problem.pairs.values():
        lane = model.routing.VehicleVar(index[first.id])
        for other in others:
            solver.Add(model.routing.VehicleVar(index[other.id]) == lane)
        for stop in (first, *others):
            for ref in stop.after_in_pair:
                before, after = model.time.CumulVar(index[ref]), model.time.CumulVar(index[stop.id])
                solver.Add(before <= after)


def violations(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Find pairs that are torn apart, or served in another order."""
    pairs: dict[str, list[Stop]] = defaultdict(list)
    for stop in problem.stops:
        if stop.pair:
            pairs[stop.pair].append(stop)
    at = {
        ref: (route.vehicle_id, number)
        for route in plan.routes
        for number, ref in enumerate(route.stop_ids)
    }
    for name, stops in pairs.items():
        served = [stop for stop in stops if stop.id in at]
        trucks = sorted({at[stop.id][0] for stop in served})
        if served and len(served) < len(stops):
            left = ", ".join(stop.id for stop in stops if stop.id not in at)
            message = f"Of the pair '{name}', {left} is left out."
            yield Violation(NAME, trucks[0], served[0].id, message, len(stops) - len(served))
        if len(trucks) > 1:
            message = f"The pair '{name}' is divided between {', '.join(trucks)}."
            yield Violation(NAME, trucks[0], served[0].id, message, len(trucks) - 1)
        for stop in served:
            for ref in stop.after_in_pair:
                if ref in at and at[ref] > at[stop.id] and at[ref][0] == at[stop.id][0]:
                    message = f"It is served before '{ref}', which comes first."
                    yield Violation(NAME, at[ref][0], stop.id, message)
