"""Day limits, breaks, uncertain loads, small streets: kept by the solver, seen by the checker."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from city.fleet import BreakRule, DrivingRule, Window
from city.plan import Plan, UnservedCode, VisitKind
from routing.check import check
from routing.day_search import Limit, search_days
from routing.problem import UNREACHABLE, Problem, Truck, Ways
from routing.solve import solve
from routing.timetable import laid_out
from routing.tour import LegUnits, Tour, Tours
from tests import worlds

EIGHT = [*worlds.SQUARE[:3], *((1_000 * n, 1_000) for n in range(1, 9))]


def eight(truck: Truck | None = None, **stop: Any) -> Problem:
    """Return eight musts of 100 kg and one truck."""
    stops = [replace(worlds.stop(n, weight_kg=100), **stop) for n in range(1, 9)]
    return worlds.on_a_plane(EIGHT, stops, [truck or worlds.truck()], [worlds.site()])


def served(plan: Plan) -> int:
    return sum(len(route.stop_ids) for route in plan.routes)


def rules(problem: Problem, plan: Plan) -> set[str]:
    return {violation.rule for violation in check(problem, plan)}


@pytest.mark.parametrize(
    "limit", [{"day_stops": 5}, {"day_weight_kg": 520}, {"day_volume_l": 15_500}]
)
def test_a_truck_collects_no_more_than_it_may_in_a_day(limit: dict[str, Any]) -> None:
    """It may empty itself as often as it likes; the day's limit still holds."""
    free = eight(worlds.truck(weight_capacity_kg=300))
    tight = eight(replace(worlds.truck(weight_capacity_kg=300), **limit))
    plan = solve(tight, seconds=1)
    assert check(tight, plan) == ()
    assert served(plan) == 5
    assert {unserved.code for unserved in plan.unserved} == {UnservedCode.NO_ROOM}
    assert rules(tight, solve(free, seconds=0)) >= {"day-limits"}


def test_a_truck_is_filled_less_where_loads_are_uncertain() -> None:
    truck = worlds.truck(weight_capacity_kg=900)
    for sd_kg, trips in ((0, 1), (20, 1), (60, 2)):
        problem = eight(truck, weight_sd_kg=sd_kg, volume_l=1_000)
        plan = solve(problem, seconds=1)
        assert check(problem, plan) == ()
        kinds = [visit.kind for visit in plan.routes[0].visits]
        assert kinds.count(VisitKind.DISPOSAL) == trips
    full = eight(truck, weight_sd_kg=60, volume_l=1_000)
    one_trip: Tour = (*full.stops, full.sites[0])
    whole = Plan((laid_out(full, full.trucks[0], one_trip),), ())
    assert rules(full, whole) == {"uncertain-load"}


def test_a_crew_that_may_be_overfull_more_often_gets_fuller_trips() -> None:
    """Eight loads of 100 kg lie off by 60 kg: together they are over 900 kg with 28 % chance."""
    for overfull_pct, trips in ((5, 2), (25, 2), (30, 1), (50, 1)):
        truck = worlds.truck(weight_capacity_kg=900)
        problem = eight(replace(truck, overfull_pct=overfull_pct), weight_sd_kg=60, volume_l=1_000)
        plan = solve(problem, seconds=1)
        assert check(problem, plan) == ()
        kinds = [visit.kind for visit in plan.routes[0].visits]
        assert kinds.count(VisitKind.DISPOSAL) == trips


def test_a_street_that_holds_small_trucks_only_gets_one() -> None:
    small, large = (
        replace(worlds.truck(n), gross_kg=kg, length_cm=cm)
        for n, kg, cm in ((1, 7_500, 700), (2, 26_000, 1_000))
    )
    problem = eight(large, max_gross_kg=12_000)
    plan = solve(problem, seconds=0)
    assert {u.code for u in plan.unserved} == {UnservedCode.NO_SUITABLE_TRUCK}
    both = problem.replace(trucks=(large, small))
    plan = solve(both, seconds=1)
    assert check(both, plan) == ()
    assert {route.vehicle_id for route in plan.routes} == {"truck-1"}
    anywhere = solve(eight(large), seconds=0)
    assert rules(problem, anywhere) == {"size"}
    assert rules(eight(large, max_length_cm=900), anywhere) == {"size"}


