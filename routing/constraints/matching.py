"""A truck collects only what it may carry, can lift, and is not kept for another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from city.plan import Plan
from routing.constraints.journey import journeys
from routing.constraints.rule import Violation
from routing.problem import Problem, Stop

if TYPE_CHECKING:
    from routing.model import Model

NAME = "matching"


def post(model: Model) -> None:
    """Allow each stop only on lanes whose truck has its fraction and gear."""
    for at, stop in enumerate(model.stops):
        lanes = [
            number
            for number, lane in enumerate(model.lanes)
            if lane.truck.suits(stop) and stop.fraction in (lane.fractions or lane.truck.fractions)
        ]
        model.allow_lanes(at, lanes)


def violations(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Find stops on trucks that may not carry their fraction or cannot lift them."""
    for journey in journeys(problem, plan):
        truck = journey.truck
        for step in journey.steps:
            stop = step.place
            if not isinstance(stop, Stop):
                continue
            if stop.fraction not in truck.fractions:
                message = f"The truck may not collect '{stop.fraction}'."
                yield Violation(NAME, truck.id, stop.id, message)
            if stop.only_trucks and truck.id not in stop.only_trucks:
                message = f"The stop is kept for {', '.join(stop.only_trucks)}."
                yield Violation(NAME, truck.id, stop.id, message)
            if stop.gear is not truck.gear:
                message = f"The truck has gear '{truck.gear}', the stop needs '{stop.gear}'."
                yield Violation(NAME, truck.id, stop.id, message)
