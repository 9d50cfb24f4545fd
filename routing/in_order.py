"""Two trucks at one place, one after the other: a crane lifts before the bags beside it are taken.

Who waits and who is waited for have different gear, so no truck serves both and the day falls into
parts: those that wait for nobody are planned first, and when they leave is when others may begin.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from city.fleet import DAY_S, Window
from city.plan import Plan, VisitKind
from routing.problem import Problem, Stop

_LATEST_S = 2 * DAY_S


def in_order(parts: Iterable[Problem]) -> list[Problem]:
    """Return the parts of a problem, those in which a stop waits for another last."""
    return sorted(parts, key=lambda part: any(stop.after for stop in part.stops))


def left_s(plan: Plan) -> dict[str, int]:
    """Return when each stop is left, by its id."""
    visits = (visit for route in plan.routes for visit in route.visits)
    return {v.ref: v.departure_s for v in visits if v.kind is VisitKind.STOP}


def released(problem: Problem, left: Mapping[str, int]) -> Problem:
    """Return the problem in which each stop's windows begin when those before it are left.

    Parameters
    ----------
    left : when each stop is left; one that is not served is waited for by nobody.
    """
    return problem.replace(stops=tuple(_released(stop, left) for stop in problem.stops))


def _released(stop: Stop, left: Mapping[str, int]) -> Stop:
    begin_s = max((left[ref] for ref in stop.after if ref in left), default=None)
    if begin_s is None:
        return stop
    given = stop.windows or (Window(0, _LATEST_S),)
    fitting = tuple(
        Window(max(w.start_s, begin_s), w.end_s)
        for w in given
        if w.end_s - max(w.start_s, begin_s) >= max(stop.service_s, 1)
    )
    # Too late for all of its windows: the last of two days, which no shift reaches, says so.
    never = Window(_LATEST_S - max(stop.service_s, 1), _LATEST_S)
    return replace(stop, windows=fitting or (never,))
