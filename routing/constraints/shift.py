"""A truck leaves and is back within its shift."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from city.plan import Plan
from routing.constraints.journey import journeys
from routing.constraints.rule import Violation
from routing.problem import Problem

if TYPE_CHECKING:
    from routing.model import Model

NAME = "shift"


def post(model: Model) -> None:
    """Bound where each lane begins and ends on the time line."""
    for number, lane in enumerate(model.lanes):
        model.time.CumulVar(model.routing.Start(number)).SetRange(
            lane.window.start_s, lane.window.end_s
        )
        model.time.CumulVar(model.routing.End(number)).SetRange(
            lane.window.start_s, lane.window.end_s
        )


def violations(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Find routes that begin before or end after the shift."""
    for journey in journeys(problem, plan):
        shift = journey.truck.shift
        early_s = shift.start_s - journey.start_s
        late_s = journey.end_s - shift.end_s
        for off_s, message in (
            (early_s, f"The truck leaves {early_s} s before its shift."),
            (late_s, f"The truck is back {late_s} s after its shift."),
        ):
            if off_s > 0:
                yield Violation(NAME, journey.truck.id, "", message, off_s)
