"""Recorded loads are what the stops since the last emptying add up to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from city.plan import Plan
from routing.constraints.journey import journeys
from routing.constraints.rule import Violation
from routing.problem import Problem

if TYPE_CHECKING:
    from routing.model import Model

NAME = "loads"


def post(model: Model) -> None:
    """Post nothing: loads are added up from the sequence after the solve."""


def violations(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Find visits whose recorded load is not what is on the truck."""
    for journey in journeys(problem, plan):
        for step in journey.steps:
            pairs = (
                ("kg", step.visit.load_kg, step.load_kg),
                ("l", step.visit.load_l, step.load_l),
            )
            for unit, recorded, real in pairs:
                if recorded != real:
                    message = f"The truck carries {real} {unit}, not {recorded} {unit}."
                    off = abs(recorded - real)
                    yield Violation(NAME, journey.truck.id, step.visit.ref, message, off)