def long_day(truck: Truck) -> Problem:
    """Twenty stops of twenty minutes on one street."""
    points = [*worlds.SQUARE[:3], *((300 * n, 300) for n in range(20))]
    stops = [worlds.stop(n, service_s=1_200, weight_kg=10, volume_l=50) for n in range(1, 21)]
    return worlds.on_a_plane(points, stops, [truck], [worlds.site()])


def breaks(plan: Plan) -> list[tuple[int, int]]:
    return [
        (v.arrival_s, v.departure_s)
        for route in plan.routes
        for v in route.visits
        if v.kind is VisitKind.BREAK
    ]


def test_lunch_begins_in_its_hour() -> None:
    begins = Window(11 * worlds.HOUR_S, 12 * worlds.HOUR_S)
    lunch = BreakRule(2_700, begins=begins)
    problem = long_day(worlds.truck(break_rule=lunch))
    plan = solve(problem, seconds=1)
    assert check(problem, plan) == ()
    ((from_s, until_s),) = breaks(plan)
    assert begins.start_s <= from_s <= begins.end_s
    assert until_s - from_s == 2_700
    later = replace(lunch, begins=Window(13 * worlds.HOUR_S, 14 * worlds.HOUR_S))
    assert rules(long_day(worlds.truck(break_rule=later)), plan) == {"break"}


def test_who_is_back_before_lunch_ends_needs_none() -> None:
    lunch = BreakRule(2_700, begins=Window(11 * worlds.HOUR_S, 12 * worlds.HOUR_S))
    problem = eight(worlds.truck(break_rule=lunch))
    plan = solve(problem, seconds=1)
    assert check(problem, plan) == ()
    assert breaks(plan) == []


def far_stops(truck: Truck) -> Problem:
    """Six stops half an hour apart: most of the day is driving."""
    points = [(0, 0), (0, 600), (0, 900), *((18_000 * n, 0) for n in range(1, 7))]
    stops = [worlds.stop(n, service_s=60, weight_kg=10) for n in range(1, 7)]
    return worlds.on_a_plane(points, stops, [truck], [worlds.site()])


def test_a_driver_pauses_for_45_minutes_before_4_5_hours_of_driving_are_over() -> None:
    shift = worlds.window("6:00", "18:00")
    truck = replace(worlds.truck(shift=shift), driving_rule=DrivingRule())
    problem = far_stops(truck)
    plan = solve(problem, seconds=1)
    assert check(problem, plan) == ()
    assert served(plan) == 6
    ((from_s, until_s),) = breaks(plan)
    assert until_s - from_s == 2_700
    without = solve(far_stops(worlds.truck(shift=shift)), seconds=1)
    assert rules(problem, without) == {"driving-break"}


@pytest.mark.parametrize("service_s", [60, 600, 1_200])
def test_a_lunch_hour_that_opens_late_does_not_let_a_driver_drive_on(service_s: int) -> None:
    lunch = BreakRule(1_800, begins=Window(11 * worlds.HOUR_S, 12 * worlds.HOUR_S))
    truck = worlds.truck(shift=worlds.window("6:00", "18:00"), break_rule=lunch)
    problem = far_stops(replace(truck, driving_rule=DrivingRule()))
    stops = tuple(replace(stop, service_s=service_s) for stop in problem.stops)
    problem = problem.replace(stops=stops)
    plan = solve(problem, seconds=0.5)
    assert check(problem, plan) == ()
    assert served(plan) == 6
    ((from_s, until_s),) = breaks(plan)
    assert 11 * worlds.HOUR_S <= from_s <= 12 * worlds.HOUR_S
    assert until_s - from_s == 2_700


def test_a_short_drive_needs_no_break_from_driving() -> None:
    truck = replace(worlds.truck(), driving_rule=DrivingRule())
    assert breaks(solve(eight(truck), seconds=0)) == []


