"""Every way to put one more stop into a plan, tried with nothing but the checker."""

from __future__ import annotations

from collections.abc import Iterator

from city.plan import Plan, Route, VisitKind
from routing.check import check, cost_cents
from routing.problem import Problem, Stop, Truck
from routing.timetable import laid_out
from routing.tour import Place, Tour


def overlooked(problem: Problem, plan: Plan, stop: Stop) -> tuple[str, int] | None:
    """Return a truck that could serve a stop that is left out, and what that costs; or None.

    Only what pays counts: for an optional stop, what costs less than its price.
    """
    routes = {route.vehicle_id: route for route in plan.routes}
    for truck in problem.trucks:
        if not truck.suits(stop):
            continue
        route = routes.get(truck.id)
        mine = _alone(problem, truck, route, stop)
        before = 0
        if route is not None:
            before = cost_cents(mine, Plan((route,), ())).total_cents
        for tour in _longer(mine, route, stop):
            longer = Plan((laid_out(mine, truck, tour),), ())
            extra = cost_cents(mine, longer).total_cents - before
            pays = stop.skip_price_cents is None or extra < stop.skip_price_cents
            if pays and check(mine, longer) == ():
                return truck.id, extra
    return None


def _alone(problem: Problem, truck: Truck, route: Route | None, stop: Stop) -> Problem:
    served = set(route.stop_ids if route else ()) | {stop.id}
    return problem.replace(
        trucks=(truck,), stops=tuple(s for s in problem.stops if s.id in served), familiar=None
    )


def _longer(problem: Problem, route: Route | None, stop: Stop) -> Iterator[Tour]:
    """Yield the tour with the stop at each position, and with a trip of its own between trips."""
    tour = _tour(problem, route)
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
