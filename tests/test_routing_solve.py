"""A plan keeps every rule, and every stop in it is served or explained."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest

from city.plan import Plan, Route, UnservedCode, VisitKind
from routing.check import check, cost_cents
from routing.problem import Problem
from routing.solve import ENGINE, Engine, solve
from tests import worlds

BRIEFLY_S = 0.3


def solved(problem: Problem) -> Plan:
    plan = solve(problem, seconds=BRIEFLY_S)
    assert check(problem, plan) == ()
    return plan


def refs(route: Route, kind: VisitKind) -> list[str]:
    return [visit.ref for visit in route.visits if visit.kind is kind]


@pytest.mark.parametrize("world", worlds.WORLDS, ids=lambda world: world.__name__)
def test_every_named_world_is_planned_by_the_rules(world: Callable[[], Problem]) -> None:
    problem = world()
    plan = solved(problem)
    served = {ref for route in plan.routes for ref in route.stop_ids}
    assert served | {u.stop_id for u in plan.unserved} == {stop.id for stop in problem.stops}


@pytest.mark.parametrize("engine", [Engine.CORE, Engine.ORTOOLS])
@pytest.mark.parametrize("world", worlds.WORLDS, ids=lambda world: world.__name__)
def test_each_engine_plans_by_the_rules_alone(world: Callable[[], Problem], engine: Engine) -> None:
    problem = world()
    plan = solve(problem, seconds=0.1, engine=engine)
    assert check(problem, plan) == ()


def test_a_truck_that_holds_three_stops_empties_itself_twice_for_four() -> None:
    (route,) = solved(worlds.four_stops()).routes
    assert len(route.stop_ids) == 4
    assert refs(route, VisitKind.DISPOSAL) == ["site", "site"]


def test_each_fraction_goes_to_its_own_site() -> None:
    (route,) = solved(worlds.two_fractions()).routes
    assert len(route.stop_ids) == 4
    assert sorted(refs(route, VisitKind.DISPOSAL)) == ["paper-site", "site"]


def test_musts_beyond_the_shift_are_reported_as_no_room() -> None:
    plan = solved(worlds.overfull_square())
    assert {unserved.code for unserved in plan.unserved} == {UnservedCode.NO_ROOM}
    (route,) = plan.routes
    assert len(route.stop_ids) == 6


def test_the_far_site_is_used_when_the_near_one_has_closed() -> None:
    (route,) = solved(worlds.far_site_closes_early()).routes
    assert sorted(route.stop_ids) == ["stop-1", "stop-2"]
    assert refs(route, VisitKind.DISPOSAL)[-1] == "far"


def test_a_long_day_has_its_break_in_its_middle() -> None:
    (route,) = solved(worlds.long_day_needs_break()).routes
    assert len(route.stop_ids) == 20
    (pause,) = (visit for visit in route.visits if visit.kind is VisitKind.BREAK)
    assert 2 * 3600 < pause.arrival_s - route.visits[0].departure_s <= 5.5 * 3600


def test_only_what_is_worth_its_detour_is_served() -> None:
    plan = solved(worlds.worth_it_or_not())
    assert {ref for route in plan.routes for ref in route.stop_ids} == {"stop-1", "stop-2"}
    (skipped,) = plan.unserved
    assert (skipped.stop_id, skipped.code) == ("stop-3", UnservedCode.CHEAPER_TO_SKIP)


def test_what_cannot_be_served_has_its_own_reason() -> None:
    plan = solved(worlds.beyond_help())
    assert {unserved.stop_id: unserved.code for unserved in plan.unserved} == {
        "stop-2": UnservedCode.TOO_HEAVY,
        "stop-3": UnservedCode.NO_SUITABLE_TRUCK,
        "stop-4": UnservedCode.NO_DISPOSAL_SITE,
        "stop-5": UnservedCode.UNREACHABLE,
    }


def test_a_truck_leaves_late_rather_than_wait() -> None:
    plan = solved(worlds.open_in_the_afternoon())
    (route,) = plan.routes
    assert len(route.stop_ids) == 2
    waited_s = route.duration_s - sum(visit.drive_s for visit in route.visits)
    assert waited_s < 2 * 3600


def test_no_stops_need_no_route() -> None:
    problem = worlds.four_stops().replace(stops=())
    assert solved(problem) == Plan((), ())


def test_without_a_truck_every_stop_is_explained() -> None:
    plan = solved(worlds.four_stops().replace(trucks=()))
    assert {u.code for u in plan.unserved} == {UnservedCode.NO_SUITABLE_TRUCK}
    assert len(plan.unserved) == 4


def test_searching_does_not_make_a_plan_dearer_than_building() -> None:
    problem = worlds.four_stops()
    built, searched = solve(problem, seconds=0), solved(problem)
    assert check(problem, built) == ()
    assert cost_cents(problem, searched).rank <= cost_cents(problem, built).rank


def test_the_solver_can_be_sent_to_another_process() -> None:
    problem = pickle.loads(pickle.dumps(worlds.four_stops()))
    plan = pickle.loads(pickle.dumps(solve))(problem, seconds=0)
    assert check(problem, plan) == ()
    assert ENGINE.startswith("OR-Tools 9.")


def test_a_seed_and_a_number_of_solutions_give_the_same_plan_again() -> None:
    problem = worlds.overfull_square()
    plans = [solve(problem, seconds=60, seed=3, solutions=40) for _ in range(2)]
    assert plans[0] == plans[1]
    assert check(problem, plans[0]) == ()


def test_a_day_with_windows_is_searched_for_less_waiting() -> None:
    """Stops that open late are served last, not waited for."""
    early, late = worlds.window("7:00", "8:00"), worlds.window("9:00", "10:00")
    problem = worlds.on_a_plane(
        worlds.SQUARE,
        [worlds.stop(n, windows=[late if n % 2 else early], weight_kg=10) for n in (1, 2, 3, 4)],
        [worlds.truck(1), worlds.truck(2)],
        [worlds.site()],
    )
    (route,) = solved(problem).routes
    assert set(route.stop_ids[:2]) == {"stop-2", "stop-4"}
