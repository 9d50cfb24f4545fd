"""During the day: what is done stays, what happened is kept to, other crews are left in peace."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from city.changes import ChangeKind
from city.plan import Plan, UnservedCode, VisitKind
from routing.problem import Problem
from routing.replan import Happening, Replanned, replan
from routing.solve import solve
from tests import worlds
from tests.test_routing_property import problems

NINE_S = 9 * worlds.HOUR_S


def morning() -> Problem:
    """Two trucks with twelve stops of twenty minutes each side of the depot."""
    points = [(0, 0), (0, 500), (0, 900), *((1_000 + 300 * n, 0) for n in range(12))]
    points += [(-1_000 - 300 * n, 0) for n in range(12)]
    stops = [worlds.stop(n, service_s=1_200, weight_kg=50, volume_l=500) for n in range(1, 25)]
    return worlds.on_a_plane(points, stops, [worlds.truck(1), worlds.truck(2)], [worlds.site()])


@pytest.fixture(scope="module")
def plan() -> Plan:
    return solve(morning(), seconds=60, solutions=300)


def again(plan: Plan, happening: Happening) -> Replanned:
    found = replan(morning(), plan, happening, seconds=1)
    assert found.violations == ()
    return found


def test_nothing_happened_and_nothing_changes(plan: Plan) -> None:
    found = again(plan, Happening(NINE_S))
    assert found.changes == ()
    assert [r.stop_ids for r in found.plan.routes] == [r.stop_ids for r in plan.routes]


def test_what_is_done_or_under_way_stays(plan: Plan) -> None:
    first = plan.routes[0]
    found = again(plan, Happening(NINE_S, closed=frozenset({first.stop_ids[-1]})))
    for before, after in zip(plan.routes, found.plan.routes, strict=True):
        done = [visit for visit in before.visits if visit.arrival_s <= NINE_S]
        assert list(after.visits[: len(done)]) == done


def test_the_stops_of_a_broken_truck_go_to_the_others(plan: Plan) -> None:
    one, other = plan.routes
    found = again(plan, Happening(NINE_S, broken=frozenset({one.vehicle_id})))
    assert [route.vehicle_id for route in found.plan.routes] == [other.vehicle_id]
    (stopped,) = found.broken
    assert all(visit.departure_s <= NINE_S for visit in stopped.visits)
    moved = [c for c in found.changes if c.kind is ChangeKind.MOVED]
    assert moved
    assert {c.usual_vehicle_id for c in moved} == {one.vehicle_id}
    told = {ref for route in (*found.plan.routes, stopped) for ref in route.stop_ids}
    assert told | {u.stop_id for u in found.plan.unserved} == {s.id for s in morning().stops}


def test_what_was_done_counts_for_the_limits_of_a_day(plan: Plan) -> None:
    """Each truck may serve two stops more than it has today: it takes two orphans, no more."""
    one, other = plan.routes
    most = len(other.stop_ids) + 2
    day = morning()
    limited = day.replace(trucks=tuple(replace(truck, day_stops=most) for truck in day.trucks))
    broken = Happening(NINE_S, broken=frozenset({one.vehicle_id}))
    found = replan(limited, plan, broken, seconds=1)
    assert found.violations == ()
    (route,) = found.plan.routes
    assert len(route.stop_ids) == most
    weights = tuple(replace(truck, day_weight_kg=50 * most) for truck in day.trucks)
    found = replan(day.replace(trucks=weights), plan, broken, seconds=1)
    (route,) = found.plan.routes
    assert len(route.stop_ids) == most


def test_a_closed_stop_is_left_out_as_out_of_reach_and_no_other_crew_hears_of_it(
    plan: Plan,
) -> None:
    one, other = plan.routes
    found = again(plan, Happening(NINE_S, closed=frozenset({one.stop_ids[-1]})))
    assert [(u.stop_id, u.code) for u in found.plan.unserved] == [
        (one.stop_ids[-1], UnservedCode.UNREACHABLE)
    ]
    after = {route.vehicle_id: route.stop_ids for route in found.plan.routes}
    assert after[other.vehicle_id] == other.stop_ids


def test_an_urgent_case_is_served_and_told(plan: Plan) -> None:
    urgent = replace(worlds.stop(99, node=20), skip_price_cents=10, weight_kg=50)
    found = again(plan, Happening(NINE_S, urgent=(urgent,)))
    assert [(c.stop_id, c.kind) for c in found.changes] == [("stop-99", ChangeKind.ADDED)]
    assert any("stop-99" in route.stop_ids for route in found.plan.routes)


def test_what_a_truck_carries_is_counted_until_it_is_emptied(plan: Plan) -> None:
    found = again(plan, Happening(NINE_S))
    for route in found.plan.routes:
        loads = [visit.load_kg for visit in route.visits]
        last = [v.kind for v in route.visits].index(VisitKind.DISPOSAL)
        assert loads[last - 1] == max(loads) <= 1_000
        assert not any("aboard" in visit.ref for visit in route.visits)


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(problems(), st.integers(6, 16), st.booleans())
def test_any_day_can_be_planned_anew_at_any_hour(
    problem: Problem, hour: int, breaks_down: bool
) -> None:
    before = solve(problem, seconds=0)
    broken = {r.vehicle_id for r in before.routes[:1]} if breaks_down else set()
    happening = Happening(hour * worlds.HOUR_S, broken=frozenset(broken))
    found = replan(problem, before, happening, seconds=0)
    assert found.violations == ()
    served = [r for route in (*found.plan.routes, *found.broken) for r in route.stop_ids]
    left_out = [u.stop_id for u in found.plan.unserved]
    assert sorted(served + left_out) == sorted(stop.id for stop in problem.stops)
