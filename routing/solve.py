"""From a problem to a plan: the one function that the rest of the house calls."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import ortools

from city.errors import BadInput
from city.plan import Plan, Route, Unserved, UnservedCode
from routing.check import cost_cents
from routing.construct import construct
from routing.day_search import Limit, iterate_days, search_days
from routing.deviations import deviation_cents
from routing.faults import EXPLAINED_IN_PLAN, faults
from routing.in_order import in_order, left_s, released
from routing.kerb import kerbed
from routing.known import known_tours
from routing.pairs import unit_price, units
from routing.parts import parts
from routing.polish import FEW_STOPS, best_insertion, settled, trimmed
from routing.problem import Problem, Stop
from routing.relocate import relocated
from routing.ruin import ruin_and_recreate
from routing.servable import hopeless
from routing.shape import NO_PRICES, shape_cents
from routing.site_room import brought_kg, has_room, left_over, with_room
from routing.timetable import drivable, timetable
from routing.tour import LegUnits, Tours, stops_of

ENGINE = f"OR-Tools {ortools.__version__} with compiled ruin and recreate"


class Engine(StrEnum):
    """Who searches: what is best at a problem's size, or one of the two alone."""

    AUTO = "auto"
    CORE = "core"
    ORTOOLS = "ortools"


RUIN_SHARE = 0.7
"""Of the time: ruin and recreate finds the trips, OR-Tools then polishes whole days."""

SHAPED_SHARE = 0.5
"""Of that time, where shape has a price: routes must lie somewhere before they can be drawn in."""

SMALL = 400
"""Stops up to which a plan is built one by one as well; beyond, building takes longer than the
compiled search needs to come to a better plan."""

POLISHED = 150
"""Stops up to which OR-Tools polishes; beyond, the core makes more of its share of the time."""

DETAILS = {
    UnservedCode.CHEAPER_TO_SKIP: "Every way to serve it costs more than leaving it out.",
    UnservedCode.NO_ROOM: "No truck has the hours or the hold left for it.",
}
NOT_EVEN_ALONE = "Even alone, no truck serves it, empties itself and is back within all hours."


def solve(
    problem: Problem,
    *,
    seconds: float,
    seed: int = 0,
    solutions: int | None = None,
    engine: Engine = Engine.AUTO,
) -> Plan:
    """Return the best plan found; every stop in it is served, or unserved with a reason.

    Picklable with its arguments, so that it can run in another process: OR-Tools holds Python's
    interpreter lock while it searches.

    Parameters
    ----------
    seconds : for the search; making the model and the last steps come on top.
    solutions : end each step of the search after so many solutions tried; with seconds enough,
        the same problem, seed and number then give the same plan on any machine.

    Raises
    ------
    BadInput
        With every fault of a problem that cannot be read.
    """
    found = [fault for fault in faults(problem) if fault.code not in EXPLAINED_IN_PLAN]
    if found:
        raise BadInput(found)
    without_hope = hopeless(problem)
    separate = in_order(parts(kerbed(problem), frozenset(without_hope)))
    count = sum(len(part.stops) for part in separate)
    limit = Limit(seconds, solutions)
    plans: list[Plan] = []
    left: dict[str, int] = {}
    for part in separate:
        share = limit.share(len(part.stops) / count)
        brought = sum((brought_kg(plan) for plan in plans), Counter[str]())
        plans.append(_solve_part(left_over(released(part, left), brought), share, seed, engine))
        left |= left_s(plans[-1])
    order = {truck.id: number for number, truck in enumerate(problem.trucks)}
    routes = (route for plan in plans for route in plan.routes)
    return Plan(
        routes=tuple(sorted(routes, key=lambda route: order[route.vehicle_id])),
        unserved=(*without_hope.values(), *(u for plan in plans for u in plan.unserved)),
    )


