"""Legs are those of the road matrix, and every leg exists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from city.plan import Plan
from routing.constraints.journey import journeys
from routing.constraints.rule import Violation
from routing.problem import UNREACHABLE, Problem

if TYPE_CHECKING:
    from routing.model import Model

NAME = "travel"


def post(model: Model) -> None:
    """Lay the time line; a leg without a road is longer than any day and so never driven."""
    model.add_time_line()


def violations(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Find legs that no road serves, or whose recorded time or length is not the matrix's."""
    for journey in journeys(problem, plan):
        vehicle_id = journey.truck.id
        for step in journey.steps:
            ref = step.visit.ref
            if max(step.drive_s, step.length_m) >= UNREACHABLE:
                yield Violation(NAME, vehicle_id, ref, "No road leads here from the place before.")
            if step.visit.drive_s != step.drive_s:
                message = f"The drive takes {step.drive_s} s, not {step.visit.drive_s} s."
                off = abs(step.visit.drive_s - step.drive_s)
                yield Violation(NAME, vehicle_id, ref, message, off)
            if step.visit.length_m != step.length_m:
                message = f"The drive is {step.length_m} m long, not {step.visit.length_m} m."
                off = abs(step.visit.length_m - step.length_m)
                yield Violation(NAME, vehicle_id, ref, message, off)
            for pause in step.breaks:
                if pause.drive_s or pause.length_m:
                    yield Violation(NAME, vehicle_id, "", "A break has a drive of its own.")
