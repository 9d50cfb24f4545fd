"""Rounds that crews know are left only where it pays, and the plan says where and why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from city.changes import Change, ChangeKind, change_text
from city.plan import Choice, Plan, ReasonCode, Verdict
from city.wording import NBSP
from routing.archive import from_bytes, to_bytes
from routing.check import check, cost_cents
from routing.deviations import changes, deviation_cents, kept
from routing.familiar import Familiar, KnownRoute
from routing.faults import faults
from routing.json_form import problem_to_json, read_problem
from routing.problem import Problem
from routing.solve import solve
from tests import worlds

ROW = [(0, 0), (9_000, 0), (0, 9_000), *((1_000 * n, 0) for n in range(1, 9))]
"""Depot, site, second site, and eight stops on the way to the site."""


def row(trucks: int = 1) -> Problem:
    stops = [worlds.stop(n, weight_kg=100) for n in range(1, 9)]
    fleet = [worlds.truck(n) for n in range(1, trucks + 1)]
    return worlds.on_a_plane(ROW, stops, fleet, [worlds.site()])


def known(*routes: str, **prices: int) -> Familiar:
    """Return known routes from stop numbers such as ``"321"``, truck by truck."""
    named = (tuple(f"stop-{number}" for number in route) for route in routes)
    return Familiar(tuple(KnownRoute(f"truck-{n}", r) for n, r in enumerate(named, 1)), **prices)


def planned(problem: Problem, familiar: Familiar | None) -> Plan:
    asked = problem.replace(familiar=familiar)
    plan = solve(asked, seconds=60, solutions=300)
    assert check(asked, plan) == ()
    return plan


def test_an_order_that_costs_little_more_is_kept() -> None:
    usual = known("13245678")
    free, plan = planned(row(), None), planned(row(), replace(usual, succession_cents=5_000))
    assert plan.routes[0].stop_ids == usual.routes[0].stop_ids
    assert free.routes[0].stop_ids != usual.routes[0].stop_ids
    assert kept(usual, plan).succession_share == 1.0
    assert kept(usual, free).successions < kept(usual, free).of_successions


def test_an_order_is_left_where_its_price_is_less_than_what_that_saves() -> None:
    usual = known("81726354", succession_cents=10)
    length_m = planned(row(), usual).routes[0].length_m
    assert length_m == planned(row(), None).routes[0].length_m


def test_stops_stay_on_their_own_truck() -> None:
    usual = known("1357", "2468", truck_cents=100_000, succession_cents=0)
    plan = planned(row(2), usual)
    assert kept(usual, plan).pair_share == 1.0
    assert {len(route.stop_ids) for route in plan.routes} == {4}
    assert len(planned(row(2), None).routes) == 1


def test_what_a_plan_costs_is_told_without_the_price_of_deviating() -> None:
    plan = planned(row(), None)
    asked = row().replace(familiar=known("81726354"))
    assert cost_cents(asked, plan) == cost_cents(row(), plan)
    assert deviation_cents(asked, plan) > 0
    assert deviation_cents(row(), plan) == 0


def test_every_stop_that_is_served_otherwise_is_told_with_what_it_saves() -> None:
    today = row(2)
    today = today.replace(stops=today.stops[:6])
    plan = planned(today, None)
    (route,) = plan.routes
    other = "truck-2" if route.vehicle_id == "truck-1" else "truck-1"
    usual = Familiar(
        (KnownRoute(other, ("stop-1", "stop-8")), KnownRoute(route.vehicle_id, route.stop_ids[1:5]))
    )
    told = {c.stop_id: c for c in changes(today.replace(familiar=usual), plan)}
    new = next(ref for ref in route.stop_ids if ref != "stop-1" and ref not in route.stop_ids[1:5])
    assert told[new] == Change(new, ChangeKind.ADDED, "", route.vehicle_id, 0)
    assert told["stop-8"].kind is ChangeKind.NOT_ASKED
    if "stop-1" not in route.stop_ids[1:5]:
        assert told["stop-1"].kind is ChangeKind.MOVED


def test_a_stop_that_is_left_out_says_what_that_saves() -> None:
    plan = planned(worlds.worth_it_or_not(), None)
    asked = worlds.worth_it_or_not().replace(familiar=known("123"))
    (told,) = changes(asked, plan)
    assert (told.stop_id, told.kind, told.usual_vehicle_id) == (
        "stop-3",
        ChangeKind.LEFT_OUT,
        "truck-1",
    )
    assert told.saved_m is not None
    assert told.saved_m >= 80_000


def test_without_known_rounds_nothing_is_a_change() -> None:
    assert changes(row(), planned(row(), None)) == ()


def test_changes_are_worded_with_fill_and_distance() -> None:
    choice = Choice("c", Verdict.SKIP, ReasonCode.RISK_IS_SMALL, 0.82, 0.7, 0.9, 0.1, 80, 800, 100)
    change = Change("c", ChangeKind.MOVED, "kraan-1", "kraan-2", 3_140)
    assert change_text(change, "nl", choice) == (
        f"Van kraan-1 naar kraan-2: 82{NBSP}% verwacht vol, scheelt 3,1 km."
    )
    assert change_text(change, "en", choice) == (
        f"From kraan-1 to kraan-2: 82{NBSP}% expected full, saves 3.1 km."
    )
    added = Change("c", ChangeKind.ADDED, "", "kraan-2", -400)
    assert change_text(added, "en") == "Added to kraan-2: costs 0.4 km."


@pytest.mark.parametrize("kind", ChangeKind)
def test_every_change_has_words_in_both_languages(kind: ChangeKind) -> None:
    change = Change("c", kind, "one", "two")
    assert change_text(change, "nl") != change_text(change, "en")


def test_a_stop_with_two_known_places_is_a_fault() -> None:
    found = faults(row().replace(familiar=known("12", "23")))
    assert [(fault.code, fault.value) for fault in found] == [("familiar-stop-twice", "stop-2")]


def test_known_rounds_survive_files(tmp_path: Path) -> None:
    asked = row().replace(familiar=known("12", "3"))
    file = tmp_path / "problem.json"
    file.write_text(problem_to_json(asked), encoding="utf-8")
    assert read_problem(file).familiar == asked.familiar
    assert from_bytes(to_bytes(asked)).familiar == asked.familiar
