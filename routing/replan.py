"""The rest of a day after something happened: what is done stays, the rest is solved again.

From now on each truck starts where it is, or where it is driving to, with what is aboard as a stop
of its own that it "serves" at once. The checker judges that rest of the day.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from city.changes import Change
from city.fleet import BreakRule, DrivingRule, Window
from city.plan import Plan, Route, Visit, VisitKind
from routing.check import check
from routing.constraints import Violation
from routing.deviations import changes
from routing.familiar import Familiar, KnownRoute
from routing.in_order import released
from routing.problem import UNREACHABLE, IntMatrix, Problem, Stop, Truck, with_matrices
from routing.shape import NO_PRICES
from routing.site_room import brought_kg, left_over
from routing.solve import solve

ABOARD = "aboard "
"""Before a truck's id: the stop that stands for what it carries already."""

SUCCESSION_CENTS, TRUCK_CENTS = 200, 600
"""Crews on their way are disturbed less gladly than those who have not left yet."""


@dataclass(frozen=True)
class Happening:
    """What is otherwise than planned, and when it became known.

    Parameters
    ----------
    now_s : seconds after local midnight.
    broken : trucks that drive no more today; what they carry is lost to the plan.
    closed : stops that nobody can get to.
    urgent : stops, of the problem or new ones at a node of its matrix, that are musts from now on.
    """

    now_s: int
    broken: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    urgent: tuple[Stop, ...] = ()


@dataclass(frozen=True)
class Rest:
    """What is left of a day.

    Parameters
    ----------
    problem : from now on; its known rounds are the rest of the plan.
    done : by truck id, the visits that are done or under way, from the start.
    """

    problem: Problem
    done: dict[str, tuple[Visit, ...]]


@dataclass(frozen=True)
class Replanned:
    """A day planned anew from some hour on.

    Parameters
    ----------
    problem : the day as it is now: trucks that still drive, without what others did.
    plan : their whole day, with what is done.
    broken : what the others did.
    changes : of the rest of the day, stop by stop.
    violations : of the rest of the day; empty means approved.
    """

    problem: Problem
    plan: Plan
    broken: tuple[Route, ...]
    changes: tuple[Change, ...]
    violations: tuple[Violation, ...]


def replan(
    problem: Problem, plan: Plan, happening: Happening, *, seconds: float, seed: int = 0
) -> Replanned:
    """Return the day with its rest solved again, with as few changes for crews as pays.

    Raises
    ------
    BadInput
        With every fault of the rest of the problem.
    """
    rest = rest_of_day(problem, plan, happening)
    return joined(problem, rest, solve(rest.problem, seconds=seconds, seed=seed), happening)


def rest_of_day(problem: Problem, plan: Plan, happening: Happening) -> Rest:
    """Return what is left to be planned after something happened."""
    trucks = {truck.id: truck for truck in problem.trucks}
    done = {r.vehicle_id: _done(r, happening) for r in plan.routes if r.vehicle_id in trucks}
    out = [
        truck
        for truck in problem.trucks
        if truck.id not in happening.broken and not _is_back(done.get(truck.id, ()))
    ]
    places = {stop.id: stop for stop in problem.stops}
    nodes = {(VisitKind.STOP, stop.id): stop.node for stop in problem.stops}
    nodes |= {(VisitKind.DISPOSAL, site.id): site.node for site in problem.sites}
    onward = tuple(
        _day_left(_onward(t, visits, nodes, happening.now_s), visits, places)
        for t in out
        for visits in [done.get(t.id, ())]
    )
    aboard = [
        stop
        for truck in onward
        if (stop := _aboard(truck, done.get(truck.id, ()), places)) is not None
    ]
    urgent = {stop.id: replace(stop, skip_price_cents=None) for stop in happening.urgent}
    left = {**places, **urgent}
    done_by = {
        v.ref: vehicle_id
        for vehicle_id, visits in done.items()
        for v in visits
        if v.kind is VisitKind.STOP
    }
    still = {truck.id for truck in out}
    ahead = (s for ref, s in left.items() if ref not in done_by)
    stops = (*(_begun(problem, stop, done_by, still) for stop in ahead), *aboard)
    known = tuple(
        KnownRoute(
            route.vehicle_id,
            (ABOARD + route.vehicle_id, *(ref for ref in route.stop_ids if ref not in done_by)),
        )
        for route in plan.routes
    )
    rest = problem.replace(
        stops=stops,
        trucks=onward,
        familiar=Familiar(known, SUCCESSION_CENTS, TRUCK_CENTS),
        shape_prices=NO_PRICES,
    )
    left_s = {v.ref: v.departure_s for visits in done.values() for v in visits}
    rest = _waiting_for_some(released(rest, left_s), {stop.id for stop in stops})
    routes = tuple(Route(vehicle_id, visits) for vehicle_id, visits in done.items())
    rest = left_over(rest, brought_kg(Plan(routes, ())))
    here = {truck.start_node for truck in onward}
    shut = {left[ref].node for ref in happening.closed if ref in left} - here
    return Rest(_without(rest, shut), done)


