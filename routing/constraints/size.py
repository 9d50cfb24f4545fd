"""A street that holds small trucks only is served by a small truck."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from city.plan import Plan
from routing.constraints.journey import journeys
from routing.constraints.rule import Violation
from routing.problem import Problem, Stop

if TYPE_CHECKING:
    from routing.model import Model

NAME = "size"


def post(model: Model) -> None:
    """Post nothing of its own: `matching` allows each stop only on lanes whose truck suits it."""


def violations(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Find stops on trucks that are too heavy or too long for their street."""
    for journey in journeys(problem, plan):
        truck = journey.truck
        for step in journey.steps:
            if not isinstance(step.place, Stop):
                continue
            for size, most, unit in (
                (truck.gross_kg, step.place.max_gross_kg, "kg"),
                (truck.length_cm, step.place.max_length_cm, "cm"),
            ):
                if most is not None and size > most:
                    message = f"The street holds {most} {unit}; the truck has {size} {unit}."
                    yield Violation(NAME, truck.id, step.place.id, message, size - most)
