"""A plan changed by hand, and what the checker says of it at once.

Only the routes that an edit touches are laid out and judged anew, so that the answer comes while
the hand still holds the stop.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from city.errors import BadInput, Fault
from city.plan import Plan, Route, Unserved, UnservedCode, VisitKind
from routing.check import check, cost_cents
from routing.constraints import Violation
from routing.in_order import left_s, released
from routing.problem import Problem, Stop, Truck
from routing.timetable import laid_out
from routing.tour import LegUnits, Place, Tour, stops_of

POSITIONS_TRIED = 4


@dataclass(frozen=True)
class Edit:
    """One thing done by hand to a stop.

    Parameters
    ----------
    to_vehicle_id : the truck to move it to; empty takes it off the plan.
    before : the stop that it goes before; empty lets it go where it breaks and costs least.
    locked : whether it stays on that truck, or off the plan, in every later solve.
    """

    stop_id: str
    to_vehicle_id: str = ""
    before: str = ""
    locked: bool = False


@dataclass(frozen=True)
class Edited:
    """A plan after an edit.

    Parameters
    ----------
    problem : with what was locked.
    violations : all that the touched routes break now; empty means that they may be driven.
    cost_change_cents : by the problem's own prices, those of stops left out among them.
    musts_change : how many more musts are left out.
    """

    problem: Problem
    plan: Plan
    violations: tuple[Violation, ...]
    cost_change_cents: int
    musts_change: int


def edit_plan(problem: Problem, plan: Plan, edit: Edit) -> Edited:
    """Return a plan after an edit, whatever it breaks, with what it breaks and costs.

    Raises
    ------
    BadInput
        With every id of the edit that is not known.
    """
    if faults := tuple(_unknown(problem, plan, edit)):
        raise BadInput(faults)
    if _only_locks(plan, edit):
        return Edited(_locked(problem, edit), plan, (), 0, 0)
    stop = next(stop for stop in problem.stops if stop.id == edit.stop_id)
    mates = {mate.id for mate in problem.together(stop)}
    touched = {edit.to_vehicle_id}
    touched |= {r.vehicle_id for r in plan.routes if not mates.isdisjoint(r.stop_ids)}
    touched |= _waiting_for(problem, plan, touched)
    around = _around(problem, plan, touched, stop)
    old = _only(plan, around)
    tours = {route.vehicle_id: _tour(around, route, stop.id) for route in old.routes}
    new = _placed(around, tours, stop, edit)
    routes = _laid_out(around, new)
    whole = _with_routes(problem, plan, routes, touched, edit)
    after = _only(whole, around)
    before_cost, after_cost = cost_cents(around, old), cost_cents(around, after)
    return Edited(
        problem=_locked(problem, edit) if edit.locked else problem,
        plan=whole,
        violations=check(around, after),
        cost_change_cents=after_cost.total_cents - before_cost.total_cents,
        musts_change=after_cost.musts_unserved - before_cost.musts_unserved,
    )


def _unknown(problem: Problem, plan: Plan, edit: Edit) -> Iterator[Fault]:
    trucks = {truck.id for truck in problem.trucks}
    target = next((r for r in plan.routes if r.vehicle_id == edit.to_vehicle_id), None)
    asked = (
        ("stop_id", edit.stop_id, {stop.id for stop in problem.stops}, "No stop has this id."),
        ("to_vehicle_id", edit.to_vehicle_id, trucks, "No truck has this id."),
        (
            "before",
            edit.before,
            set(target.stop_ids if target else ()) - {edit.stop_id},
            "The truck does not serve this stop.",
        ),
    )
    for field, ref, known, cause in asked:
        if ref not in known and (ref or field == "stop_id"):
            yield Fault("edit-unknown", "edit", cause, "Use an id as the plan has it.", field, ref)


def _only_locks(plan: Plan, edit: Edit) -> bool:
    """Whether a stop stays where it is and is held there."""
    here = next((r.vehicle_id for r in plan.routes if edit.stop_id in r.stop_ids), "")
    return edit.locked and not edit.before and bool(here) and here == edit.to_vehicle_id


def _waiting_for(problem: Problem, plan: Plan, touched: set[str]) -> set[str]:
    """Return the trucks that wait somewhere until a touched truck has left."""
    mine = {ref for r in plan.routes if r.vehicle_id in touched for ref in r.stop_ids}
    waiting = {stop.id for stop in problem.stops if not mine.isdisjoint(stop.after)}
    return {r.vehicle_id for r in plan.routes if not waiting.isdisjoint(r.stop_ids)}


def _around(problem: Problem, plan: Plan, touched: set[str], stop: Stop) -> Problem:
    """Return the problem of the touched trucks and their stops alone.

    Where one waits for a truck that is not touched, that leaves when it did.
    """
    others = Plan(tuple(r for r in plan.routes if r.vehicle_id not in touched), ())
    problem = released(problem, left_s(others))
    mine = {ref for r in plan.routes if r.vehicle_id in touched for ref in r.stop_ids}
    mine |= {mate.id for mate in problem.together(stop)}
    return problem.replace(
        stops=tuple(
            replace(s, after=tuple(ref for ref in s.after if ref in mine)) if s.after else s
            for s in problem.stops
            if s.id in mine
        ),
        trucks=tuple(truck for truck in problem.trucks if truck.id in touched),
        familiar=None,
    )


def _only(plan: Plan, around: Problem) -> Plan:
    trucks, stops = {t.id for t in around.trucks}, {s.id for s in around.stops}
    return Plan(
        tuple(route for route in plan.routes if route.vehicle_id in trucks),
        tuple(unserved for unserved in plan.unserved if unserved.stop_id in stops),
    )


def _tour(problem: Problem, route: Route, without: str) -> Tour:
    """Return the places of a route but one stop, and no site that nothing is left to empty at."""
    stops, sites = {s.id: s for s in problem.stops}, {s.id: s for s in problem.sites}
    tour: list[Place] = []
    for visit in route.visits:
        if visit.kind is VisitKind.STOP and visit.ref != without:
            tour.append(stops[visit.ref])
        elif visit.kind is VisitKind.DISPOSAL and tour and isinstance(tour[-1], Stop):
            tour.append(sites[visit.ref])
    return tuple(tour)


def _placed(problem: Problem, tours: dict[str, Tour], stop: Stop, edit: Edit) -> dict[str, Tour]:
    """Return the tours with the stop in its new place, if it has one."""
    truck = next((t for t in problem.trucks if t.id == edit.to_vehicle_id), None)
    if truck is None:
        return tours
    tour = tours.get(truck.id, ())
    if not tour:
        return {**tours, truck.id: (stop, *_nearest_site(problem, truck, stop))}
    if edit.before:
        at = next(n for n, place in enumerate(tour) if place.id == edit.before)
        return {**tours, truck.id: (*tour[:at], stop, *tour[at:])}
    return {**tours, truck.id: _best(problem, truck, tour, stop)}


def _nearest_site(problem: Problem, truck: Truck, stop: Stop) -> tuple[Place, ...]:
    units = LegUnits(problem).of(truck)
    takers = [site for site in problem.sites if stop.fraction in site.fractions]
    return tuple(
        sorted(takers, key=lambda s: int(units[stop.node, s.node] + units[s.node, truck.end_node]))[
            :1
        ]
    )


def _best(problem: Problem, truck: Truck, tour: Tour, stop: Stop) -> Tour:
    """Return the tour with the stop where it breaks fewest rules, then detours least."""
    nodes = [truck.start_node, *(place.node for place in tour)]

    def detour_m(at: int) -> int:
        here, there = nodes[at], nodes[at + 1]
        length_m = problem.length_m
        by = int(length_m[here, stop.node]) + int(length_m[stop.node, there])
        return by - int(length_m[here, there])

    # A site ends its trip; whatever else is on the truck then should be of the same fraction.
    trip = [sum(not isinstance(place, Stop) for place in tour[:at]) for at in range(len(tour))]
    mixed = {n for n, p in zip(trip, tour, strict=True)
             if isinstance(p, Stop) and p.fraction is not stop.fraction}  # fmt: skip
    places = sorted(range(len(tour)), key=lambda at: (trip[at] in mixed, detour_m(at)))
    likely = places[:POSITIONS_TRIED]
    options = [(*tour[:at], stop, *tour[at:]) for at in likely]
    alone = problem.replace(trucks=(truck,), stops=tuple(stops_of(options[0])))

    def broken(option: Tour) -> int:
        return len(check(alone, Plan((laid_out(alone, truck, option),), ())))

    least: tuple[int, Tour] | None = None
    for option in options:
        count = broken(option)
        if least is None or count < least[0]:
            least = count, option
        if count == 0:
            break
    assert least is not None
    return least[1]


def _laid_out(problem: Problem, tours: dict[str, Tour]) -> dict[str, Route]:
    """Return the tours with their times: who waits for another begins when that one has left."""
    waiting = {stop.id for stop in problem.stops if stop.after}
    routes: dict[str, Route] = {}

    def waits(truck: Truck) -> bool:
        return any(stop.id in waiting for stop in stops_of(tours.get(truck.id, ())))

    for truck in sorted(problem.trucks, key=waits):
        tour = tours.get(truck.id, ())
        if stops_of(tour):
            left = left_s(Plan(tuple(routes.values()), ()))
            ready = {stop.id: stop for stop in released(problem, left).stops}
            timed = (ready.get(p.id, p) if isinstance(p, Stop) else p for p in tour)
            routes[truck.id] = laid_out(problem, truck, tuple(timed))
    return routes


def _with_routes(
    problem: Problem, plan: Plan, routes: dict[str, Route], touched: set[str], edit: Edit
) -> Plan:
    kept = {r.vehicle_id: r for r in plan.routes if r.vehicle_id not in touched} | routes
    unserved = tuple(u for u in plan.unserved if u.stop_id != edit.stop_id)
    if not edit.to_vehicle_id:
        detail = "It was taken off the plan by hand."
        unserved += (Unserved(edit.stop_id, UnservedCode.BY_HAND, detail),)
    return Plan(tuple(kept[t.id] for t in problem.trucks if t.id in kept), unserved)


def _locked(problem: Problem, edit: Edit) -> Problem:
    """Keep a stop on its truck in later solves; off the plan, it is asked for no more."""
    if not edit.to_vehicle_id:
        return problem.replace(stops=tuple(s for s in problem.stops if s.id != edit.stop_id))
    return problem.replace(
        stops=tuple(
            replace(s, only_trucks=(edit.to_vehicle_id,)) if s.id == edit.stop_id else s
            for s in problem.stops
        )
    )
