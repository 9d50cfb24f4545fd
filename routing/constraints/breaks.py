"""A crew that works long takes one unbroken break before it has worked too long.

Source: Arbeidstijdenwet art. 5:4 (30 minutes in a day of more than 5.5 hours).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from city.fleet import BreakRule, Window
from city.plan import Plan, Visit
from routing.constraints.journey import Journey, Step, journeys
from routing.constraints.rule import Violation
from routing.problem import Problem

if TYPE_CHECKING:
    from routing.model import Model

NAME = "break"


def post(model: Model) -> None:
    """Take the break out of the day's length, or place it where windows make its hour matter."""
    for number, lane in enumerate(model.lanes):
        if model.timed and lane.takes_break:
            model.add_break(number)
        model.time.SetSpanUpperBoundForVehicle(model.span_limit_s(number), number)


def violations(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Find routes without the break they need, and breaks that could not be taken so."""
    for journey in journeys(problem, plan):
        for step in journey.steps:
            yield from _misplaced(journey, step)
        if journey.truck.break_rule is not None:
            yield from _missing(journey, journey.truck.break_rule)


def _misplaced(journey: Journey, step: Step) -> Iterator[Violation]:
    """A break begins on the leg: not before the place before is left, not after arrival."""
    earliest_s, latest_s = step.left_s, step.left_s + step.drive_s
    for pause in step.breaks:
        lasts_s = pause.departure_s - pause.arrival_s
        if lasts_s < 0 or not earliest_s <= pause.arrival_s <= latest_s:
            message = f"The break at {pause.arrival_s} s does not lie on the leg it stands on."
            yield Violation(NAME, journey.truck.id, step.visit.ref, message)
        earliest_s, latest_s = max(earliest_s, pause.departure_s), latest_s + lasts_s


def _missing(journey: Journey, rule: BreakRule) -> Iterator[Violation]:
    worked_s = journey.end_s - journey.start_s - journey.breaks_s
    if rule.begins is not None:
        yield from _no_lunch(journey, rule.duration_s, rule.begins)
        return
    if worked_s <= rule.after_work_s:
        return
    pauses = [pause for step in journey.steps for pause in step.breaks]
    long_enough = [p for p in pauses if p.departure_s - p.arrival_s >= rule.duration_s]
    if not long_enough:
        message = f"{worked_s} s of work need an unbroken break of {rule.duration_s} s."
        yield Violation(NAME, journey.truck.id, "", message, rule.duration_s)
        return
    late_s = _begin_s(long_enough) - journey.start_s - rule.after_work_s
    if late_s > 0:
        message = f"The break begins {late_s} s too late."
        yield Violation(NAME, journey.truck.id, "", message, late_s)


def _no_lunch(journey: Journey, duration_s: int, begins: Window) -> Iterator[Violation]:
    """Find a lunch that is missing; who is back by its last hour, or leaves later, needs none."""
    if journey.end_s <= begins.end_s or journey.start_s >= begins.end_s:
        return
    pauses = [pause for step in journey.steps for pause in step.breaks]
    if not any(
        begins.start_s <= p.arrival_s <= begins.end_s and p.departure_s - p.arrival_s >= duration_s
        for p in pauses
    ):
        message = f"No break of {duration_s} s begins within {begins.start_s}-{begins.end_s} s."
        yield Violation(NAME, journey.truck.id, "", message, duration_s)


def _begin_s(pauses: list[Visit]) -> int:
    return min(pause.arrival_s for pause in pauses)
