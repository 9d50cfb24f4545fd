"""The checker finds each way in which a plan can be wrong, whoever made the plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from city.container import Gear
from city.fleet import BreakRule, Window
from city.fraction import Fraction
from city.plan import Plan, Route, Unserved, UnservedCode, Visit, VisitKind
from routing.check import check, cost_cents
from routing.constraints import CONSTRAINTS
from routing.problem import UNREACHABLE, Problem
from routing.solve import solve
from tests import worlds

BREAKING = ("routing_check", "day_rules", "pairs")


@cache
def valid(world: Callable[[], Problem]) -> tuple[Problem, Plan]:
    """Return a world with a plan that the checker approves."""
    problem = world()
    plan = solve(problem, seconds=0.2)
    assert check(problem, plan) == ()
    return problem, plan


def broken_rules(problem: Problem, plan: Plan) -> set[str]:
    return {violation.rule for violation in check(problem, plan)}


def changed_visit(plan: Plan, at: int, **changes: Any) -> Plan:
    """Return the plan with one visit of its first route changed."""
    visits = list(plan.routes[0].visits)
    visits[at] = replace(visits[at], **changes)
    return with_visits(plan, visits)


def with_visits(plan: Plan, visits: list[Visit]) -> Plan:
    routes = (replace(plan.routes[0], visits=tuple(visits)), *plan.routes[1:])
    return replace(plan, routes=routes)


def position(plan: Plan, kind: VisitKind, which: int = 0) -> int:
    found = [at for at, visit in enumerate(plan.routes[0].visits) if visit.kind is kind]
    return found[which]


def without(plan: Plan, kind: VisitKind, which: int = 0) -> Plan:
    visits = list(plan.routes[0].visits)
    del visits[position(plan, kind, which)]
    return with_visits(plan, visits)


def test_a_forgotten_stop_is_found() -> None:
    problem, plan = valid(worlds.four_stops)
    assert "accounting" in broken_rules(problem, without(plan, VisitKind.STOP))


def test_a_stop_served_and_unserved_is_found() -> None:
    problem, plan = valid(worlds.four_stops)
    twice = replace(plan, unserved=(Unserved("stop-1", UnservedCode.NO_ROOM),))
    assert broken_rules(problem, twice) == {"accounting"}


def test_an_unserved_stop_that_nobody_asked_for_is_found() -> None:
    problem, plan = valid(worlds.four_stops)
    extra = replace(plan, unserved=(Unserved("stop-99", UnservedCode.NO_ROOM),))
    assert broken_rules(problem, extra) == {"accounting"}


@pytest.mark.parametrize("kind", [VisitKind.START, VisitKind.END])
def test_a_route_without_one_of_its_ends_is_found(kind: VisitKind) -> None:
    problem, plan = valid(worlds.four_stops)
    assert "shape" in broken_rules(problem, without(plan, kind))


def test_an_end_in_the_middle_of_a_route_is_found() -> None:
    problem, plan = valid(worlds.four_stops)
    visits = list(plan.routes[0].visits)
    assert "shape" in broken_rules(
        problem, with_visits(plan, [*visits[:3], visits[-1], *visits[3:]])
    )


def test_a_route_that_starts_elsewhere_is_found() -> None:
    problem, plan = valid(worlds.four_stops)
    assert broken_rules(problem, changed_visit(plan, 0, ref="home")) == {"shape"}


def test_an_unknown_place_is_found() -> None:
    problem, plan = valid(worlds.four_stops)
    assert "shape" in broken_rules(problem, changed_visit(plan, 1, ref="nowhere"))


def test_an_unknown_truck_is_found() -> None:
    problem, plan = valid(worlds.four_stops)
    stranger = replace(plan, routes=(replace(plan.routes[0], vehicle_id="stranger"),))
    assert broken_rules(problem, stranger) == {"shape"}


def test_two_routes_of_one_truck_are_found() -> None:
    problem, plan = valid(worlds.four_stops)
    double = replace(plan, routes=plan.routes * 2)
    assert broken_rules(problem, double) == {"shape", "accounting"}


def test_a_route_without_visits_is_found() -> None:
    problem, plan = valid(worlds.four_stops)
    bare = replace(plan, routes=(Route("truck-1", ()),))
    assert broken_rules(problem, bare) == {"shape", "accounting"}


@pytest.mark.parametrize("field", ["drive_s", "length_m"])
def test_a_leg_recorded_shorter_than_the_road_is_found(field: str) -> None:
    problem, plan = valid(worlds.four_stops)
    shorter = getattr(plan.routes[0].visits[2], field) - 5
    (found,) = check(problem, changed_visit(plan, 2, **{field: shorter}))
    assert (found.rule, found.amount) == ("travel", 5)


def test_a_leg_without_a_road_is_found() -> None:
    problem, plan = valid(worlds.four_stops)
    duration_s = problem.duration_s.copy()
    duration_s[worlds.DEPOT, :] = UNREACHABLE
    assert "travel" in broken_rules(problem.replace(duration_s=duration_s), plan)


@pytest.mark.parametrize("field", ["arrival_s", "departure_s"])
@pytest.mark.parametrize("kind", [VisitKind.STOP, VisitKind.DISPOSAL])
def test_a_wrong_recorded_time_is_found(kind: VisitKind, field: str) -> None:
    problem, plan = valid(worlds.four_stops)
    at = position(plan, kind)
    earlier = getattr(plan.routes[0].visits[at], field) - 7
    (found,) = check(problem, changed_visit(plan, at, **{field: earlier}))
    assert (found.rule, found.amount) == ("clock", 7)


def test_recorded_times_are_never_believed() -> None:
    """A plan that claims to be back in time is judged by the roads and not by its claim."""
    problem, plan = valid(worlds.four_stops)
    slower = problem.replace(duration_s=problem.duration_s * 40)
    assert "shift" in broken_rules(slower, plan)


@pytest.mark.parametrize(("field", "rule"), [("load_kg", "loads"), ("load_l", "loads")])
def test_a_wrong_recorded_load_is_found(field: str, rule: str) -> None:
    problem, plan = valid(worlds.four_stops)
    assert broken_rules(problem, changed_visit(plan, 1, **{field: 1})) == {rule}


def test_a_shift_that_is_too_short_is_found() -> None:
    problem, plan = valid(worlds.four_stops)
    (truck,) = problem.trucks
    start_s, end_s = plan.routes[0].visits[0].departure_s, plan.routes[0].visits[-1].arrival_s
    late = replace(truck, shift=Window(start_s, end_s - 9))
    (found,) = check(problem.replace(trucks=(late,)), plan)
    assert (found.rule, found.amount) == ("shift", 9)
    early = replace(truck, shift=Window(start_s + 11, end_s))
    (found,) = check(problem.replace(trucks=(early,)), plan)
    assert (found.rule, found.amount) == ("shift", 11)


def test_a_missing_break_is_found() -> None:
    problem, plan = valid(worlds.long_day_needs_break)
    assert "break" in broken_rules(problem, without(plan, VisitKind.BREAK))


def test_a_break_that_is_too_short_or_too_late_is_found() -> None:
    problem, plan = valid(worlds.long_day_needs_break)
    (truck,) = problem.trucks
    for rule in (BreakRule(duration_s=1_801), BreakRule(after_work_s=3_600)):
        stricter = problem.replace(trucks=(replace(truck, break_rule=rule),))
        assert broken_rules(stricter, plan) == {"break"}


def test_a_break_during_service_is_found() -> None:
    problem, plan = valid(worlds.long_day_needs_break)
    at = position(plan, VisitKind.BREAK)
    pause = plan.routes[0].visits[at]
    sooner = changed_visit(
        plan, at, arrival_s=pause.arrival_s - 60, departure_s=pause.departure_s - 60
    )
    assert broken_rules(problem, sooner) == {"break"}


def test_no_break_is_asked_of_a_short_day() -> None:
    _, plan = valid(worlds.four_stops)
    assert all(visit.kind is not VisitKind.BREAK for visit in plan.routes[0].visits)


def test_a_stop_served_outside_its_windows_is_found() -> None:
    problem, plan = valid(worlds.four_stops)
    closed = replace(problem.stops[0], windows=(worlds.window("6:00", "6:30"),))
    assert broken_rules(problem.replace(stops=(closed, *problem.stops[1:])), plan) == {"windows"}


def test_service_that_only_begins_within_the_window_is_found() -> None:
    problem, plan = valid(worlds.four_stops)
    visit = plan.routes[0].visits[1]
    stops = {stop.id: stop for stop in problem.stops}
    ends_early = Window(visit.arrival_s - 60, visit.departure_s - 1)
    stops[visit.ref] = replace(stops[visit.ref], windows=(ends_early,))
    assert broken_rules(problem.replace(stops=tuple(stops.values())), plan) == {"windows"}


def test_a_truck_without_the_fraction_or_the_gear_is_found() -> None:
    problem, plan = valid(worlds.four_stops)
    (truck,) = problem.trucks
    for change in ({"fractions": (Fraction.GLASS,)}, {"gear": Gear.REAR_LOADER}):
        other = problem.replace(trucks=(replace(truck, **change),))
        assert broken_rules(other, plan) == {"matching"}


@pytest.mark.parametrize(
    ("field", "load"), [("weight_capacity_kg", "load_kg"), ("volume_capacity_l", "load_l")]
)
def test_an_overloaded_truck_is_found(field: str, load: str) -> None:
    problem, plan = valid(worlds.four_stops)
    most = max(getattr(visit, load) for visit in plan.routes[0].visits)
    smaller = replace(problem.trucks[0], **{field: most - 1})
    assert broken_rules(problem.replace(trucks=(smaller,)), plan) == {"capacity"}


def test_waste_brought_home_is_found() -> None:
    problem, plan = valid(worlds.four_stops)
    assert "disposal" in broken_rules(problem, without(plan, VisitKind.DISPOSAL, -1))


def test_a_site_that_does_not_take_the_waste_is_found() -> None:
    problem, plan = valid(worlds.four_stops)
    (site,) = problem.sites
    other = replace(site, fractions=(Fraction.GLASS,))
    assert broken_rules(problem.replace(sites=(other,)), plan) == {"disposal"}


def test_a_closed_site_is_found() -> None:
    problem, plan = valid(worlds.four_stops)
    last = plan.routes[0].visits[position(plan, VisitKind.DISPOSAL, -1)]
    closes = replace(problem.sites[0], window=Window(worlds.SHIFT.start_s, last.departure_s - 3))
    (found,) = check(problem.replace(sites=(closes,)), plan)
    assert (found.rule, found.amount) == ("disposal", 3)


def test_mixed_fractions_are_found() -> None:
    problem, plan = valid(worlds.two_fractions)
    assert "one-fraction" in broken_rules(problem, without(plan, VisitKind.DISPOSAL))


@pytest.mark.parametrize(
    "code", sorted(set(UnservedCode) - {UnservedCode.NO_ROOM, UnservedCode.BY_HAND})
)
def test_a_false_reason_is_found(code: UnservedCode) -> None:
    problem = worlds.four_stops()
    excuses = tuple(Unserved(stop.id, code) for stop in problem.stops)
    assert broken_rules(problem, Plan((), excuses)) == {"reasons"}


def test_no_room_is_taken_as_a_reason() -> None:
    problem = worlds.four_stops()
    excuses = tuple(Unserved(stop.id, UnservedCode.NO_ROOM) for stop in problem.stops)
    assert check(problem, Plan((), excuses)) == ()
    assert cost_cents(problem, Plan((), excuses)).musts_unserved == 4


def test_bags_taken_before_the_crane_has_left_are_found() -> None:
    problem, plan = valid(worlds.bags_beside_a_pit)
    left_s = {v.ref: v.departure_s for r in plan.routes for v in r.visits}
    assert left_s["stop-3"] - 240 >= left_s["stop-2"]
    later = problem.replace(
        stops=tuple(replace(s, after=("stop-1", *s.after)) if s.after else s for s in problem.stops)
    )
    in_time = left_s["stop-3"] - 240 >= left_s["stop-1"]
    assert ("clock" in broken_rules(later, plan)) is not in_time


def test_nobody_waits_for_a_crane_that_does_not_come() -> None:
    problem = worlds.bags_beside_a_pit()
    alone = problem.replace(trucks=problem.trucks[:1])
    plan = solve(alone, seconds=0.2)
    assert check(alone, plan) == ()
    assert {u.stop_id for u in plan.unserved} == {"stop-1", "stop-2"}


def test_bags_whose_window_is_over_before_the_crane_leaves_have_no_room() -> None:
    problem = worlds.bags_beside_a_pit()
    early = (worlds.window("7:00", "7:30"),)
    stops = tuple(replace(s, windows=early) if s.after else s for s in problem.stops)
    plan = solve(problem.replace(stops=stops), seconds=0.2)
    assert check(problem.replace(stops=stops), plan) == ()
    assert [(u.stop_id, u.code) for u in plan.unserved] == [("stop-3", UnservedCode.NO_ROOM)]


def test_every_rule_is_broken_by_some_plan() -> None:
    """A rule without a test that breaks it would be a rule that nobody checked."""
    files = [Path(__file__).with_name(f"test_{name}.py") for name in BREAKING]
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    assert [rule.NAME for rule in CONSTRAINTS if f'"{rule.NAME}"' not in text] == []


def test_the_cost_is_the_sum_of_what_the_day_is_worth() -> None:
    problem = worlds.four_stops()
    first = problem.stops[0]
    skipped = problem.replace(stops=(replace(first, skip_price_cents=700), *problem.stops[1:]))
    plan = solve(skipped.replace(stops=skipped.stops[:1]), seconds=0)
    cost = cost_cents(skipped.replace(stops=skipped.stops[:1]), plan)
    assert (cost.total_cents, cost.skipped_cents, cost.use_cents) == (700, 700, 0)

    (route,) = valid(worlds.four_stops)[1].routes
    cost = cost_cents(problem, valid(worlds.four_stops)[1])
    assert cost.distance_cents == round(route.length_m * 120 / 1000)
    assert cost.time_cents == round(route.duration_s * 9_000 / 3600)
    assert (cost.use_cents, cost.skipped_cents, cost.musts_unserved) == (5_000, 0, 0)
    assert cost.total_cents == cost.distance_cents + cost.time_cents + 5_000


def test_a_break_is_not_paid() -> None:
    problem, plan = valid(worlds.long_day_needs_break)
    paid_s = plan.routes[0].duration_s - 30 * 60
    assert cost_cents(problem, plan).time_cents == round(paid_s * 9_000 / 3600)