def joined(problem: Problem, rest: Rest, plan: Plan, happening: Happening) -> Replanned:
    """Return the whole day of what is done and a plan for the rest."""
    onward = {route.vehicle_id: route for route in plan.routes}
    routes = (
        _spliced(rest.problem, truck, rest.done.get(truck.id, ()), onward.get(truck.id))
        for truck in problem.trucks
        if truck.id not in happening.broken
    )
    broken = tuple(Route(i, rest.done[i]) for i in sorted(happening.broken & rest.done.keys()))
    gone = {ref for route in broken for ref in route.stop_ids}
    urgent = {stop.id: stop for stop in happening.urgent}
    stops = {stop.id: stop for stop in problem.stops} | urgent
    return Replanned(
        problem=_waiting_for_some(
            problem.replace(
                stops=tuple(stop for stop in stops.values() if stop.id not in gone),
                trucks=tuple(t for t in problem.trucks if t.id not in happening.broken),
            ),
            stops.keys() - gone,
        ),
        plan=Plan(tuple(r for r in routes if r is not None), plan.unserved),
        broken=broken,
        changes=tuple(c for c in changes(rest.problem, plan) if not c.stop_id.startswith(ABOARD)),
        violations=check(rest.problem, plan),
    )


def _done(route: Route, happening: Happening) -> tuple[Visit, ...]:
    """Return the visits that are done or, but for a broken truck, being driven to."""
    now_s, broken = happening.now_s, route.vehicle_id in happening.broken
    done: list[Visit] = []
    pauses: list[Visit] = []
    for visit in route.visits:
        if done and done[-1].departure_s > now_s:
            break
        if visit.kind is VisitKind.BREAK:
            pauses.append(visit)
            continue
        ahead = visit.arrival_s > now_s
        if visit.kind is VisitKind.START and visit.departure_s > now_s:
            break
        if (broken and visit.departure_s > now_s) or (ahead and visit.ref in happening.closed):
            break
        done += [*pauses, visit]
        pauses = []
    return tuple(done)


def _is_back(done: tuple[Visit, ...]) -> bool:
    return bool(done) and done[-1].kind is VisitKind.END


def _onward(
    truck: Truck, done: tuple[Visit, ...], nodes: dict[tuple[VisitKind, str], int], now_s: int
) -> Truck:
    """Return a truck as it can go on: from where it is, with what is left of its shift."""
    if not done:
        return _in_shift(truck, now_s, truck.break_rule)
    last = done[-1]
    here = replace(
        truck,
        start_node=nodes.get((last.kind, last.ref), truck.start_node),
        cost_per_use_cents=0,
        driving_rule=_driving_left(truck.driving_rule, done),
    )
    start_s = max(now_s, last.departure_s)
    return _in_shift(here, start_s, _rule_left(truck.break_rule, done, start_s))


def _day_left(truck: Truck, done: tuple[Visit, ...], places: Mapping[str, Stop]) -> Truck:
    """Return a truck with what is left of its day's limits; what is aboard counts once more."""
    stops = [places[visit.ref] for visit in done if visit.kind is VisitKind.STOP]
    carries = bool(done) and (done[-1].load_kg, done[-1].load_l) != (0, 0)
    kg, litres = (done[-1].load_kg, done[-1].load_l) if carries else (0, 0)
    return replace(
        truck,
        day_weight_kg=_left(truck.day_weight_kg, sum(s.weight_kg for s in stops) - kg),
        day_volume_l=_left(truck.day_volume_l, sum(s.volume_l for s in stops) - litres),
        day_stops=_left(truck.day_stops, len(stops) - carries),
    )


def _left(limit: int | None, used: int) -> int | None:
    return None if limit is None else max(0, limit - used)