def test_a_stop_that_asks_for_its_own_side_of_the_street_is_reached_from_there() -> None:
    problem = worlds.across_the_street()
    one, two, three = problem.stops
    plan = solve(problem, seconds=0.3)
    assert check(problem, plan) == ()
    assert served(plan) == 3
    wrong: Tour = (three, two, one, problem.sites[0])
    turned = Plan((laid_out(problem, problem.trucks[0], wrong),), ())
    assert rules(problem, turned) == {"kerb"}
    assert problem.kerb_length_m is not None
    never = problem.kerb_length_m.copy()
    never[:, two.node] += 800
    plan = solve(shut := problem.replace(kerb_length_m=never), seconds=0.2)
    assert check(shut, plan) == ()
    assert [(u.stop_id, u.code) for u in plan.unserved] == [(two.id, UnservedCode.UNREACHABLE)]
    excuse = replace(plan, unserved=tuple(replace(u, stop_id=one.id) for u in plan.unserved))
    assert "reasons" in rules(shut, excuse)


def test_a_must_that_fits_into_no_day_is_told_from_one_that_today_has_no_room_for() -> None:
    never = eight().stops[0]
    problem = eight(replace(worlds.truck(), day_stops=5))
    late = replace(never, windows=(worlds.window("20:00", "21:00"),))
    problem = problem.replace(stops=(late, *problem.stops[1:]))
    plan = solve(problem, seconds=0.2)
    assert check(problem, plan) == ()
    told = {u.stop_id: u.detail for u in plan.unserved}
    assert {u.code for u in plan.unserved} == {UnservedCode.NO_ROOM}
    assert told.pop(late.id).startswith("Even alone")
    assert len(told) == 2
    assert set(told.values()) == {"No truck has the hours or the hold left for it."}


def test_each_truck_drives_by_the_ways_of_its_own_profile() -> None:
    """The large truck alone goes round the water; beside it the small one takes the bridge."""
    problem = worlds.bridge_for_small_trucks()
    plan = solve(problem, seconds=0.3)
    assert check(problem, plan) == ()
    assert "stop-2" in {r.vehicle_id: r.stop_ids for r in plan.routes}["truck-2"]
    large = problem.replace(trucks=problem.trucks[:1])
    round_the_water = solve(large, seconds=0.3)
    assert check(large, round_the_water) == ()
    assert served(round_the_water) == 2
    assert round_the_water.routes[0].length_m > 100_000
    over_the_bridge = problem.replace(trucks=(replace(large.trucks[0], profile=""),))
    assert "travel" in rules(large, solve(over_the_bridge, seconds=0))
    no_way = large.profiles["large"].duration_s.copy()
    no_way[:4, 4] = UNREACHABLE
    shut = large.replace(profiles={"large": Ways(no_way, large.profiles["large"].length_m)})
    plan = solve(shut, seconds=0.1)
    assert check(shut, plan) == ()
    assert [(u.stop_id, u.code) for u in plan.unserved] == [("stop-2", UnservedCode.UNREACHABLE)]


def test_the_ortools_model_drives_by_profile_as_well() -> None:
    problem = worlds.bridge_for_small_trucks()
    limited = replace(problem.trucks[0], shift=worlds.window("7:00", "9:00"))
    problem = problem.replace(trucks=(limited, problem.trucks[1]))
    one, two = problem.stops
    (end,) = problem.sites
    starts: tuple[Tours, ...] = (
        {"truck-1": (one, two, end)},
        {"truck-1": (one, end), "truck-2": (two, end)},
    )
    for start, served_both in zip(starts, (False, True), strict=True):
        found = search_days(problem, LegUnits(problem), [one, two], start, Limit(60.0, 20))
        assert (two in (*found["truck-1"], *found.get("truck-2", ()))) == served_both


def test_a_site_gets_no_more_than_it_takes_in_a_day_from_all_trucks_together() -> None:
    far = worlds.site("far", node=worlds.OTHER_SITE)
    near = worlds.site("near")
    trucks = [worlds.truck(n, weight_capacity_kg=300) for n in (1, 2)]
    stops = [worlds.stop(n, weight_kg=100) for n in range(1, 9)]
    free = worlds.on_a_plane(EIGHT, stops, trucks, [near, far])
    limited = free.replace(sites=(replace(near, day_weight_kg=350), far))
    plan = solve(limited, seconds=1)
    assert check(limited, plan) == ()
    assert served(plan) == 8
    assert rules(limited, solve(free, seconds=0)) == {"site-limits"}
    alone = limited.replace(sites=limited.sites[:1])
    plan = solve(alone, seconds=1)
    assert check(alone, plan) == ()
    assert 1 <= served(plan) <= 3
    assert {unserved.code for unserved in plan.unserved} == {UnservedCode.NO_ROOM}