def _solve_part(problem: Problem, limit: Limit, seed: int, engine: Engine) -> Plan:
    """Search in steps, each from the best so far, and keep the best plan that any came to."""
    legs = LegUnits(problem)
    chance = random.Random(seed)
    stops = list(problem.stops)
    chance.shuffle(stops)
    small = len(stops) <= SMALL
    shaped = problem.shape_prices != NO_PRICES
    ruined = _ruin_share(problem, engine)
    drafts = []
    tours = settled(problem, legs, known_tours(problem, legs))
    if small or limit.seconds <= 0 or engine is Engine.ORTOOLS:
        drafts.append(_finished(problem, legs, tours))
        tours = drafts[0].tours
    if limit.seconds > 0 and ruined > 0:
        share = limit.share(ruined)
        if shaped:
            plain = problem.replace(shape_prices=NO_PRICES)
            first = share.share(1 - SHAPED_SHARE)
            tours = ruin_and_recreate(plain, legs, stops, tours, first, chance)
            share = share.share(SHAPED_SHARE)
        tours = ruin_and_recreate(problem, legs, stops, tours, share, chance)
        drafts.append(_finished(problem, legs, tours))
    guided = limit.share(1 - ruined)
    if limit.seconds > 0 and engine is Engine.ORTOOLS:
        guided = limit.share(0.5)
        drafts.append(_finished(problem, legs, iterate_days(problem, legs, stops, guided)))
    if limit.seconds > 0 and ruined < 1:
        tours = min(drafts, key=_rank).tours
        tours = search_days(problem, legs, stops, tours, guided)
        drafts.append(_finished(problem, legs, tours))
    return _plan(problem, legs, min(drafts, key=_rank).tours)


def _ruin_share(problem: Problem, engine: Engine) -> float:
    """Return the share of the time that is the core's."""
    if engine is Engine.AUTO and len(problem.stops) <= POLISHED and problem.familiar is None:
        return RUIN_SHARE
    return 0.0 if engine is Engine.ORTOOLS else 1.0


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
    if left_out:
        tours = construct(problem, legs, left_out, tours)
    tours = relocated(problem, legs, settled(problem, legs, tours))
    tours = with_room(problem, relocated(problem, legs, trimmed(problem, tours)))
    plan = Plan(tuple(_routes(problem, tours)), ())
    served = {ref for route in plan.routes for ref in route.stop_ids}
    left_out = [stop for stop in problem.stops if stop.id not in served]
    unserved = tuple(Unserved(stop.id, UnservedCode.NO_ROOM) for stop in left_out)
    musts, cents = cost_cents(problem, Plan(plan.routes, unserved)).rank
    wished = deviation_cents(problem, plan) + shape_cents(problem, plan)
    forgotten = sum(stop.aboard for stop in left_out)
    return _Draft(tours, (forgotten * len(problem.stops) + musts, cents + wished))


def _rank(draft: _Draft) -> tuple[int, int]:
    return draft.rank


def _routes(problem: Problem, tours: Tours) -> Iterator[Route]:
    for truck in problem.trucks:
        if truck.id in tours:
            route = timetable(problem, truck, tours[truck.id])
            assert route is not None, "settled tours can be driven"
            yield route


def _plan(problem: Problem, legs: LegUnits, tours: Tours) -> Plan:
    """Put in whatever still fits and pays, and give the rest its reason."""
    served = {stop.id for tour in tours.values() for stop in stops_of(tour)}
    left_out = (stop for stop in problem.stops if stop.id not in served)
    left = sorted(units(problem, left_out), key=unit_price, reverse=True)
    reasons: dict[str, UnservedCode] = {}
    again = True
    while again:
        # A stop that goes in has its day emptied anew, which may make room for those before it.
        again = False
        for unit in tuple(left):
            insertion = best_insertion(problem, legs, tours, unit)
            if isinstance(insertion, UnservedCode):
                reasons[unit[0].id] = insertion
                continue
            longer = {**tours, insertion.truck.id: insertion.tour}
            if not has_room(problem, longer):
                reasons[unit[0].id] = UnservedCode.NO_ROOM
            else:
                tours = longer
                left.remove(unit)
                again = len(problem.stops) <= FEW_STOPS
    unserved = tuple(
        Unserved(stop.id, code, _detail(problem, stop, code))
        for unit in left
        for code in [reasons[unit[0].id]]
        for stop in unit
    )
    return Plan(tuple(_routes(problem, tours)), unserved)


def _detail(problem: Problem, stop: Stop, code: UnservedCode) -> str:
    """Say why a stop is left out; what fits into no day has another remedy than a full one."""
    alone = problem.replace(stops=(replace(stop, pair="", after_in_pair=()),))
    kinds = {replace(truck, id=""): truck for truck in problem.trucks if truck.suits(stop)}
    days = (
        (truck, (alone.stops[0], site))
        for truck in kinds.values()
        for site in problem.sites
        if stop.fraction in site.fractions
    )
    if code is UnservedCode.NO_ROOM and not any(drivable(alone, *day) for day in days):
        return NOT_EVEN_ALONE
    return DETAILS[code]
