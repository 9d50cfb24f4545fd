"""From a problem to a plan: the one function that the rest of the house calls."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

import ortools

from city.errors import BadInput
from city.plan import Plan, Route, Unserved, UnservedCode
from routing.check import cost_cents
from routing.construct import construct
from routing.day_search import Limit, search_days
from routing.faults import EXPLAINED_IN_PLAN, faults
from routing.parts import parts
from routing.polish import best_insertion, settled, trimmed
from routing.problem import Problem, Stop
from routing.servable import hopeless
from routing.timetable import timetable
from routing.tour import LegUnits, Tours, skip_units, stops_of

ENGINE = f"OR-Tools {ortools.__version__}"


def solve(problem: Problem, *, seconds: float, seed: int = 0) -> Plan:
    """Return the best plan found; every stop in it is served, or unserved with a reason.

    Picklable with its arguments, so that it can run in another process: OR-Tools holds Python's
    interpreter lock while it searches.

    Parameters
    ----------
    seconds : for the search; making the model and the last steps come on top.

    Raises
    ------
    BadInput
        With every fault of a problem that cannot be read.
    """
    found = [fault for fault in faults(problem) if fault.code not in EXPLAINED_IN_PLAN]
    if found:
        raise BadInput(found)
    without_hope = hopeless(problem)
    separate = tuple(parts(problem, frozenset(without_hope)))
    plans = [
        _solve_part(part, seconds * len(part.stops) / sum(len(p.stops) for p in separate), seed)
        for part in separate
    ]
    order = {truck.id: number for number, truck in enumerate(problem.trucks)}
    routes = (route for plan in plans for route in plan.routes)
    return Plan(
        routes=tuple(sorted(routes, key=lambda route: order[route.vehicle_id])),
        unserved=(*without_hope.values(), *(u for plan in plans for u in plan.unserved)),
    )


def _solve_part(problem: Problem, seconds: float, seed: int) -> Plan:
    """Search in steps, and keep the best plan that any step came to."""
    legs = LegUnits(problem)
    until = time.monotonic() + seconds
    stops = list(problem.stops)
    random.Random(seed).shuffle(stops)
    best = _finished(problem, legs, construct(problem, legs, stops))
    left_s = until - time.monotonic()
    if left_s > 0:
        tours = search_days(problem, legs, stops, best.tours, Limit(left_s))
        best = min(best, _finished(problem, legs, tours), key=lambda draft: draft.rank)
    return _plan(problem, legs, best.tours)


@dataclass(frozen=True)
class _Draft:
    """Tours that can be driven, and what makes them better than others."""

    tours: Tours
    rank: tuple[int, int]


def _finished(problem: Problem, legs: LegUnits, tours: Tours) -> _Draft:
    """Make tours drivable, put in what fits and pays, take out what does not."""
    tours = settled(problem, legs, tours)
    served = {stop.id for tour in tours.values() for stop in stops_of(tour)}
    left_out = [stop for stop in problem.stops if stop.id not in served]
    tours = construct(problem, legs, left_out, tours)
    tours = trimmed(problem, settled(problem, legs, tours))
    plan = Plan(tuple(_routes(problem, tours)), ())
    served = {ref for route in plan.routes for ref in route.stop_ids}
    left_out = [stop for stop in problem.stops if stop.id not in served]
    unserved = tuple(Unserved(stop.id, UnservedCode.NO_ROOM) for stop in left_out)
    return _Draft(tours, cost_cents(problem, Plan(plan.routes, unserved)).rank)


def _routes(problem: Problem, tours: Tours) -> Iterator[Route]:
    for truck in problem.trucks:
        if truck.id in tours:
            route = timetable(problem, truck, tours[truck.id])
            assert route is not None, "settled tours can be driven"
            yield route


def _plan(problem: Problem, legs: LegUnits, tours: Tours) -> Plan:
    """Put in whatever still fits and pays, and give the rest its reason."""
    served = {stop.id for tour in tours.values() for stop in stops_of(tour)}
    unserved: list[Unserved] = []
    for stop in sorted(problem.stops, key=lambda stop: not stop.must):
        if stop.id in served:
            continue
        insertion = best_insertion(problem, legs, tours, stop)
        if insertion is not None and insertion.units < skip_units(stop):
            tours = {**tours, insertion.truck.id: insertion.tour}
        else:
            unserved.append(_why(stop, insertion is not None))
    return Plan(tuple(_routes(problem, tours)), tuple(unserved))


def _why(stop: Stop, has_room: bool) -> Unserved:
    if has_room:
        detail = "Every way to serve it costs more than leaving it out."
        return Unserved(stop.id, UnservedCode.CHEAPER_TO_SKIP, detail)
    return Unserved(
        stop.id, UnservedCode.NO_ROOM, "No truck has the hours or the hold left for it."
    )
