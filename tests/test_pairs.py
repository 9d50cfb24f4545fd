"""Paired stops: one truck serves all of them in the order asked for, or nobody does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from city.plan import Plan, UnservedCode
from routing.check import check
from routing.day_search import Limit, search_days
from routing.edits import Edit, edit_plan
from routing.pairs import whole
from routing.problem import Problem, Stop
from routing.replan import Happening, replan
from routing.solve import solve
from routing.timetable import laid_out
from routing.tour import LegUnits
from tests import worlds


def rules(problem: Problem, plan: Plan) -> set[str]:
    return {violation.rule for violation in check(problem, plan)}


def order(plan: Plan) -> list[str]:
    return [ref for route in plan.routes for ref in route.stop_ids]


def changed(problem: Problem, number: int, **changes: Any) -> Problem:
    stops = tuple(
        replace(stop, **changes) if stop.id == f"stop-{number}" else stop for stop in problem.stops
    )
    return problem.replace(stops=stops)


def test_two_fractions_of_one_place_are_emptied_by_one_truck() -> None:
    """Alone, each would go to the truck for its fraction; only the third may take both."""
    problem = worlds.two_fractions_of_one_place()
    plan = solve(problem, seconds=0.5)
    assert check(problem, plan) == ()
    routes = {route.vehicle_id: route.stop_ids for route in plan.routes}
    assert {"stop-1", "stop-2"} <= set(routes["truck-3"])
    free = changed(changed(problem, 1, pair="", after_in_pair=()), 2, pair="")
    apart = solve(free, seconds=0.5)
    assert check(free, apart) == ()
    assert "truck-3" not in {route.vehicle_id for route in apart.routes}
    assert rules(problem, apart) == {"pairs"}


def test_the_order_within_a_pair_is_kept_where_it_costs_a_detour() -> None:
    problem = worlds.two_fractions_of_one_place()
    for first, second in ((1, 2), (2, 1)):
        ordered = changed(problem, first, after_in_pair=())
        ordered = changed(ordered, second, after_in_pair=(f"stop-{first}",))
        plan = solve(ordered, seconds=0.3)
        assert check(ordered, plan) == ()
        served = order(plan)
        assert served.index(f"stop-{first}") < served.index(f"stop-{second}")
        turned = changed(changed(problem, first, after_in_pair=(f"stop-{second}",)), second)
        turned = changed(turned, second, after_in_pair=())
        assert rules(turned, plan) == {"pairs"}


def test_who_belongs_to_a_stop_that_cannot_be_served_is_left_out_with_it() -> None:
    problem = changed(worlds.two_fractions_of_one_place(), 2, weight_kg=50_000)
    plan = solve(problem, seconds=0.2)
    assert check(problem, plan) == ()
    assert {u.stop_id: u.code for u in plan.unserved} == {
        "stop-1": UnservedCode.WITH_ITS_PAIR,
        "stop-2": UnservedCode.TOO_HEAVY,
    }
    (told,) = [u.detail for u in plan.unserved if u.stop_id == "stop-1"]
    assert told == "It is served with 'stop-2' only, which cannot be served."
    excuse = [replace(u, code=UnservedCode.WITH_ITS_PAIR) for u in plan.unserved]
    assert rules(problem, replace(plan, unserved=tuple(excuse))) == {"reasons"}


def test_a_pair_that_no_truck_may_serve_together_is_left_out_whole() -> None:
    problem = worlds.two_fractions_of_one_place()
    problem = problem.replace(trucks=problem.trucks[:2])
    plan = solve(problem, seconds=0.2)
    assert check(problem, plan) == ()
    assert {(u.stop_id, u.code) for u in plan.unserved} == {
        ("stop-1", UnservedCode.NO_SUITABLE_TRUCK),
        ("stop-2", UnservedCode.NO_SUITABLE_TRUCK),
    }


def test_a_day_with_room_for_half_a_pair_serves_none_of_it() -> None:
    problem = worlds.two_fractions_of_one_place()
    alone = replace(problem.trucks[2], day_stops=1)
    problem = problem.replace(trucks=(*problem.trucks[:2], alone))
    for seconds in (0.0, 0.3):
        plan = solve(problem, seconds=seconds)
        assert check(problem, plan) == ()
        assert {(u.stop_id, u.code) for u in plan.unserved} == {
            ("stop-1", UnservedCode.NO_ROOM),
            ("stop-2", UnservedCode.NO_ROOM),
        }


def test_the_price_of_a_pair_is_that_of_all_its_stops() -> None:
    """A far pair is worth its detour for both prices together, and not for half of that."""
    problem = worlds.two_fractions_of_one_place()
    problem = problem.replace(trucks=problem.trucks[2:])
    problem = problem.replace(stops=problem.stops[:2])
    served = changed(changed(problem, 1, skip_price_cents=20_000), 2, skip_price_cents=20_000)
    assert set(order(solve(served, seconds=0.2))) == {"stop-1", "stop-2"}
    left = changed(changed(problem, 1, skip_price_cents=20_000), 2, skip_price_cents=0)
    plan = solve(left, seconds=0.2)
    assert check(left, plan) == ()
    assert {u.code for u in plan.unserved} == {UnservedCode.CHEAPER_TO_SKIP}


def test_the_ortools_model_keeps_pairs_by_itself() -> None:
    problem = worlds.two_fractions_of_one_place()
    found = search_days(problem, LegUnits(problem), problem.stops, {}, Limit(1.0, 20))
    assert found
    assert all(whole(problem, tour) for tour in found.values())


def test_a_hand_that_tears_a_pair_hears_so_at_once() -> None:
    problem = worlds.two_fractions_of_one_place()
    plan = solve(problem, seconds=0.2)
    edited = edit_plan(problem, plan, Edit("stop-1", to_vehicle_id="truck-1"))
    assert {violation.rule for violation in edited.violations} == {"pairs"}
    edited = edit_plan(problem, edited.plan, Edit("stop-1"))
    assert {violation.rule for violation in edited.violations} == {"pairs"}


def a_row() -> Problem:
    """Six stops of half an hour along a street, the first and the last a pair, and two trucks."""
    points = [*worlds.SQUARE[:3], *((1_000 + 200 * n, 0) for n in range(6))]
    stops: list[Stop] = [worlds.stop(n, service_s=1_800, weight_kg=50) for n in range(1, 7)]
    for at in (0, 5):
        stops[at] = replace(stops[at], pair="row", only_trucks=("truck-1",))
    trucks = [worlds.truck(1), worlds.truck(2)]
    return worlds.on_a_plane(points, stops, trucks, [worlds.site()])


def test_during_the_day_the_rest_of_a_begun_pair_stays_with_its_truck() -> None:
    problem = a_row()
    truck, other = problem.trucks
    route = laid_out(problem, truck, (*problem.stops, problem.sites[0]))
    plan = Plan((route,), ())
    assert check(problem, plan) == ()
    now_s = route.visits[2].departure_s
    found = replan(problem, plan, Happening(now_s, broken=frozenset({other.id})), seconds=0.2)
    assert found.violations == ()
    assert set(order(found.plan)) == {stop.id for stop in problem.stops}
    anybody = changed(changed(problem, 1, only_trucks=()), 6, only_trucks=())
    found = replan(anybody, plan, Happening(now_s, broken=frozenset({truck.id})), seconds=0.2)
    assert found.violations == ()
    assert "stop-6" in order(found.plan), "what is begun is finished, if by another"
