"""Recorded times are those that driving, waiting, service and breaks really give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from city.plan import Plan
from routing.constraints.journey import journeys
from routing.constraints.rule import Violation
from routing.problem import Problem

if TYPE_CHECKING:
    from routing.model import Model

NAME = "clock"


def post(model: Model) -> None:
    """Post nothing: times are worked out from the sequence after the solve."""


def violations(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Find visits whose recorded arrival or departure is not what the route gives."""
    for journey in journeys(problem, plan):
        for step in journey.steps:
            pairs = (
                ("arrival", step.visit.arrival_s, step.arrival_s),
                ("departure", step.visit.departure_s, step.departure_s),
            )
            for what, recorded_s, real_s in pairs:
                if recorded_s != real_s:
                    message = f"The {what} is at {real_s} s, not at {recorded_s} s."
                    off = abs(recorded_s - real_s)
                    yield Violation(NAME, journey.truck.id, step.visit.ref, message, off)
