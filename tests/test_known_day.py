"""A city plans a day like an earlier one, and the rest of a day anew when something happens."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from city.changes import ChangeKind
from city.errors import BadInput
from city.plan import ReasonCode, UnservedCode, Verdict, VisitKind
from city.store import Store, containers, fleets, municipalities, open_store, plans
from operations.edit_plan import edit_plan
from operations.fleet_of_day import fleet_without
from operations.known_rounds import difference
from operations.open_city import open_roads
from operations.plan_day import Task, plan_day
from operations.replan import Heard, replan
from operations.route_lines import RouteLines
from operations.settings import Settings
from operations.show_plan import show_plan
from routing.archive import from_bytes
from routing.check import check
from routing.edits import Edit
from tests.demo_city import Run


@pytest.fixture
def settings(demo: Run, tmp_path: Path) -> Settings:
    home = shutil.copytree(demo.home, tmp_path / "city")
    return demo.settings.replace(home=home, solve_seconds=2.0)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    store = open_store(settings.database, settings.municipality)
    yield store
    store.close()


def test_a_day_planned_like_an_earlier_one_tells_what_it_changes(
    settings: Settings, store: Store
) -> None:
    (earlier,) = plans.ids(store)
    day = plans.get(store, earlier).day + timedelta(days=1)
    now = municipalities.get(store).now()
    task = Task(day, now, day + timedelta(days=2), like=earlier)
    made = plan_day(store, open_roads(settings), settings, task)
    assert not made.is_fallback
    told = difference(store, made.id)
    assert told is not None
    assert told.kept.pair_share == 1.0
    served = {ref for route in made.plan.routes for ref in route.stop_ids}
    before = {ref for r in plans.get(store, earlier).plan.routes for ref in r.stop_ids}
    added = {c.stop_id for c, _ in told.changes if c.kind is ChangeKind.ADDED}
    assert added == served - before
    assert difference(store, earlier) is None


def test_a_truck_that_stays_in_has_no_round_and_is_not_offered(
    settings: Settings, store: Store
) -> None:
    (earlier,) = plans.ids(store)
    before, now = plans.get(store, earlier), municipalities.get(store).now()
    away = next(route.vehicle_id for route in before.plan.routes if route.stop_ids)
    fleet_id = fleet_without(store, before.day, [away])
    task = Task(before.day, now, before.day + timedelta(days=2), fleet_id=fleet_id)
    made = plan_day(store, open_roads(settings), settings, task)
    assert made.id != earlier
    assert away not in {route.vehicle_id for route in made.plan.routes}
    assert away not in {vehicle.id for vehicle in show_plan(store, None, made.id).vehicles}


def test_a_breakdown_makes_a_plan_of_its_own_for_the_rest_of_the_day(store: Store) -> None:
    (earlier,) = plans.ids(store)
    before = plans.get(store, earlier)
    one, *others = (route for route in before.plan.routes if route.stop_ids)
    noon_s = one.visits[len(one.visits) // 2].arrival_s
    made = replan(store, earlier, Heard(noon_s, broken=(one.vehicle_id,)))
    kept = plans.get(store, made.plan.id)
    assert kept.plan == made.plan.plan
    assert one.vehicle_id not in {route.vehicle_id for route in kept.plan.routes}
    assert {r.vehicle_id for r in kept.plan.routes} >= {r.vehicle_id for r in others}
    (stopped,) = made.replanned.broken
    done = {v.ref for v in stopped.visits if v.kind is VisitKind.STOP}
    assert done == {
        v.ref for v in one.visits if v.kind is VisitKind.STOP and v.departure_s <= noon_s
    }
    again = replan(store, made.plan.id, Heard(noon_s + 600))
    assert again.changes == ()


def test_an_urgent_container_that_nobody_was_sent_to_is_served(
    settings: Settings, store: Store
) -> None:
    (earlier,) = plans.ids(store)
    before = plans.get(store, earlier)
    served = {ref for route in before.plan.routes for ref in route.stop_ids}
    asked = served | {u.stop_id for u in before.plan.unserved}
    urgent = next(c.container_id for c in before.choices if c.container_id not in asked)
    start_s = min(route.visits[0].departure_s for route in before.plan.routes)
    made = replan(store, earlier, Heard(start_s, urgent=(urgent,)), roads=open_roads(settings))
    assert any(urgent in route.stop_ids for route in made.plan.plan.routes)
    assert urgent in {change.stop_id for change, _ in made.changes}


def test_a_container_that_could_wait_is_put_on_a_round_by_hand(
    settings: Settings, store: Store
) -> None:
    (earlier,) = plans.ids(store)
    before, lines = plans.get(store, earlier), RouteLines(settings.roads)
    asked = {stop.id for stop in from_bytes(plans.problem(store, earlier)).stops}
    truck = max(before.plan.routes, key=lambda route: len(route.stop_ids)).vehicle_id
    fractions = {v.id: v.fractions for v in fleets.get(store)[1].vehicles}[truck]
    known = {c.id: c for c in containers.every(store)}
    aside = [c.container_id for c in before.choices if c.container_id not in asked]
    left = [ref for ref in aside if known[ref].fraction in fractions]
    told = edit_plan(store, earlier, Edit(left[0], truck), lines=lines)
    assert told.length_change_m > 0
    assert plans.ids(store) == (earlier,)

    kept = edit_plan(store, earlier, Edit(left[0], truck), keep=True, lines=lines)
    assert kept.plan is not None
    choice = kept.plan.choice_of(left[0])
    assert (choice.verdict, choice.reason) == (Verdict.CHOSEN, ReasonCode.BY_HAND)
    # The way to it is the one that a plan which was asked about it would have measured.
    problem = from_bytes(plans.problem(store, kept.plan.id))
    assert kept.edited.violations == check(problem, kept.plan.plan)
    # Another one follows, and the first can be taken off again.
    more = edit_plan(store, kept.plan.id, Edit(left[1], truck), keep=True, lines=lines)
    assert more.plan is not None
    off = edit_plan(store, more.plan.id, Edit(left[0]), keep=True, lines=lines)
    assert off.plan is not None
    served = {ref for route in off.plan.plan.routes for ref in route.stop_ids}
    assert (left[0] in served, left[1] in served) == (False, True)


def test_without_roads_a_container_that_could_wait_cannot_be_measured(store: Store) -> None:
    (earlier,) = plans.ids(store)
    asked = {stop.id for stop in from_bytes(plans.problem(store, earlier)).stops}
    left = next(c.container_id for c in plans.get(store, earlier).choices
                if c.container_id not in asked)  # fmt: skip
    with pytest.raises(BadInput, match="cannot be measured"):
        edit_plan(store, earlier, Edit(left, "KW-1"))


def test_all_that_is_not_known_is_told_at_once(store: Store) -> None:
    (earlier,) = plans.ids(store)
    with pytest.raises(BadInput) as caught:
        replan(store, earlier, Heard(36_000, broken=("no-truck",), urgent=("nothing",)))
    assert [fault.field for fault in caught.value.faults] == ["broken", "urgent"]


def test_a_hand_edit_is_told_and_kept_only_if_asked(store: Store) -> None:
    (earlier,) = plans.ids(store)
    before = plans.get(store, earlier)
    route = max(before.plan.routes, key=lambda r: len(r.stop_ids))
    told = edit_plan(store, earlier, Edit(route.stop_ids[0]))
    assert told.plan is None
    assert plans.ids(store) == (earlier,)
    kept = edit_plan(store, earlier, Edit(route.stop_ids[0]), keep=True)
    assert kept.edited.plan == told.edited.plan
    assert kept.plan is not None
    after = plans.get(store, kept.plan.id)
    assert after.engine.endswith("edited by hand")
    assert after.choice_of(route.stop_ids[0]).unserved is UnservedCode.BY_HAND
