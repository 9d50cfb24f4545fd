"""A hand moves, locks or takes off a stop, and is told at once what that breaks and costs."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from city.errors import BadInput
from city.plan import Plan, UnservedCode
from routing.check import check, cost_cents
from routing.edits import Edit, edit_plan
from routing.problem import Problem
from routing.solve import solve
from tests import worlds
from tests.generated import generated
from tests.test_routing_property import problems


@pytest.fixture(scope="module")
def plan() -> Plan:
    return solve(two_trucks(), seconds=0)


def two_trucks() -> Problem:
    return worlds.four_stops().replace(trucks=(worlds.truck(1), worlds.truck(2)))


def test_a_stop_moves_to_another_truck_with_what_that_costs(plan: Plan) -> None:
    (route,) = plan.routes
    other = "truck-2" if route.vehicle_id == "truck-1" else "truck-1"
    moved = edit_plan(two_trucks(), plan, Edit("stop-2", other))
    assert moved.violations == check(two_trucks(), moved.plan) == ()
    after = {r.vehicle_id: r.stop_ids for r in moved.plan.routes}
    assert after[other] == ("stop-2",)
    before_cents = cost_cents(two_trucks(), plan).total_cents
    assert cost_cents(two_trucks(), moved.plan).total_cents - before_cents == pytest.approx(
        moved.cost_change_cents, abs=2
    )
    assert moved.cost_change_cents > 0


def test_a_move_that_overloads_a_truck_says_so_and_is_made_all_the_same() -> None:
    heavy = two_trucks()
    heavy = heavy.replace(stops=(*heavy.stops[:3], worlds.stop(4, weight_kg=800)))
    plan = solve(heavy, seconds=0)
    host = next(r for r in plan.routes if "stop-1" in r.stop_ids)
    without = edit_plan(heavy, plan, Edit("stop-4")).plan
    before = next(r for r in without.routes if r.vehicle_id == host.vehicle_id).stop_ids[0]
    forced = edit_plan(heavy, without, Edit("stop-4", host.vehicle_id, before=before))
    assert {violation.rule for violation in forced.violations} == {"capacity"}
    route = next(r for r in forced.plan.routes if r.vehicle_id == host.vehicle_id)
    assert route.stop_ids[0] == "stop-4"


def test_a_must_that_is_taken_off_is_counted_and_explained(plan: Plan) -> None:
    edited = edit_plan(two_trucks(), plan, Edit("stop-3"))
    (unserved,) = edited.plan.unserved
    assert (unserved.stop_id, unserved.code) == ("stop-3", UnservedCode.BY_HAND)
    assert (edited.musts_change, edited.violations) == (1, ())
    back = edit_plan(two_trucks(), edited.plan, Edit("stop-3", plan.routes[0].vehicle_id))
    assert (back.musts_change, back.plan.unserved) == (-1, ())


def test_a_locked_stop_stays_where_it_was_put_when_the_day_is_solved_again(plan: Plan) -> None:
    (route,) = plan.routes
    other = "truck-2" if route.vehicle_id == "truck-1" else "truck-1"
    locked = edit_plan(two_trucks(), plan, Edit("stop-2", other, locked=True))
    again = solve(locked.problem, seconds=1, solutions=100)
    assert check(locked.problem, again) == ()
    assert "stop-2" in next(r for r in again.routes if r.vehicle_id == other).stop_ids
    assert any(v.rule == "matching" for v in check(locked.problem, plan))
    off = edit_plan(two_trucks(), plan, Edit("stop-2", locked=True))
    assert "stop-2" not in {stop.id for stop in off.problem.stops}


def test_a_day_that_a_move_makes_too_long_is_told_by_its_hours() -> None:
    problem = worlds.overfull_square()
    plan = solve(problem, seconds=0)
    left_out = plan.unserved[0].stop_id
    forced = edit_plan(problem, plan, Edit(left_out, "truck-1"))
    assert "shift" in {violation.rule for violation in forced.violations}


def test_all_ids_that_are_not_known_are_told_at_once(plan: Plan) -> None:
    with pytest.raises(BadInput) as caught:
        edit_plan(two_trucks(), plan, Edit("no-stop", "no-truck", before="nothing"))
    assert [fault.field for fault in caught.value.faults] == ["stop_id", "to_vehicle_id", "before"]


def waiting_days() -> list[Problem]:
    """Return days on which a truck waits somewhere for another one to have left."""
    days = [worlds.bags_beside_a_pit(), *(generated(seed) for seed in range(60))]
    return [day for day in days if any(stop.after for stop in day.stops)]


def test_who_waits_for_a_truck_that_a_hand_delays_waits_longer() -> None:
    days = waiting_days()
    assert len(days) > 10
    for problem in days:
        plan = solve(problem, seconds=0)
        routes = [route for route in plan.routes if route.stop_ids]
        for stop_id in [route.stop_ids[0] for route in routes]:
            for to in ("", *(route.vehicle_id for route in routes)):
                edited = edit_plan(problem, plan, Edit(stop_id, to))
                untold = {
                    each.message
                    for each in set(check(problem, edited.plan)) ^ set(edited.violations)
                    if each.rule == "clock"
                }
                assert untold == set(), (stop_id, to)


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(problems(), st.data())
def test_what_an_edit_is_told_to_break_is_what_the_whole_plan_breaks(
    problem: Problem, data: st.DataObject
) -> None:
    if not problem.stops:
        return
    problem = problem.replace(familiar=None)
    plan = solve(problem, seconds=0)
    stop = data.draw(st.sampled_from(problem.stops)).id
    to = data.draw(st.sampled_from(["", *(truck.id for truck in problem.trucks)]))
    edited = edit_plan(problem, plan, Edit(stop, to))
    assert set(edited.violations) == set(check(problem, edited.plan))
    before, after = cost_cents(problem, plan), cost_cents(problem, edited.plan)
    change = after.total_cents - before.total_cents
    assert edited.cost_change_cents == pytest.approx(change, abs=3)
