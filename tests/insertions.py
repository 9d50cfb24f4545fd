"""Every way to put one more stop into a plan, tried with nothing but the checker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from city.fleet import DAY_S, Window
from city.plan import Plan, Route, VisitKind
from routing.check import check, cost_cents
from routing.problem import Problem, Stop, Truck
from routing.timetable import laid_out
from routing.tour import Place, Tour


def overlooked(problem: Problem, plan: Plan, stop: Stop) -> tuple[str, int] | None:
    """Return a truck that could serve a stop that is left out, and what that costs; or None.

    Only what pays counts: for an optional stop, what costs less than its price. A pair goes in
    as a whole. Other trucks stay as they are: who waits for them still does, and they for it.
    """
    unit = problem.together(stop)
    prices = [each.skip_price_cents for each in unit]
    price = None if None in prices else sum(p for p in prices if p is not None)
    routes = {route.vehicle_id: route for route in plan.routes}
    for truck in problem.trucks:
        if not all(truck.suits(each) for each in unit):
            continue
        route = routes.get(truck.id)
        mine = _alone(problem, plan, truck, unit)
        others = [each for each in plan.routes if each is not route]
        left = tuple(u for u in plan.unserved if u.stop_id not in {each.id for each in unit})
        before = 0
        if route is not None:
            before = cost_cents(mine, Plan((route,), ())).total_cents
        for tour in _longer(mine, _tour(mine, route), unit):
            longer = Plan((laid_out(mine, truck, tour),), ())
            extra = cost_cents(mine, longer).total_cents - before
            pays = price is None or extra < price
            whole = Plan((*longer.routes, *others), left)
            if pays and check(mine, longer) == () and check(problem, whole) == ():
                return truck.id, extra
    return None


def _alone(problem: Problem, plan: Plan, truck: Truck, unit: tuple[Stop, ...]) -> Problem:
    """Return the day of one truck, its stops open once what they wait for elsewhere is done."""
    served = {stop.id for stop in unit}
    done_s: dict[str, int] = {}
    for route in plan.routes:
        if route.vehicle_id == truck.id:
            served |= set(route.stop_ids)
        else:
            done_s |= {visit.ref: visit.departure_s for visit in route.visits}
    stops = tuple(_opened(stop, done_s) for stop in problem.stops if stop.id in served)
    return problem.replace(trucks=(truck,), stops=stops, familiar=None)


def _opened(stop: Stop, done_s: dict[str, int]) -> Stop:
    opens_s = max((done_s[ref] for ref in stop.after if ref in done_s), default=0)
    if opens_s == 0:
        return stop
    whole = (Window(0, 2 * DAY_S),)
    windows = (w for w in stop.windows or whole if w.end_s > opens_s)
    return replace(stop, windows=tuple(Window(max(opens_s, w.start_s), w.end_s) for w in windows))


def _longer(problem: Problem, tour: Tour, unit: tuple[Stop, ...]) -> Iterator[Tour]:
    """Yield the tour with one stop after the other at each position that it can have alone."""
    stop, *others = unit
    for longer in _with_stop(problem, tour, stop):
        if not others:
            yield longer
        elif _holds(problem, longer):
            yield from _longer(problem, longer, tuple(others))


def _holds(problem: Problem, tour: Tour) -> bool:
    """Tell whether the checker allows a tour as far as that does not lie with pairs."""
    stops = tuple(replace(s, pair="", after_in_pair=()) for s in tour if isinstance(s, Stop))
    alone = problem.replace(stops=stops)
    return check(alone, Plan((laid_out(alone, problem.trucks[0], tour),), ())) == ()


def _with_stop(problem: Problem, tour: Tour, stop: Stop) -> Iterator[Tour]:
    """Yield the tour with the stop at each position, and with a trip of its own between trips."""
    takers = [site for site in problem.sites if stop.fraction in site.fractions]
    for at in range(len(tour) + 1):
        if at < len(tour):
            yield (*tour[:at], stop, *tour[at:])
        if at == 0 or not isinstance(tour[at - 1], Stop):
            for site in takers:
                yield (*tour[:at], stop, site, *tour[at:])


def _tour(problem: Problem, route: Route | None) -> Tour:
    stops, sites = {s.id: s for s in problem.stops}, {s.id: s for s in problem.sites}
    tour: list[Place] = []
    for visit in route.visits if route else ():
        if visit.kind is VisitKind.STOP:
            tour.append(stops[visit.ref])
        elif visit.kind is VisitKind.DISPOSAL:
            tour.append(sites[visit.ref])
    return tuple(tour)
