"""Service at a stop lies within one of its time windows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from city.plan import Plan
from routing.constraints.journey import first_window, journeys
from routing.constraints.rule import Violation
from routing.problem import Problem, Stop

if TYPE_CHECKING:
    from routing.model import Model

NAME = "windows"


def post(model: Model) -> None:
    """Bound when service at a stop begins, with the gaps between its windows cut out."""
    for at, stop in enumerate(model.stops):
        if not stop.windows:
            continue
        begins = _begins(stop)
        cumul = model.time.CumulVar(model.index(at))
        cumul.SetRange(begins[0][0], max(last for _, last in begins))
        for (_, last_s), (next_s, _) in pairwise(begins):
            if last_s + 1 < next_s:
                cumul.RemoveInterval(last_s + 1, next_s - 1)


def _begins(stop: Stop) -> list[tuple[int, int]]:
    """Return the spans in which service may begin, in order."""
    return sorted((w.start_s, w.end_s - stop.service_s) for w in stop.windows)


def violations(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Find stops that are served outside their windows."""
    for journey in journeys(problem, plan):
        for step in journey.steps:
            stop = step.place
            if not isinstance(stop, Stop) or not stop.windows:
                continue
            if first_window(stop.windows, step.begin_s, stop.service_s) is None:
                end_s = step.begin_s + stop.service_s
                late_s = end_s - max(window.end_s for window in stop.windows)
                message = f"Service would end at {end_s} s, after the last window closes."
                yield Violation(NAME, journey.truck.id, stop.id, message, max(1, late_s))