def _in_shift(truck: Truck, start_s: int, rule: BreakRule | None) -> Truck:
    """Return a truck with the rest of its shift; where no break fits it ends before one is due."""
    start_s = max(truck.shift.start_s, start_s)
    left_s = truck.shift.end_s - start_s
    if rule is not None and rule.duration_s >= left_s:
        left_s, rule = min(left_s, rule.after_work_s), None
    return replace(truck, shift=Window(start_s, start_s + max(1, left_s)), break_rule=rule)


def _rule_left(rule: BreakRule | None, done: tuple[Visit, ...], start_s: int) -> BreakRule | None:
    if rule is None or any(visit.kind is VisitKind.BREAK for visit in done):
        return None
    worked_s = start_s - done[0].departure_s
    return replace(rule, after_work_s=max(0, rule.after_work_s - worked_s))


def _driving_left(rule: DrivingRule | None, done: tuple[Visit, ...]) -> DrivingRule | None:
    """Return the rule with what was driven since the last long break taken off its stretches."""
    if rule is None:
        return None
    driven_s = 0
    for visit in done:
        long = visit.departure_s - visit.arrival_s >= rule.duration_s
        driven_s = 0 if visit.kind is VisitKind.BREAK and long else driven_s + visit.drive_s
    return replace(rule, after_driving_s=max(0, rule.after_driving_s - driven_s))


def _aboard(truck: Truck, done: tuple[Visit, ...], places: dict[str, Stop]) -> Stop | None:
    """Return what a truck carries as a stop that it serves at once and nobody else may."""
    if not done or (done[-1].load_kg, done[-1].load_l) == (0, 0):
        return None
    last = next(v.ref for v in reversed(done) if v.kind is VisitKind.STOP)
    start_s = truck.shift.start_s
    return Stop(
        id=ABOARD + truck.id,
        node=truck.start_node,
        fraction=places[last].fraction,
        gear=truck.gear,
        weight_kg=done[-1].load_kg,
        volume_l=done[-1].load_l,
        service_s=0,
        windows=(Window(start_s, start_s + 1),),
        only_trucks=(truck.id,),
        aboard=True,
    )


def _begun(problem: Problem, stop: Stop, done_by: Mapping[str, str], out: AbstractSet[str]) -> Stop:
    """Return a stop of whose pair some is done as a must, for the same truck while that drives."""
    mates = problem.pairs.get(stop.pair, ())
    trucks = {done_by[mate.id] for mate in mates if mate.id in done_by}
    if not trucks:
        return stop
    only = tuple(trucks & out) or stop.only_trucks
    return replace(stop, pair="", after_in_pair=(), only_trucks=only, skip_price_cents=None)


def _waiting_for_some(problem: Problem, among: AbstractSet[str]) -> Problem:
    """Return a problem whose stops wait for no others than some."""
    return problem.replace(
        stops=tuple(
            replace(
                stop,
                after=tuple(ref for ref in stop.after if ref in among),
                after_in_pair=tuple(ref for ref in stop.after_in_pair if ref in among),
            )
            for stop in problem.stops
        )
    )


def _without(problem: Problem, nodes: set[int]) -> Problem:
    """Return a problem in which no road leads to or from some nodes."""
    if not nodes:
        return problem
    shut = sorted(nodes)

    def without(matrix: IntMatrix) -> IntMatrix:
        matrix = matrix.copy()
        matrix[shut, :] = matrix[:, shut] = UNREACHABLE
        matrix[shut, shut] = 0
        return matrix

    return with_matrices(problem, without)


def _spliced(
    problem: Problem, truck: Truck, done: tuple[Visit, ...], onward: Route | None
) -> Route | None:
    if not done or _is_back(done):
        return Route(truck.id, done) if done else onward
    if onward is not None:
        visits = (v for v in onward.visits[1:] if v.ref != ABOARD + truck.id)
        return Route(truck.id, (*done, *visits))
    here = next(t for t in problem.trucks if t.id == truck.id)
    leg = here.start_node, truck.end_node
    ways = problem.ways(truck)
    drive_s, length_m = int(ways.duration_s[leg]), int(ways.length_m[leg])
    back_s = here.shift.start_s + drive_s
    end = Visit(VisitKind.END, truck.end_ref, back_s, back_s, drive_s, length_m)
    return Route(truck.id, (*done, end))
