"""A stop that asks for it is reached with the kerb on its side: nobody lifts across a street."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from city.plan import Plan
from routing.constraints.journey import journeys
from routing.constraints.rule import Violation
from routing.problem import UNREACHABLE, Problem, Stop

if TYPE_CHECKING:
    from routing.model import Model

NAME = "kerb"
SAME_WAY_M = 5
"""Ways that differ by less differ by rounding."""


def post(model: Model) -> None:
    """Post nothing of its own: `routing.kerb` takes the ways that end across the street away."""


def violations(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Find stops that are reached from the other side of their street."""
    if problem.kerb_length_m is None:
        return
    for journey in journeys(problem, plan):
        for step in journey.steps:
            if not (isinstance(step.place, Stop) and step.place.kerb_only):
                continue
            leg = step.node_before, step.node
            longer_m = int(problem.kerb_length_m[leg]) - int(problem.length_m[leg])
            if longer_m > SAME_WAY_M:
                way = f"{longer_m} m longer" if longer_m < UNREACHABLE // 2 else "not there"
                message = f"This way ends across the street; one to its own kerb is {way}."
                yield Violation(NAME, journey.truck.id, step.place.id, message)
