"""A driver pauses before having driven for too long, and again after it.

Source: Regulation (EC) 561/2006, art. 7 (45 minutes after at most 4.5 hours of driving).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from city.fleet import DrivingRule
from city.plan import Plan
from routing.constraints.journey import Journey, Step, journeys
from routing.constraints.rule import Violation
from routing.problem import Problem

if TYPE_CHECKING:
    from routing.model import Model

NAME = "driving-break"


def post(model: Model) -> None:
    """Limit a lane's driving to what one break allows; the timetable lays the break."""
    rules = [lane.truck.driving_rule for lane in model.lanes]
    if any(rule is not None for rule in rules):
        model.add_driving([None if rule is None else 2 * rule.after_driving_s for rule in rules])


def violations(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Find routes on which too much is driven without a long enough break."""
    for journey in journeys(problem, plan):
        if journey.truck.driving_rule is not None:
            yield from _of(journey, journey.truck.driving_rule)


def _of(journey: Journey, rule: DrivingRule) -> Iterator[Violation]:
    driven_s = 0
    for step in journey.steps:
        for part_s, paused in _parts(step, rule.duration_s):
            driven_s += part_s
            if driven_s > rule.after_driving_s:
                over_s = driven_s - rule.after_driving_s
                message = f"{over_s} s are driven beyond {rule.after_driving_s} s without a break."
                yield Violation(NAME, journey.truck.id, step.visit.ref, message, over_s)
                return
            driven_s = 0 if paused else driven_s


def _parts(step: Step, long_enough_s: int) -> Iterator[tuple[int, bool]]:
    """Yield the stretches of a leg between breaks, and whether a long enough break follows."""
    here_s, left_s = step.left_s, step.drive_s
    for pause in step.breaks:
        part_s = min(left_s, max(0, pause.arrival_s - here_s))
        yield part_s, pause.departure_s - pause.arrival_s >= long_enough_s
        here_s, left_s = pause.departure_s, left_s - part_s
    yield left_s, False
