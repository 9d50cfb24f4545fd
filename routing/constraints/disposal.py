"""What was collected is emptied at an open site that takes it, before the day ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from city.plan import Plan
from routing.constraints.journey import Journey, first_window, journeys
from routing.constraints.rule import Violation
from routing.problem import DisposalSite, Problem, Stop

if TYPE_CHECKING:
    from routing.model import Model

NAME = "disposal"


def post(model: Model) -> None:
    """Bound disposal visits by the sites' windows; no stop is followed by the end of the day."""
    for number, site in enumerate(model.disposals):
        at = len(model.stops) + number
        model.make_optional(at, 0)
        cumul = model.time.CumulVar(model.index(at))
        cumul.SetRange(site.window.start_s, site.window.end_s - site.service_s)
    for number, lane in enumerate(model.lanes):
        end = model.routing.End(number)
        if lane.end_site is None:
            for at in range(len(model.stops)):
                model.routing.NextVar(model.index(at)).RemoveValue(end)
        else:
            site = lane.end_site
            model.time.CumulVar(end).SetRange(
                min(site.window.start_s, lane.window.end_s), site.window.end_s - site.service_s
            )


def violations(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Find loads brought to a wrong or closed site, or brought home."""
    for journey in journeys(problem, plan):
        yield from _of(journey)


def _of(journey: Journey) -> Iterator[Violation]:
    truck_id = journey.truck.id
    aboard: list[Stop] = []
    for step in journey.steps:
        if isinstance(step.place, Stop):
            aboard.append(step.place)
        elif isinstance(step.place, DisposalSite):
            site = step.place
            for fraction in sorted({stop.fraction for stop in aboard} - set(site.fractions)):
                message = f"The site does not take '{fraction}'."
                yield Violation(NAME, truck_id, site.id, message)
            if first_window((site.window,), step.arrival_s, site.service_s) is None:
                late_s = step.arrival_s + site.service_s - site.window.end_s
                message = f"The truck is done at the site {late_s} s after it closes."
                yield Violation(NAME, truck_id, site.id, message, max(1, late_s))
            aboard = []
    if aboard:
        message = f"The truck ends its day with {len(aboard)} stops' waste aboard."
        yield Violation(NAME, truck_id, aboard[-1].id, message, len(aboard))
